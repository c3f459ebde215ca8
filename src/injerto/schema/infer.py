"""A table to a draft schema, with the reason for every guess."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from injerto.errors import ColumnError, SchemaError, did_you_mean
from injerto.schema.bags import bag_in
from injerto.schema.copies import copies, says_the_same
from injerto.schema.facts import Facts, facts_of, known
from injerto.schema.guess import Guess
from injerto.schema.guess_clips import clips_in
from injerto.schema.guess_input import guess_input
from injerto.schema.guess_media import files_found, guess_media
from injerto.schema.guess_target import guess_target
from injerto.schema.kinds import wrong_kind
from injerto.schema.schema import Input, InputKind, Schema, Split, Target
from injerto.table.split_column import WORDS
from injerto.table.table import Table

LEFT_OUT = "left out as you asked"
DECLARED = "declared"
GROUP_ROLE = "says which rows belong together; as an input it would not help with new groups"
_SPLIT_COLUMN = "split"


def infer(
    table: Table,
    *,
    targets: Mapping[str, str | None],
    inputs: Mapping[str, str | None] | None = None,
    drop: Collection[str] = (),
    group: str | None = None,
    time: str | None = None,
    split_column: str | None = None,
) -> Schema:
    """Guess what is not declared. `targets` and `inputs` map columns to their kind, None where it is to be guessed.

    Columns that teach nothing, or tell the answer, go into `dropped` with the reason; an input that is declared stays.

    *Raises* ColumnError naming every column that is not there; SchemaError when a kind is wrong or contradicts another, with
    these and the columns that are not there.
    """
    asked = dict(inputs or {})
    named = [*targets, *asked, *drop, *(name for name in (group, time, split_column) if name is not None)]
    _refuse(_absent(table, named), _contradictions(targets, asked, drop), table)
    facts = facts_of(table)
    if split_column is None and group is None and time is None:
        split_column = _split_column(table, facts, {*targets, *asked, *drop})
    roles = {name: reason for name, reason in _split_roles(group, time, split_column) if name not in asked}
    if group in roles and guess_media(table.column(group), facts[group]) is not None:
        del roles[group]  # files that keep their rows together are still there to be looked at
    dropped = dict.fromkeys(drop, LEFT_OUT) | {name: reason for name, reason in roles.items() if name not in targets}
    guesses = {
        name: guess_input(table.column(name), facts[name])
        for name in table.columns
        if name not in targets and name not in dropped and asked.get(name) is None
    }
    _give_up_missing_files(table, guesses, asked)
    clips = clips_in(table, guesses, asked, {*targets, *asked, *dropped}, facts)
    guesses |= clips.guesses if clips else {}
    _refuse_unclear(guesses, asked)
    _give_up_copies(table, guesses, asked, facts)
    drafts = {name: _target(table, name, kind, facts[name]) for name, kind in targets.items()}
    _give_up_leaks(table, guesses, asked, drafts, facts)
    options: dict[str, dict[str, Any]] = {
        name: {"kind": guess.kind, "reason": guess.reason, **guess.options} for name, guess in guesses.items() if guess.kind
    }
    options |= {name: _asked(table, name, kind, facts[name]) for name, kind in asked.items() if kind}
    if clips:
        reason = options[clips.column]["reason"] + clips.reason
        options[clips.column] |= clips.options | {"reason": reason}
    return Schema(
        targets=drafts,
        inputs={name: Input(**options[name]) for name in table.columns if name in options},
        dropped=dropped | {name: guess.reason for name, guess in guesses.items() if guess.kind is None},
        split=Split(column=split_column, group=group, time=time),
    )


def _absent(table: Table, names: Iterable[str]) -> list[str]:
    """A sentence for every column that is not there, with the nearest."""
    missing = [name for name in dict.fromkeys(names) if name not in table.columns]
    return [f"The table {table.name} has no column '{name}'.{did_you_mean(name, table.columns)}" for name in missing]


def _contradictions(targets: Mapping[str, str | None], inputs: Mapping[str, str | None], drop: Collection[str]) -> list[str]:
    """A sentence for every wrong kind and every column that is asked to be two things."""
    problems = [wrong_kind(name, kind, "target") for name, kind in targets.items() if kind is not None]
    problems += [wrong_kind(name, kind, "input") for name, kind in inputs.items() if kind is not None]
    twice = "Column '{}' is asked to be {} and {}. Keep one of the two."
    problems += [twice.format(name, "a target", "an input") for name in targets if name in inputs]
    problems += [twice.format(name, "a target", "left out") for name in targets if name in drop]
    problems += [twice.format(name, "an input", "left out") for name in inputs if name in drop]
    return [problem for problem in problems if problem]


def _refuse(absent: list[str], contradictions: list[str], table: Table) -> None:
    """*Raises* one error with all of it: who mends one slip a round loses patience."""
    columns = f"Its columns: {', '.join(table.columns[:50])}."
    if contradictions:
        raise SchemaError([*absent[:-1], *(f"{last} {columns}" for last in absent[-1:]), *contradictions])
    if absent:
        raise ColumnError("\n".join([*absent, columns]))


def _split_roles(group: str | None, time: str | None, split_column: str | None) -> list[tuple[str, str]]:
    roles = [
        (group, GROUP_ROLE),
        (time, "orders the rows for the split; the times to come are never seen in training"),
        (split_column, "says which rows train, tune and test"),
    ]
    return [(name, reason) for name, reason in roles if name is not None]


def _split_column(table: Table, facts: Mapping[str, Facts], taken: Collection[str]) -> str | None:
    """A column named split that holds nothing but sides, as a folder with train and test in it gives."""
    if _SPLIT_COLUMN not in table.columns or _SPLIT_COLUMN in taken or facts[_SPLIT_COLUMN].missing:
        return None
    words = {str(word).lower() for word in known(table.frame[_SPLIT_COLUMN]).unique()}
    return _SPLIT_COLUMN if len(words) >= 2 and words <= set(WORDS) else None


def _asked(table: Table, name: str, kind: str, facts: Facts) -> dict[str, Any]:
    """The options of an input whose kind is declared: its separator is still to be found."""
    bag = bag_in(table.column(name), facts) if kind == "categories" else None
    return {"kind": kind, "reason": DECLARED} | ({"separator": bag.separator} if bag else {})


def _target(table: Table, name: str, kind: Any, facts: Facts) -> Target:
    if kind is not None:
        return Target(kind=kind, reason=DECLARED)
    guess = guess_target(table.column(name), facts)
    return Target.model_validate({"kind": guess.kind or "class", "reason": guess.reason, **guess.options})


def _give_up_missing_files(table: Table, guesses: dict[str, Guess[InputKind]], asked: Collection[str]) -> None:
    """Beside a column whose files are there, a column of file names that lead nowhere is a mere note."""
    media = [name for name, guess in guesses.items() if guess.kind in ("image", "sound")]
    there = {name: files_found(table.column(name))[0] > 0 for name in media if guesses[name].reason.startswith("names")}
    if any(there.get(name, True) for name in media):
        for name in there:
            if not there[name] and name not in asked:
                guesses[name] = Guess(None, guesses[name].reason)


def _refuse_unclear(guesses: Mapping[str, Guess[InputKind]], asked: Collection[str]) -> None:
    """*Raises* SchemaError for inputs asked for without a kind, for which none can be guessed."""
    unclear = [name for name in asked if name in guesses and guesses[name].kind is None]
    if unclear:
        raise SchemaError([f"Input '{name}': {guesses[name].reason}. Say its kind to use it all the same." for name in unclear])


def _give_up_copies(
    table: Table, guesses: dict[str, Guess[InputKind]], asked: Collection[str], facts: Mapping[str, Facts]
) -> None:
    used = [*asked, *(name for name, guess in guesses.items() if guess.kind and name not in asked)]
    for name, twin in copies(table, used, facts).items():
        if name not in asked:
            guesses[name] = Guess(None, f"the same cells as column '{twin}'")


def _give_up_leaks(
    table: Table,
    guesses: dict[str, Guess[InputKind]],
    asked: Collection[str],
    targets: Mapping[str, Target],
    facts: Mapping[str, Facts],
) -> None:
    """Leave out inputs that are a target in other words, unless nothing else would be left to learn from."""
    used = [name for name, guess in guesses.items() if guess.kind and name not in asked]
    told = {
        name: f"tells the answer: it {words} ('{target}'); declare it as an input if it is known before the answer is"
        for target in targets
        for name in used
        if guesses[name].kind not in ("image", "sound") and (words := says_the_same(table, facts[name], facts[target]))
    }
    if asked or len(told) < len(used):
        guesses.update({name: Guess(None, reason) for name, reason in told.items()})

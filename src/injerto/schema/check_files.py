"""Problems of the files that photo and sound columns name: not there, not readable, or odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from injerto.errors import MediaError
from injerto.progress import Progress
from injerto.schema.check_clips import cells_of, has_clips
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.guess_media import files_found
from injerto.schema.named_twice import named_twice
from injerto.schema.odd_files import odd_files
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.media import media_name
from injerto.table.oddities import Oddity, hear, look
from injerto.table.table import Table

CLIP_SECONDS = 600.0
"""So much of a clip is read, unless its length is declared: one that starts in a day of sound and has no end is a day long."""
_REASONS_NAMED = 3
_LONGEST_NAME = 1000

MediaKind = Literal["image", "sound"]


def media_columns(schema: Schema, facts: Mapping[str, Facts]) -> dict[str, MediaKind]:
    """The photo and sound inputs that are in the table and can hold files."""
    return {
        name: declared.kind
        for name, declared in schema.inputs.items()
        if declared.kind in ("image", "sound")
        and name in facts
        and facts[name].family in ("text", "media")
        and facts[name].known
    }


def check_names(schema: Schema, table: Table, facts: Mapping[str, Facts], *, look_for_files: bool) -> Iterator[Problem]:
    """Files that are nowhere to be found (some are looked for), and files that are named in several rows. Opens nothing."""
    for name in media_columns(schema, facts):
        if facts[name].family != "text":
            continue
        column = table.column(name)
        clips = has_clips(schema.inputs[name], facts)
        if look_for_files and facts[name].characters < _LONGEST_NAME:  # longer cells are grey levels, not names
            found, tried = files_found(column)
            if not found:
                yield Problem(
                    "error",
                    name,
                    f"Input '{name}': none of {counted(tried, 'file')} looked for exists, such as '{facts[name].example}'. "
                    f"Paths start from {table.folder}.",
                )
                continue
        if clips or facts[name].distinct < facts[name].known:
            yield from named_twice(schema, table, name, facts)


def check_contents(
    schema: Schema, table: Table, facts: Mapping[str, Facts], progress: Progress
) -> tuple[list[Problem], Ledger]:
    """Read every file once, as training would: a problem a column, an entry in the ledger for every bad file."""
    problems: list[Problem] = []
    ledger = Ledger()
    for name, kind in media_columns(schema, facts).items():
        declared = schema.inputs[name]
        column, bad = cells_of(table, name, declared, facts), Ledger()
        filled = known(table.frame[name]).is_not_null().arg_true().to_list()
        noun = "clip" if has_clips(declared, facts) else "file"
        odd = _read(column, filled, kind, declared.clip_seconds or CLIP_SECONDS, bad, progress)
        ledger.extend(bad)
        problems += odd_files(column, odd, noun, facts[name].known)
        if not len(bad):
            continue
        none_left = len(bad) == facts[name].known
        cells = f"{'all' if none_left else f'{len(bad):,} of'} {counted(facts[name].known, noun)}"
        rest = "There is nothing to learn from." if none_left else "Their rows will not be used."
        problems.append(
            Problem(
                "error" if none_left else "warning", name, f"Input '{name}': {cells} cannot be read: {_listed(bad)}. {rest}"
            )
        )
    return problems, ledger


def _listed(bad: Ledger) -> str:
    """The commonest reasons with their counts. Reasons that differ in figures only, after a colon, are one."""
    alike: dict[str, list[str]] = {}
    for reason, count in bad.reasons().items():
        alike.setdefault(reason.split(": ")[0], []).extend([reason] * count)
    kinds = sorted(alike.values(), key=len, reverse=True)
    named = [
        f"{kind[0]} ({len(kind):,})" if len(set(kind)) == 1 else f"{kind[0]} ({len(kind):,} like this)"
        for kind in kinds[:_REASONS_NAMED]
    ]
    more = f"; and {len(kinds) - _REASONS_NAMED} other reasons" if len(kinds) > _REASONS_NAMED else ""
    return "; ".join(named) + more


def _read(
    column: Column, filled: list[int], kind: MediaKind, most_seconds: float, ledger: Ledger, progress: Progress
) -> dict[Oddity, list[int]]:
    """Read the cells at `filled`: what cannot be read goes to the ledger; what is odd is returned, by what it is.

    Decoding leaves the lock, so threads help.
    """
    odd: dict[Oddity, list[int]] = {}

    def read(index: int) -> tuple[int, str, list[Oddity]]:
        cell, row = column.cell(index), column.row(index)
        try:
            if kind == "sound":
                return index, "", hear(cell, column.folder, row=row, most_seconds=most_seconds)
            return index, "", look(cell, column.folder, row=row)
        except MediaError as error:
            return index, error.reason, []

    with (
        progress.step(f"opening the files of '{column.name}'", len(filled)) as step,
        ThreadPoolExecutor(column.readers(None)) as pool,
    ):
        for index, reason, oddities in pool.map(read, filled):
            if reason:
                ledger.add(column.row(index), column.name, media_name(column.cell(index)), reason)
            for oddity in oddities:
                odd.setdefault(oddity, []).append(index)
            step.advance()
    return odd

"""Whether columns beside a column of sounds hold the times of clips of its files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from injerto.schema.facts import Facts
from injerto.schema.guess import Guess
from injerto.schema.guess_media import guess_media
from injerto.schema.schema import InputKind
from injerto.table.clips import seconds_of
from injerto.table.span import END, START
from injerto.table.table import Table

_ENDS = {START: ("start", "from"), END: ("end", "to")}


@dataclass(frozen=True)
class Clips:
    """The column of sounds that has clips, and what follows for it and for the columns of times."""

    column: str
    reason: str
    """To go on behind the reason for the column's kind."""
    options: dict[str, Any]
    guesses: dict[str, Guess[InputKind]] = field(default_factory=dict)


def clips_in(
    table: Table,
    guesses: Mapping[str, Guess[InputKind]],
    asked: Mapping[str, str | None],
    spoken_for: Collection[str],
    facts: Mapping[str, Facts],
) -> Clips | None:
    """Columns start_s and end_s beside the only column of paths to sounds are its times, unless they are spoken for.

    One recording in every row is no constant, once there are clips.
    """
    times = [
        name for name in (START, END) if name in table.columns and name not in spoken_for and _are_times(table, facts[name])
    ]
    sounds = {name: guess for name, guess in guesses.items() if guess.kind == "sound"}
    sounds |= {name: Guess("sound", "declared") for name, kind in asked.items() if kind == "sound"}
    for name, guess in guesses.items() if times else ():
        if guess.kind is None and facts[name].distinct == 1:
            found = guess_media(table.column(name), facts[name])
            if found is not None and found.kind == "sound":
                sounds[name] = found
    sounds = {name: guess for name, guess in sounds.items() if facts[name].family == "text"}
    if len(sounds) != 1 or not times:
        return None
    column, guess = next(iter(sounds.items()))
    words = " ".join(f"{_ENDS[name][1]} '{name}'" for name in times)
    left_out: dict[str, Guess[InputKind]] = {
        name: Guess(None, f"says where the clips of '{column}' {_ENDS[name][0]}, in seconds") for name in times
    }
    own = {} if asked.get(column) else {column: guess}
    return Clips(column, f"; clips of them {words}", {_ENDS[name][0]: name for name in times}, left_out | own)


def _are_times(table: Table, facts: Facts) -> bool:
    """Numbers, or text that is nearly always a number of seconds; at least one cell is filled."""
    if not facts.known or facts.family not in ("number", "text"):
        return False
    seconds = seconds_of(table.column(facts.name))
    return int(seconds.is_nan().sum()) <= facts.known / 2

"""Which photos may enter a gallery: each once, under one individual; what was left out, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from shlex import quote

import numpy as np
import polars as pl

from injerto.schema.spellings import spellings

_SHOWN = 5


@dataclass(frozen=True)
class Accepted:
    """The rows that enter, by their position among the new ones, and what is to be said of the others."""

    rows: np.ndarray
    notes: list[str]
    """Nothing to be done about."""
    problems: list[str]
    """To be looked at by a person, each with what to do."""


def accept(known: pl.DataFrame, new: pl.DataFrame) -> Accepted:
    """Compare `new` photos with those `known`; both are tables as `photo_table` makes them.

    A photo is told by its digest. Under its own individual again it is passed over; under another it is refused, as only
    a person can say whose it is. Two spellings of one name both enter, and are told.
    """
    holders = dict(zip(known["digest"], known["individual"], strict=True))
    kept: list[int] = []
    again: list[str] = []
    problems: list[str] = []
    for row, (name, photo, digest) in enumerate(new.select("individual", "photo", "digest").iter_rows()):
        if name is None:
            problems.append(f"The photo '{photo}' names no individual and was not added. Write its name in the table.")
        elif digest is None:
            problems.append(f"The photo '{photo}' of '{name}' has no digest and was not added.")
        elif digest not in holders:
            holders[digest] = name
            kept.append(row)
        elif holders[digest] == name:
            again.append(photo)
        else:
            problems.append(
                f"The photo '{photo}' of '{name}' is in the gallery as one of '{holders[digest]}' and was not added again. "
                f"If both are one individual, join them: injerto gallery rename MODEL {quote(holders[digest])} {quote(name)}; "
                "if the gallery is wrong, remove the photo from it first."
            )
    notes = [f"{_counted(again)} in the gallery already and passed over: {listed(again)}."] if again else []
    entered = new["individual"].gather(kept)
    return Accepted(np.array(kept, dtype=np.int64), notes, problems + two_spellings(known["individual"], entered))


def two_spellings(known: Iterable[str], entered: Iterable[str]) -> list[str]:
    """A sentence for each group of names that differ only in case or outer punctuation and of which one has just entered."""
    before, fresh = set(known), set(entered)
    groups = spellings(before | fresh)
    return [
        _apart(sorted(group, key=lambda name: name not in before)) for group in groups if fresh.difference(before) & {*group}
    ]


def _apart(group: list[str]) -> str:
    """What to do about names of one word, those that the gallery had first."""
    names = " and ".join(f"'{name}'" for name in group)
    return (
        f"{names} differ only in case or punctuation and are kept apart. If they are one individual, join them: "
        f"injerto gallery rename MODEL {quote(group[1])} {quote(group[0])}."
    )


def listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _counted(photos: list[str]) -> str:
    return "1 photo is" if len(photos) == 1 else f"{len(photos):,} photos are"

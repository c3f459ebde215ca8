"""Near-duplicates among the photos and the sounds of a table: rows that would leak if they stood on two sides of a split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from injerto.errors import ColumnError, MediaError, TableError
from injerto.large_array import large_array
from injerto.progress import Progress, Silent
from injerto.schema.guess import counted
from injerto.schema.kept_prints import CHUNK, KeptPrints
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.alike_pictures import SIDE
from injerto.table.clip_print import LONGEST_SECONDS, RATE_HZ, ClipPrint, clip_print
from injerto.table.clips import clip_column
from injerto.table.column import Column
from injerto.table.many_clips import MANY, ManyClips
from injerto.table.media import media_name, read_pixels, read_samples
from injerto.table.near_clips import near_clip_pairs
from injerto.table.near_duplicates import alike_pairs, groups_of_pairs, photo_hash
from injerto.table.table import Table

Print = TypeVar("Print")
Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Of prints: first and second of each pair, and their likeness."""


@dataclass(frozen=True)
class Twins:
    """Places (P,) in the table, `first` < `second`, of rows whose files in `column` are near-duplicates."""

    column: Column
    noun: str
    first: np.ndarray
    second: np.ndarray
    likeness: np.ndarray
    """(P,), up to 1."""

    @property
    def groups(self) -> np.ndarray:
        """Group numbers (N,) of the rows; -1 for one like no other."""
        return groups_of_pairs(len(self.column), self.first, self.second)

    @property
    def words(self) -> str:
        """How many there are, with the likest pair of two files."""
        files = [media_name(self.column.cell(row)) for row in range(len(self.column))]
        order = sorted(range(len(self.first)), key=lambda pair: (files[self.first[pair]] == files[self.second[pair]], pair))
        one, other = int(self.first[order[0]]), int(self.second[order[0]])
        rows = f"rows {self.column.row(one)} and {self.column.row(other)}"
        found = len(np.unique(np.concatenate([self.first, self.second])))
        return (
            f"{found:,} of {counted(len(self.column), self.noun)} in '{self.column.name}' are near-duplicates of others, "
            f"such as '{files[one]}' and '{files[other]}' ({rows})"
        )


def twins_in(schema: Schema, table: Table, progress: Progress, kept: Path | None = None) -> list[Twins]:
    """Those of each column of photos or sounds that has any; none where the split says that no rows belong together.

    Every file is read once, in a run that was killed too where its folder `kept` holds what was seen. What cannot be read is
    like nothing (the ledger will name it later).
    """
    if schema.split.no_group:
        return []
    found = []
    for place, (name, item) in enumerate(schema.inputs.items()):
        if item.kind in _LOOK and name in table.columns:
            prints = KeptPrints(None if kept is None else kept / f"prints{place}")
            twins = _LOOK[item.kind](table, name, schema, prints, progress)
            if len(twins.first):
                found.append(twins)
    return found


def twin_problems(schema: Schema, table: Table, found: list[Twins]) -> Iterator[Problem]:
    """A note a column, and a warning where near-duplicates have different answers."""
    for twins in found:
        name = twins.column.name
        yield Problem(
            "note", name, f"{twins.words}. They stay on one side of the split; --no-group divides all rows by chance."
        )
        for target, declared in schema.answered.items():
            if declared.kind != "number" and target in table.columns:
                words = torn_labels(twins, table.frame[target], target)
                if words:
                    yield Problem("warning", name, words)


def torn_labels(twins: Twins, labels: pl.Series, target: str) -> str:
    """In words, how many pairs of near-duplicates have two answers; empty where none has."""
    said = labels.cast(pl.String).to_list()
    torn = [
        (one, other)
        for one, other, likeness in zip(twins.first.tolist(), twins.second.tolist(), twins.likeness.tolist(), strict=True)
        if likeness < 1  # the same file, or the same clip, twice is told by itself
        and said[one] is not None
        and said[other] is not None
        and said[one] != said[other]
    ]
    if not torn:
        return ""
    one, other = torn[0]
    names = [media_name(twins.column.cell(place)) for place in (one, other)]
    return (
        f"Input '{twins.column.name}': near-duplicate {twins.noun}s have different answers in '{target}' in "
        f"{counted(len(torn), 'case')}, such as '{names[0]}': '{said[one]}' and '{names[1]}': '{said[other]}' (rows "
        f"{twins.column.row(one)} and {twins.column.row(other)}). Correct the labels."
    )


def _photos(table: Table, name: str, schema: Schema, kept: KeptPrints, progress: Progress) -> Twins:
    column = table.column(name)
    pictures = large_array((len(column), SIDE, SIDE), 0, f"Thumbnails of {len(column):,} photos", kept.folder)
    places: list[int] = []
    for start, found in _prints(column, "photos", _photo, kept, progress):
        for place, one in enumerate(found, start):
            if one is not None:
                pictures[len(places)] = one.reshape(SIDE, SIDE)
                places.append(place)
    moved = schema.individual is None
    return _twins(column, "photo", places, kept, progress, lambda: alike_pairs(pictures[: len(places)], moved=moved))


def _sounds(table: Table, name: str, schema: Schema, kept: KeptPrints, progress: Progress) -> Twins:
    column, item = table.column(name), schema.inputs[name]
    with suppress(ColumnError, TableError):  # times that are none: the check says so by itself, and files are looked at whole
        column = clip_column(table, name, start=item.start, end=item.end)
    few = len(column) <= MANY
    there: list[ClipPrint] = []
    many = ManyClips(f"Prints of {len(column):,} sounds", kept.folder)
    places: list[int] = []
    for start, found in _prints(column, "sounds", _sound, kept, progress):
        for place, one in enumerate(found, start):
            if one is not None:
                (there.append if few else many.add)(one)
                places.append(place)
    return _twins(column, "sound", places, kept, progress, lambda: near_clip_pairs(there) if few else many.pairs())


def _twins(
    column: Column, noun: str, places: list[int], kept: KeptPrints, progress: Progress, find: Callable[[], Pairs]
) -> Twins:
    """What `find` finds among the cells at `places`, or what an earlier run found."""
    index = np.array(places, dtype=np.int64)
    pairs = kept.pairs(index)
    if pairs is None:
        watching = progress if len(places) > CHUNK else Silent()  # fewer are compared at once
        with watching.step(f"comparing {noun}s", 1) as bar:
            pairs = find()
            bar.advance()
        kept.keep_pairs(index, *pairs)
    first, second, likeness = pairs
    return Twins(column, noun, index[first], index[second], likeness)


def _photo(cell: object, column: Column) -> np.ndarray | None:
    return photo_hash(read_pixels(cell, column.folder, shortest=64))


def _sound(cell: object, column: Column) -> ClipPrint | None:
    return clip_print(read_samples(cell, column.folder, rate_hz=RATE_HZ, most_seconds=LONGEST_SECONDS))


def _prints(
    column: Column, noun: str, make: Callable[[object, Column], Print | None], kept: KeptPrints, progress: Progress
) -> Iterator[tuple[int, list[Print | None]]]:
    """What is kept of each cell, chunk by chunk with the place of its first; None where there is nothing to be read."""

    def read(index: int) -> Print | None:
        cell = column.cell(index)
        try:
            return None if cell is None else make(cell, column)
        except MediaError:
            return None

    with (
        progress.step(f"looking for near-duplicate {noun}", len(column)) as bar,
        ThreadPoolExecutor(column.readers(None)) as pool,  # decoding leaves the lock
    ):
        for number, first in enumerate(range(0, len(column), CHUNK)):
            rows = range(first, min(first + CHUNK, len(column)))
            found: list[Print | None] | None = kept.chunk(number)
            if found is None:
                found = []
                for one in pool.map(read, rows):
                    found.append(one)
                    bar.advance()
                kept.keep(number, found)
            else:
                bar.advance(len(rows))
            yield first, found


_LOOK: dict[str, Callable[[Table, str, Schema, KeptPrints, Progress], Twins]] = {"image": _photos, "sound": _sounds}

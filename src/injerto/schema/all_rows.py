"""What of a table too long for memory is counted over all its rows; everything else a check says is of its sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from injerto.progress import Progress
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.long_table import LongTable

_CLASSES_NAMED = 5
_MOST_CLASSES = 100_000
"""Of a target with more of them it is not said which the sample lacks."""


@dataclass
class AllRows:
    """Counts over every row of a long table."""

    long: LongTable
    missing: Counter[str] = field(default_factory=Counter)
    """Empty cells by column."""
    nothing: int = 0
    """Rows in which every input is empty."""
    classes: dict[str, Counter[str]] = field(default_factory=dict)
    """Rows of each class, by target of one class."""

    def facts(self, of_sample: Mapping[str, Facts]) -> dict[str, Facts]:
        """The facts of the sample, with the rows and the empty cells of the whole table."""
        return {name: replace(fact, rows=len(self.long), missing=self.missing[name]) for name, fact in of_sample.items()}

    def problems(self) -> Iterator[Problem]:
        """What the sample alone would not tell."""
        long, drawn = self.long, len(self.long.sample)
        if drawn < len(long):
            yield Problem(
                "note",
                "",
                f"The table has {len(long):,} rows, too many for the memory. Empty cells, cells of another type and classes "
                f"are counted in all of them; all else is of {drawn:,} rows drawn at random.",
            )
        for words in long.strange_words():
            yield Problem("warning", "", words)
        if self.nothing:
            yield Problem("warning", "", f"No input holds anything in {counted(self.nothing, 'row')} of {len(long):,}.")
        for name, rows in self.classes.items():
            yield from _undrawn(name, rows, set(_words(long.sample.frame[name]).drop_nulls().to_list()))


def count_all(schema: Schema, long: LongTable, progress: Progress) -> AllRows:
    """One pass over all rows."""
    found = AllRows(long)
    there = set(long.columns)
    inputs = [name for name in schema.inputs if name in there]
    targets = [name for name, target in schema.answered.items() if target.kind == "class" and name in there]
    found.classes = {name: Counter() for name in targets}
    with progress.step("counting", len(long)) as bar:
        for piece in long.pieces():
            empty = {column.name: known(column).is_null() for column in piece.frame}
            found.missing.update({name: int(cells.sum()) for name, cells in empty.items()})
            if inputs:
                found.nothing += int(
                    pl.DataFrame([empty[name] for name in inputs]).select(pl.all_horizontal(pl.all())).sum().item()
                )
            for name in targets:
                found.classes[name].update(_rows_of_classes(piece.frame[name]))
            bar.advance(len(piece))
    found.classes = {name: rows for name, rows in found.classes.items() if len(rows) <= _MOST_CLASSES}
    return found


def _rows_of_classes(labels: pl.Series) -> dict[str, int]:
    counts = _words(labels).drop_nulls().value_counts()
    return dict(counts.iter_rows())


def _words(labels: pl.Series) -> pl.Series:
    return known(labels).cast(pl.String)


def _undrawn(name: str, rows: Counter[str], drawn: set[str]) -> Iterator[Problem]:
    """Classes that no row of the sample has: training takes the classes from there, and would not learn them."""
    lacking = [(word, count) for word, count in rows.most_common() if word not in drawn]
    if not lacking:
        return
    few = ", ".join(f"'{word}' ({count:,})" for word, count in lacking[:_CLASSES_NAMED])
    more = f" and {len(lacking) - _CLASSES_NAMED:,} more" if len(lacking) > _CLASSES_NAMED else ""
    yield Problem(
        "warning",
        name,
        f"Target '{name}' has {counted(len(lacking), 'class', 'classes')} that none of the drawn rows has, and that would not "
        f"be learned (rows in brackets): {few}{more}.",
    )

"""How unlike the rows that taught a model new rows are, column by column and as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import torch

from injerto.examples import Examples
from injerto.learner import Learner
from injerto.photos import Photos
from injerto.reference.cells import cells_of
from injerto.reference.reference import Reference, surprise_of
from injerto.table.table import Table

LEVEL = 0.05
"""A row is called unlike anything seen when no more than this share of rows held out in training were as strange."""
_AT_ONCE = 8192


@dataclass(frozen=True)
class Flagged:
    """Of the rows that could be `judged`, how many are `flagged` as unlike anything seen, and by which column."""

    judged: int
    flagged: int
    worst: dict[str, int]
    """In how many of the flagged rows a column is the strangest."""

    def __add__(self, other: Flagged) -> Flagged:
        worst = {name: self.worst.get(name, 0) + other.worst.get(name, 0) for name in {**self.worst, **other.worst}}
        return Flagged(self.judged + other.judged, self.flagged + other.flagged, worst)

    @property
    def ranked(self) -> dict[str, int]:
        """`worst`, the most frequent first."""
        return dict(sorted(self.worst.items(), key=lambda one: -one[1]))

    @property
    def more_than_chance(self) -> bool:
        """Whether more rows are flagged than the 5 % of ordinary ones, by two standard deviations."""
        expected = LEVEL * self.judged
        return self.flagged > expected + 2 * math.sqrt(expected * (1 - LEVEL))

    @property
    def words(self) -> str:
        """How many rows are flagged, and which columns make them so."""
        if not self.flagged:
            return f"None of {self.judged:,} rows is unlike anything seen in training."
        names = ", ".join(f"'{name}' ({times:,})" for name, times in list(self.ranked.items())[:3])
        told = f"{self.flagged:,} of {self.judged:,} rows ({self.flagged / max(1, self.judged):.1%})"
        usual = f"where {LEVEL:.0%} of ordinary rows would be"
        return f"{told} are unlike anything seen in training, {usual}; the strangest column is {names}."

    def to_json(self) -> dict[str, Any]:
        """Counts, as a script wants them."""
        return {
            "rows": self.flagged,
            "judged": self.judged,
            "level": LEVEL,
            "more_than_chance": self.more_than_chance,
            "columns": self.ranked,
        }


@dataclass(frozen=True)
class Unlike:
    """Shares of the rows held out in training that were at least as strange: near 1 is ordinary, near 0 is strange.

    Of rows like those of training, 5 % have 0.05 or less. NaN for rows that cannot be used.
    """

    rows: np.ndarray
    """(N,) of the whole row, dates aside."""
    columns: dict[str, np.ndarray]
    """(N,) by column; NaN for an empty cell, where training had empty ones, too."""
    strangest: np.ndarray
    """(N,) place of the column, among those that count for the row, that is strangest; -1 where no row can be judged."""
    telling: list[str]

    @property
    def flagged(self) -> np.ndarray:
        """(N,) bool: rows that are unlike anything seen."""
        return self.rows <= LEVEL

    @property
    def counts(self) -> Flagged:
        """How many rows are flagged, and why."""
        places, times = np.unique(self.strangest[self.flagged], return_counts=True)
        worst = {self.telling[place]: int(count) for place, count in zip(places, times, strict=True)}
        return Flagged(int((~np.isnan(self.rows)).sum()), int(self.flagged.sum()), worst)

    @property
    def judged(self) -> int:
        """Rows that could be."""
        return self.counts.judged

    @property
    def worst(self) -> dict[str, int]:
        """In how many of the flagged rows a column is the strangest, the most frequent first."""
        return self.counts.ranked

    @property
    def more_than_chance(self) -> bool:
        """Whether more rows are flagged than the 5 % of ordinary ones, by two standard deviations."""
        return self.counts.more_than_chance

    @property
    def words(self) -> str:
        """How many rows are flagged, and which columns make them so."""
        return self.counts.words

    def answers(self) -> dict[str, pl.Series]:
        """The columns that `predict --unlike` adds: of the row, of each column, and what makes a flagged row strange."""
        named = [self.telling[place] if on else None for place, on in zip(self.strangest, self.flagged, strict=True)]
        shares = {f"familiarity_{name}": _rounded(share) for name, share in self.columns.items()}
        return {"familiarity": _rounded(self.rows), **shares, "unlike": pl.Series(named, dtype=pl.String)}

    def to_json(self) -> dict[str, Any]:
        """Counts, as a script wants them."""
        return self.counts.to_json()


def unlike(reference: Reference, network: Learner, examples: Examples | Photos, table: Table) -> Unlike:
    """Judge the usable rows of `table`, whose `examples` are given."""
    usable = torch.from_numpy(np.flatnonzero(examples.usable))
    columns = {name: np.full(len(table), np.nan) for name in reference.columns}
    rows, strangest = np.full(len(table), np.nan), np.full(len(table), -1)
    telling = list(reference.telling)
    for some in usable.split(_AT_ONCE) if len(usable) else ():
        part = some.numpy()
        cells = cells_of(network, examples, table, some)
        for name, one in reference.columns.items():
            columns[name][part] = one.share(cells[name]).numpy()
        found = [reference.columns[name].surprise(cells[name]) for name in telling]
        rows[part] = reference.usual.share(surprise_of(found, len(part))).numpy()
        if found:
            strangest[part] = torch.stack(found).argmax(dim=0).numpy()
    return Unlike(rows, columns, strangest, telling)


def _rounded(shares: np.ndarray) -> pl.Series:
    return pl.Series(shares).fill_nan(None).round(4)

"""What a model learned of a column's levels: a row of values each, how far they lie apart, and how much to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import LevelError, did_you_mean
from injerto.features.levels import LevelsFeature
from injerto.features.spelling import text_of
from injerto.features.vocabulary import FIRST, MISSING, UNKNOWN
from injerto.lookup.one_line import one_line
from injerto.lookup.plane import Plane, plane_of
from injerto.table.column import Column

_AT_ONCE = 65_536
"""Rows whose distances are computed together, so that millions of levels need no second matrix."""
_COMPARED = 20_000
"""The most frequent levels, among which the nearest spelling is sought."""
_LONGEST = 100
"""Signs of a level that is still compared with a misspelling."""


@dataclass(frozen=True)
class Level:
    """One level seen from another row of the matrix."""

    level: str
    count: int
    """Training rows it stood in."""
    distance: float
    leans_on_unknown: float
    """Share of UNKNOWN in its row, from 1 (never seen) to 0 (seen without end)."""


@dataclass(frozen=True)
class Neighbours:
    """The levels nearest to one."""

    level: str | None
    """The level as the vocabulary spells it; None where the row is that of UNKNOWN or of empty cells."""
    count: int
    leans_on_unknown: float
    distance_to_unknown: float
    """A level that is farther away than this is not nearer than a value never seen."""
    nearest: tuple[Level, ...]

    def to_json(self) -> dict[str, Any]:
        """The neighbours as a script wants them."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Embeddings:
    """The learned rows of one column: UNKNOWN, MISSING, then its levels, the most frequent first.

    Distances are Euclidean, between whole rows, and not cosines: a row is all that the network sees of a level, so levels
    at a small distance are answered alike, whichever point is called zero. An angle depends on that point or, seen from
    UNKNOWN, forgets how far a level moved, which for one predicted number is all there is to know.
    """

    feature: LevelsFeature
    matrix: np.ndarray
    """Values (levels + 2, width) float32."""
    trust: np.ndarray
    """How far each row is its own and not UNKNOWN's, (levels + 2,) float32 from 0 to 1."""

    @property
    def column(self) -> str:
        """The name of the column."""
        return self.feature.name

    @cached_property
    def levels(self) -> list[str]:
        """The vocabulary; its first level is row 2 of the matrix."""
        return self.feature.row_names[FIRST:]

    @property
    def counts(self) -> np.ndarray:
        """Training rows (levels + 2,) int64 behind each row: rare levels, empty cells, then each level's."""
        return np.asarray(self.feature.counts_, dtype=np.int64)

    @property
    def width(self) -> int:
        """Values a level becomes."""
        return int(self.matrix.shape[1])

    def row(self, value: object) -> int:
        """The row of the matrix for a cell, spelled as loosely as in a table. *Raises* LevelError for a value without one."""
        cell = Column(self.column, pl.Series(self.column, [value]), Path("."), np.zeros(1, dtype=np.int64))
        row = int(self.feature.vocabulary_.ids(text_of(cell))[0])
        if row == UNKNOWN:
            raise LevelError(
                f"'{one_line(str(value))}' is not among the {len(self.levels):,} levels of '{self.column}': no training row "
                f"held it, or fewer than {self.feature.options.min_count} did, and it is answered as UNKNOWN."
                f"{_nearest_spelling(str(value), self.levels)}"
            )
        return row

    def nearest(self, value: object, top: int = 10) -> Neighbours:
        """The `top` levels whose rows are nearest to that of `value`; None asks for those of an empty cell.

        *Raises* LevelError when `value` is no level.
        """
        return self.around(self.row(value), top)

    def around(self, row: int, top: int = 10) -> Neighbours:
        """The `top` levels nearest to a row of the matrix."""
        distances = self._distances(row)
        order = np.argsort(distances[FIRST:], kind="stable") + FIRST
        return Neighbours(
            level=None if row < FIRST else self.levels[row - FIRST],
            count=int(self.feature.counts_[row]),
            leans_on_unknown=self._leans(row),
            distance_to_unknown=float(distances[UNKNOWN]),
            nearest=self._levels(order[order != row][:top], distances),
        )

    def farthest(self, top: int = 10) -> tuple[Level, ...]:
        """The `top` levels that lie farthest from UNKNOWN: those that change an answer most."""
        distances = self._distances(UNKNOWN)
        return self._levels(np.argsort(-distances[FIRST:], kind="stable")[:top] + FIRST, distances)

    def plane(self, most: int | None = None) -> Plane:
        """The rows on a plane, those of the `most` frequent levels only where that is given."""
        return plane_of(self.matrix if most is None else self.matrix[: FIRST + most], FIRST)

    def frame(self) -> pl.DataFrame:
        """The matrix as a table: `kind` tells UNKNOWN and MISSING from levels of that name, whose cell in `level` is filled."""
        kinds = ["UNKNOWN", "MISSING", *["level"] * len(self.levels)]
        levels = pl.Series("level", [None, None, *self.levels], dtype=pl.String)
        values = {f"v{place}": self.matrix[:, place] for place in range(self.width)}
        return pl.DataFrame({"kind": kinds, "level": levels, "count": self.counts, **values})

    def share(self, row: int) -> float:
        """Share of the training rows that lie behind a row of the matrix."""
        return float(self.counts[row] / max(int(self.counts.sum()), 1))

    def to_json(self, top: int = 10) -> dict[str, Any]:
        """The column in short, with the `top` levels farthest from UNKNOWN."""
        special = {"unknown": UNKNOWN, "missing": MISSING}
        return {
            "column": self.column,
            "levels": len(self.levels),
            "width": self.width,
            "rows": int(self.counts.sum()),
            **{name: {"count": int(self.feature.counts_[row]), "share": self.share(row)} for name, row in special.items()},
            "distance": "euclidean",
            "farthest": [asdict(level) for level in self.farthest(top)],
        }

    def _levels(self, order: np.ndarray, distances: np.ndarray) -> tuple[Level, ...]:
        return tuple(
            Level(self.levels[row - FIRST], int(self.feature.counts_[row]), float(distances[row]), self._leans(row))
            for row in order.tolist()
        )

    def _leans(self, row: int) -> float:
        return 1.0 - float(self.trust[row])

    def _distances(self, row: int) -> np.ndarray:
        """From one row to all, (levels + 2,) float64."""
        here = self.matrix[row].astype(np.float64)
        found = np.empty(len(self.matrix))
        for start in range(0, len(found), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            apart = self.matrix[part] - here
            found[part] = np.sqrt(np.einsum("rw,rw->r", apart, apart))
        return found


def _nearest_spelling(value: str, levels: Sequence[str]) -> str:
    if len(value) > _LONGEST:
        return ""
    plain = value.casefold()
    same = next((level for level in levels if level.casefold() == plain), None)
    if same is not None:  # OWL and owl share no letter by which they would be found near
        return f" Did you mean '{one_line(same)}'?"
    return did_you_mean(value, [one_line(level) for level in levels[:_COMPARED] if len(level) <= _LONGEST])

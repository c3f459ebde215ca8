"""Vocabularies: which row of a lookup a level has. Learned from the training rows, a list or a hash."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import polars as pl

from injerto.features.spelling import plain
from injerto.features.tally import LevelsTally

UNKNOWN = 0
"""Id of a level the vocabulary does not hold: never seen, or too rare in training."""
MISSING = 1
"""Id of an empty cell."""
FIRST = 2
"""Id of the first level."""
FEW = 256
"""So few cells are looked up one by one: to begin a look-up of a whole column takes longer."""


class Vocabulary(ABC):
    """Levels to ids: 0 UNKNOWN, 1 MISSING, then what the training rows showed at least `min_count` times."""

    counts_: list[int]
    """How often each id stood in the training rows; UNKNOWN's are the levels too rare to have one."""

    def fit(self, text: pl.Series, min_count: int) -> Self:
        """Learn from levels as text, one an occurrence, null where a cell is empty."""
        return self.settle(LevelsTally(text), min_count)

    @abstractmethod
    def settle(self, tally: LevelsTally, min_count: int) -> Self:
        """Learn from how often each level was seen."""

    @abstractmethod
    def ids(self, text: pl.Series) -> np.ndarray:
        """Ids (N,) int32 of N texts; null is MISSING."""

    @property
    @abstractmethod
    def row_names(self) -> list[str]:
        """What each row of the learned matrix stands for."""

    @property
    def rows(self) -> int:
        """Rows of the learned matrix: UNKNOWN, MISSING and every level."""
        return len(self.counts_)

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What `fit` learned, as JSON."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> Self:
        """Take over what `state` gave."""


class ListedVocabulary(Vocabulary):
    """Every level by name, by falling count, equal counts by text."""

    def __init__(self) -> None:
        self.levels_: list[str] = []
        self.counts_ = [0, 0]
        self._places: tuple[_Places, _Places] | None = None

    def settle(self, tally: LevelsTally, min_count: int) -> Self:
        """Levels seen less than `min_count` times stay out of the list and are UNKNOWN."""
        counted = tally.counts()
        kept = counted.filter(pl.col("count") >= min_count).sort(["count", "level"], descending=[True, False])
        rare = tally.rare + int(counted["count"].sum()) - int(kept["count"].sum())
        self.levels_ = kept["level"].to_list()
        self.counts_ = [rare, tally.missing, *kept["count"].to_list()]
        self._places = None
        return self

    def ids(self, text: pl.Series) -> np.ndarray:
        ids = np.full(len(text), UNKNOWN, dtype=np.int32)
        if self.levels_:
            if self._places is None:
                known = pl.Series(self.levels_, dtype=pl.String)
                self._places = _Places(known), _Places(plain(known))
            as_it_stands, otherwise = self._places
            ids = as_it_stands.of(text)
            strange = ids == UNKNOWN
            if not strange.any():
                return ids
            # Only what the vocabulary does not hold as it stands is looked up in another spelling: 007 stays 007.
            strange &= _filled(text)
            if strange.any():
                ids[strange] = otherwise.of(plain(text.filter(pl.Series(strange))))
        ids[~_filled(text)] = MISSING
        return ids

    @property
    def row_names(self) -> list[str]:
        return ["UNKNOWN", "MISSING", *self.levels_]

    def state(self) -> dict[str, Any]:
        return {"levels": self.levels_, "counts": self.counts_}

    def restore(self, state: dict[str, Any]) -> Self:
        self.levels_, self.counts_ = [str(level) for level in state["levels"]], [int(count) for count in state["counts"]]
        if len(self.counts_) != FIRST + len(self.levels_) or len(set(self.levels_)) != len(self.levels_):
            raise ValueError(
                f"a vocabulary lists {len(self.levels_)} levels, {len(set(self.levels_))} of them different, "
                f"and {len(self.counts_)} counts; each level needs one, and so do UNKNOWN and MISSING before them"
            )
        self._places = None
        return self


class HashedVocabulary(Vocabulary):
    """No list: a level's hash says which of `size` rows it shares with whatever else falls there.

    For columns too wide to list, such as addresses or words of a free text. A row that too few training cells fell into is
    UNKNOWN. So the unseen share is a lower bound: a new level may share a row that is known.

    *Source*: Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning, arXiv 0902.2206.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.counts_ = [0, 0, *[0] * size]
        self._known = np.zeros(size, dtype=bool)

    def settle(self, tally: LevelsTally, min_count: int) -> Self:
        """Count what falls into each row; those with less than `min_count` cells are UNKNOWN."""
        counted = tally.counts()
        places = self._places(counted["level"])
        counts = np.zeros(self.size, dtype=np.int64)
        np.add.at(counts, places, counted["count"].to_numpy())
        self._known = counts >= min_count
        self.counts_ = [tally.rare + int(counts[~self._known].sum()), tally.missing, *(counts * self._known).tolist()]
        return self

    def ids(self, text: pl.Series) -> np.ndarray:
        filled = text.is_not_null().to_numpy()
        ids = np.full(len(text), MISSING, dtype=np.int32)
        places = self._places(text.drop_nulls())
        ids[filled] = np.where(self._known[places], FIRST + places, UNKNOWN)
        return ids

    def _places(self, text: pl.Series) -> np.ndarray:
        """Rows (N,) from 0 on; the same in every version, on every machine. Each different text is hashed once."""
        text = plain(text)
        different = text.unique().to_list()
        places = [int.from_bytes(hashlib.blake2b(level.encode(), digest_size=8).digest(), "little") for level in different]
        rows = pl.Series([place % self.size for place in places], dtype=pl.Int64)
        found = text.replace_strict(pl.Series(different, dtype=pl.String), rows, return_dtype=pl.Int64)
        return found.to_numpy().astype(np.int64)

    @property
    def row_names(self) -> list[str]:
        return ["UNKNOWN", "MISSING", *(f"row {row}" for row in range(self.size))]

    def state(self) -> dict[str, Any]:
        return {"counts": self.counts_}

    def restore(self, state: dict[str, Any]) -> Self:
        counts = [int(count) for count in state["counts"]]
        if len(counts) != FIRST + self.size:
            raise ValueError(f"a hashed vocabulary of {self.size} rows has {len(counts)} counts instead of {FIRST + self.size}")
        self.counts_, self._known = counts, np.array(counts[FIRST:]) > 0
        return self


def _filled(text: pl.Series) -> np.ndarray:
    """Which cells (N,) are not empty."""
    if len(text) <= FEW:
        return np.array([level is not None for level in text.to_list()], dtype=bool)
    return text.is_not_null().to_numpy()


class _Places:
    """Ids by level; of levels that are spelled the same the first, and so the most frequent, counts."""

    def __init__(self, vocabulary: pl.Series) -> None:
        ids = pl.Series("id", np.arange(FIRST, FIRST + len(vocabulary), dtype=np.int32))
        self.known = pl.DataFrame({"level": vocabulary, "id": ids}).unique("level", keep="first", maintain_order=True)
        self.few: dict[str | None, int] | None = None

    def of(self, text: pl.Series) -> np.ndarray:
        """Ids (N,) int32 of texts."""
        if len(text) <= FEW:
            if self.few is None:
                self.few = dict(zip(self.known["level"].to_list(), self.known["id"].to_list(), strict=True))
            return np.array([self.few.get(level, UNKNOWN) for level in text.to_list()], dtype=np.int32)
        found = text.replace_strict(self.known["level"], self.known["id"], default=UNKNOWN, return_dtype=pl.Int32)
        return found.to_numpy().copy()

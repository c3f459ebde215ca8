"""Boosted trees of scikit-learn on the table columns: a second opinion on labels where LightGBM need not be installed."""

from __future__ import annotations

from typing import Any

import numpy as np

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.network import Network
from injerto.rivals.trees import cells_of

NAME = "boosted trees"
MOST_CELLS = 1e6
"""Rows x columns x trees a round that are learned from; of more rows a part is drawn."""
ROUNDS, LEAST_ROUNDS = 100, 10
MOST_TREES = 300
"""A fold: so many that all folds take seconds. With many classes, which take a tree a round each, there are fewer rounds."""
RATE, RATE_OF_FEW = 0.1, 0.2
"""The learning rate, and that of fewer rounds."""
LEAST_ROWS = 2000
_LEVELS = 255
"""Of a category; the rarer ones count as UNKNOWN."""


class Boosted:
    """Trees for one target of a kind. `fit` on some rows, `answer` any others."""

    def __init__(self, network: Network, examples: Examples, seed: int) -> None:
        cells, self.categories = cells_of(network, examples)
        self.seed = seed
        self.cells = np.zeros((len(examples.usable), 0), dtype=np.float32) if cells is None else _tame(cells, self.categories)

    @property
    def width(self) -> int:
        """Columns that the trees see; 0 where there are none but files."""
        return int(self.cells.shape[1])

    def rounds(self, kind: str, outputs: int) -> int:
        """Of boosting, for a target of a kind with so many outputs; 0 where they would be too few to tell anything."""
        rounds = min(ROUNDS, MOST_TREES // trees_a_round(kind, outputs))
        return rounds if self.width and rounds >= LEAST_ROUNDS else 0

    def most_rows(self, kind: str, outputs: int) -> int:
        """That are learned from."""
        return max(LEAST_ROWS, int(MOST_CELLS / (self.width * trees_a_round(kind, outputs))))

    def answer(
        self, kind: str, outputs: int, labels: Labels, rows: np.ndarray, taught: np.ndarray, asked: np.ndarray
    ) -> np.ndarray:
        """Answers to those of `rows` (n,) that are `asked` (n,) bool, by trees that learned from those that are `taught` (n,)
        bool: numbers (m,), or probabilities (m,K).

        `labels` are those of `rows`, all known; of numbers, as they are measured.
        """
        value = labels.value.numpy()[taught]
        learned, unknown = self.cells[rows[taught]], self.cells[rows[asked]]
        options = self._options(self.rounds(kind, outputs))
        if kind == "number":
            return _number(value, learned, unknown, options)
        if kind == "class":
            return _chances(value, outputs, learned, unknown, options)
        each = [_chances(value[:, one].astype(np.int64), 2, learned, unknown, options)[:, 1] for one in range(outputs)]
        return np.stack(each, axis=1)

    def _options(self, rounds: int) -> dict[str, Any]:
        return {
            "max_iter": rounds,
            "learning_rate": RATE if rounds == ROUNDS else RATE_OF_FEW,
            "early_stopping": False,
            "categorical_features": self.categories,
            "random_state": self.seed,
        }


def trees_a_round(kind: str, outputs: int) -> int:
    """One for a number or two classes, else one for each class or label."""
    return 1 if kind == "number" or (kind == "class" and outputs == 2) else outputs


def _number(value: np.ndarray, learned: np.ndarray, unknown: np.ndarray, options: dict[str, Any]) -> np.ndarray:
    from sklearn.ensemble import HistGradientBoostingRegressor

    # The absolute error: a few wild labels, which are looked for here, must not draw the answers to them.
    trees = HistGradientBoostingRegressor(loss="absolute_error", **options).fit(learned, value)
    return np.asarray(trees.predict(unknown), dtype=np.float64)


def _chances(codes: np.ndarray, count: int, learned: np.ndarray, unknown: np.ndarray, options: dict[str, Any]) -> np.ndarray:
    from sklearn.ensemble import HistGradientBoostingClassifier

    found = np.zeros((len(unknown), count))
    there = np.unique(codes)
    if len(there) == 1:
        found[:, there] = 1.0
        return found
    trees = HistGradientBoostingClassifier(**options).fit(learned, codes)
    found[:, trees.classes_] = trees.predict_proba(unknown)
    return found


def _tame(cells: np.ndarray, categories: list[int]) -> np.ndarray:
    """Cells (N,F) without what scikit-learn refuses: infinities are missing, rare levels are UNKNOWN."""
    cells = np.where(np.isfinite(cells), cells, np.nan)
    cells[:, categories] = np.where(cells[:, categories] < _LEVELS, cells[:, categories], 0.0)
    return cells

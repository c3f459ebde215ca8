"""Rows behind the cells of a confusion matrix: what was taken for what, to look at."""

from __future__ import annotations

import numpy as np

CELLS = 24
"""Cells of mistakes that have rows to show, those with most first."""
WRONG, RIGHT = 3, 1
"""Rows of a cell: its surest mistakes; on the diagonal, the right answer that was least sure."""


def behind_cells(true: np.ndarray, given: np.ndarray, surest: np.ndarray) -> list[tuple[int, tuple[int, int]]]:
    """Rows and their cells, by the places of true class and answer (n,) in the matrix and how sure each answer was (n,).

    Example:
        >>> behind_cells(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.9, 0.8, 0.7]))
        [(1, (0, 1)), (0, (0, 0)), (2, (1, 1))]
    """
    cells, counts = np.unique(np.stack([true, given], axis=1), axis=0, return_counts=True)
    wrong = cells[:, 0] != cells[:, 1]
    order = np.argsort(-counts, kind="stable")
    chosen = [*order[wrong[order]][:CELLS], *np.flatnonzero(~wrong)]
    found = []
    for one in chosen:
        cell = (int(cells[one, 0]), int(cells[one, 1]))
        rows = np.flatnonzero((true == cell[0]) & (given == cell[1]))
        by_surety = rows[np.argsort(-surest[rows], kind="stable")]
        shown = by_surety[:WRONG] if wrong[one] else by_surety[::-1][:RIGHT]
        found += [(int(row), cell) for row in shown]
    return found

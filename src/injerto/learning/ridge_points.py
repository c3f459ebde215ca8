"""A ridge from features of photos to points: one answer, found in seconds, that any network has to beat.

Rows that it did not learn from are told by it, folds by folds, so that its error is honest and a label that contradicts the
other rows stands out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.learning.judging import judging_folds
from injerto.learning.threads import threads_for

PENALTIES = (10.0, 3.0, 1.0, 0.3, 0.1, 0.03)
"""Tried: loss = sum of squares + penalty * F * |weights|^2, of F features that have a spread of one each."""

MOST_ROWS = 4000
"""More rows than these are told, not learned from: the work grows with the cube of their number."""

MOST_WORK = 5e11
"""Multiplications of all factorisations together: half a minute on one core. Points that are each unknown in rows of their own
need one factorisation each, and are then learned from fewer rows."""

_FLAT = 1e-6
_BLOCK = 1024


@dataclass(frozen=True)
class RidgePoints:
    """What a ridge tells of every row by rows that do not belong with it."""

    xy_unit: Tensor
    """Places (N,K,2) in shares of the square's side; NaN for a point that no row knew."""
    penalty: float
    """The one of `PENALTIES` that was best on rows left out."""
    errors: dict[float, float]
    """By penalty: the root mean squared error on those rows, in shares of the square's side."""
    rows: int
    """How many taught it."""


def ridge_points(
    features: Tensor, xy_unit: Tensor, unit: np.ndarray, teaches: np.ndarray, *, seed: int, most_rows: int = MOST_ROWS
) -> RidgePoints | None:
    """Learn labels (N,K,2), NaN where unknown, from `features` (N,F) of the rows where `teaches` (N,) is true.

    A row that teaches is told by the rows of other folds, and rows of one `unit` (N,) are in one fold; any other row is told by
    all that teach. None where the rows that teach are of one unit, so that nothing could be left out.
    """
    known = ~xy_unit.isnan().any(dim=2)
    rows = torch.from_numpy(np.flatnonzero(teaches)) if teaches.any() else torch.zeros(0, dtype=torch.int64)
    rows = rows[known[rows].any(dim=1)]
    if len(np.unique(unit[rows.numpy()])) < 2:
        return None
    fold = torch.full((len(features),), -1)
    fold[rows] = judging_folds(rows, xy_unit[rows], unit, seed)
    count = int(fold.max()) + 1
    taught = _chosen(rows, known, count + len(PENALTIES), most_rows, seed)
    lesson = _Lesson(features, xy_unit, taught)
    told = torch.full_like(xy_unit, torch.nan, dtype=torch.float32)
    with threads_for(float(len(taught)) ** 3):
        first = torch.nonzero(fold == 0)[:, 0]
        tries = {penalty: lesson.told(first, fold[taught] != 0, penalty) for penalty in PENALTIES}
        errors = {penalty: rms(places - xy_unit[first]) for penalty, places in tries.items()}
        best = min(errors, key=lambda penalty: errors[penalty])
        told[first] = tries[best]
        for other in (*range(1, count), -1):
            out = torch.nonzero(fold == other)[:, 0]
            if len(out):
                told[out] = lesson.told(out, fold[taught] != other, best)
    return RidgePoints(told, best, errors, len(taught))


def rms(differences: Tensor) -> float:
    """The root of the mean of all squares that are known."""
    return float(differences.square().nanmean().sqrt())


def _chosen(rows: Tensor, known: Tensor, fits: int, most_rows: int, seed: int) -> Tensor:
    """As many of `rows` as can be learned from, in their order."""
    patterns = torch.unique(known[rows].T, dim=0).shape[0]
    most = min(most_rows, int((3 * MOST_WORK / (patterns * fits)) ** (1 / 3)))
    drawn = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))[:most]
    return rows[drawn.sort().values]


class _Lesson:
    """The rows that teach, with what every fold shares: the scale of the features and the products of the rows."""

    def __init__(self, features: Tensor, xy_unit: Tensor, taught: Tensor) -> None:
        self.features, self.xy_unit = features, xy_unit[taught].float()
        own = features[taught].float()
        spread = own.std(dim=0, correction=0)
        self.mean, self.spread = own.mean(dim=0), torch.where(spread > _FLAT, spread, 1.0)
        self.own = (own - self.mean) / self.spread
        self.products = self.own @ self.own.T

    def told(self, rows: Tensor, teach: Tensor, penalty: float) -> Tensor:
        """Places (n,K,2) of `rows` by those of the taught rows where `teach` is true."""
        weight, bias = self._fit(torch.nonzero(teach)[:, 0], penalty)
        told = torch.empty(len(rows), len(bias))
        for part, out in zip(rows.split(_BLOCK), told.split(_BLOCK), strict=True):
            out[:] = (self.features[part].float() - self.mean) / self.spread @ weight + bias
        return told.view(len(rows), -1, 2)

    def _fit(self, teach: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
        """Weights (F,2K) and biases (2K,). Points that the same rows know share one factorisation."""
        known = ~self.xy_unit[teach].isnan().any(dim=2)
        patterns, pattern_of = torch.unique(known.T, dim=0, return_inverse=True)
        weight = torch.zeros(self.own.shape[1], *self.xy_unit.shape[1:])
        bias = torch.full(self.xy_unit.shape[1:], torch.nan)
        for number, pattern in enumerate(patterns):
            rows, points = teach[pattern], torch.nonzero(pattern_of == number)[:, 0]
            if len(rows):
                weight[:, points], bias[points] = self._solve(rows, points, penalty)
        return weight.flatten(1), bias.flatten()

    def _solve(self, rows: Tensor, points: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
        """Weights (F,k,2) and biases (k,2), which cost nothing. *Source*: Saunders, Gammerman & Vovk 1998, the kernel form."""
        labels = self.xy_unit[rows][:, points].flatten(1)
        middle = labels.mean(dim=0)
        products = self.products[rows][:, rows]
        means = products.mean(dim=0)
        products += means.mean() - means - means[:, None]
        products.diagonal().add_(penalty * self.own.shape[1])
        dual = torch.cholesky_solve(labels - middle, torch.linalg.cholesky(products))
        dual -= dual.mean(dim=0)
        own = self.own[rows]
        weight = own.T @ dual
        bias = middle - own.mean(dim=0) @ weight
        return weight.unflatten(1, (-1, 2)), bias.unflatten(0, (-1, 2))

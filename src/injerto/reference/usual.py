"""How strange the rows that taught a model are, each judged by the others: the scale on which a new row is called strange.

*Source*: conformal p-values (Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World); for outliers Bates et
al. 2023, Testing for Outliers with Conformal p-values, Annals of Statistics. NOTE differs from the paper: every row is held out
in turn, with all rows of its group, instead of one part of the rows once, because tables are small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

_TAIL = 0.1
"""The share of the strangest rows whose spread says what a step beyond all of them means."""


@dataclass(frozen=True)
class Usual:
    """Strangeness of rows that were held out in turn, (M,) float32, rising."""

    scores: Tensor

    @classmethod
    def of(cls, scores: Tensor) -> Self:
        """Of scores (M,) in any order."""
        return cls(scores.float().sort().values)

    def share(self, scores: Tensor) -> Tensor:
        """Of new rows (N,): the share of all rows, themselves counted, that are at least as strange, (N,) float64.

        Of rows like those that taught, at most a share of 0.05 gets 0.05 or less.

        Example:
            >>> Usual.of(torch.tensor([1.0, 2.0, 3.0])).share(torch.tensor([0.0, 2.5, 9.0])).tolist()
            [1.0, 0.5, 0.25]
        """
        return (1 + self._as_strange(scores)) / (1 + len(self.scores))

    def surprise(self, scores: Tensor) -> Tensor:
        """Of new rows (N,): minus the logarithm of `share`, and more the farther a row lies beyond all others, (N,) float64.

        What lies beyond goes on as fast as the strangest tenth does: the exponential tail of extremes.
        """
        if not len(self.scores):
            return torch.zeros(len(scores), dtype=torch.float64)
        beyond = (scores.float() - self.scores[-1]).clamp_min(0).double() / self._step
        return beyond - self.share(scores).log()

    def own_surprise(self, scores: Tensor) -> Tensor:
        """Of the rows (M,) that the scale was made of: as `surprise`, a row being no witness of itself."""
        return -(self._as_strange(scores).clamp_min(1) / max(1, len(self.scores))).log()

    def _as_strange(self, scores: Tensor) -> Tensor:
        return (len(self.scores) - torch.searchsorted(self.scores, scores.float().contiguous())).double()

    @property
    def _step(self) -> float:
        tail = self.scores[-max(2, math.ceil(_TAIL * len(self.scores))) :]
        return max(float(tail.mean() - tail[0]), 1e-6)

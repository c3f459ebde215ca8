"""Calibrated circles around points: a radius that holds nine of ten, and how surely a point is no gross miss.

The network says how unsure it is in numbers of its own; what they are worth is found on rows that taught nothing, by the
quantiles of error over unsureness (split-conformal prediction with a scale for each case).

*Source*: Papadopoulos et al., normalised nonconformity, 2008; Lei et al., JASA 2018, section 5.2.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

COVERAGE = 0.9
"""Share of true places that the circle of an answer is meant to hold."""
CLOSE_UNIT = 0.05
"""Confidence is the chance that an answer lies within this share of the photo's longer side of the true place."""
STEPS = 201
LENDING_ROWS = 100
"""A point with as many known places trusts its own quantile as much as that of all points."""
_LEAST = 1e-6


class Circles(nn.Module):
    """`factors` (K,) turn a point's unsureness into its typical error; `quantiles` are those of error over typical error."""

    factors: Tensor
    quantiles: Tensor
    rows: Tensor

    def __init__(self, points: int) -> None:
        super().__init__()
        self.register_buffer("factors", torch.full((points,), torch.nan, dtype=torch.float64))
        self.register_buffer("quantiles", torch.full((STEPS,), torch.nan, dtype=torch.float64))
        self.register_buffer("rows", torch.zeros((), dtype=torch.float64))

    def fit(self, errors: Tensor, unsure: Tensor, known: Tensor) -> None:
        """Errors and unsureness (N,K) of rows that taught nothing, where `known`; without any, answers have no radius."""
        ratios = errors / unsure.clamp_min(_LEAST)
        if not known.any():
            return
        all_points = ratios[known].quantile(COVERAGE)
        for point in range(len(self.factors)):
            own = ratios[known[:, point], point]
            share = len(own) / (len(own) + LENDING_ROWS)
            own_quantile = own.quantile(COVERAGE) if len(own) else all_points
            self.factors[point] = (share * own_quantile + (1 - share) * all_points).clamp_min(_LEAST)
        scores = (ratios / self.factors)[known].sort().values
        self.rows.fill_(len(scores))
        ranks = torch.linspace(0, 1, STEPS, dtype=torch.float64)
        self.quantiles.copy_(scores.quantile(ranks))

    def radius(self, unsure: Tensor) -> Tensor:
        """The radius (N,K) that holds the true place in nine of ten cases, in the unit of errors."""
        return unsure.clamp_min(_LEAST) * self.factors * self.reach(COVERAGE)

    def reach(self, coverage: float) -> Tensor:
        """In how many typical errors (a number) the true place lies in a share `coverage` of cases."""
        # On tensors alone, so that it can be written into a graph.
        rank = ((self.rows + 1) * coverage).round(decimals=9).ceil() / self.rows
        place = torch.where(self.rows > 0, rank, 1.0).clamp(max=1.0) * (STEPS - 1)
        low, high = self.quantiles[place.floor().long()], self.quantiles[place.ceil().long()]
        return low + (high - low) * (place - place.floor())

    def confidence(self, unsure: Tensor) -> Tensor:
        """The chance (N,K) that the true place lies within `CLOSE_UNIT`; never quite 1, as rows were few."""
        reach = CLOSE_UNIT / (unsure.clamp_min(_LEAST) * self.factors)
        above = torch.searchsorted(self.quantiles, reach.contiguous()).clamp(1, STEPS - 1)
        low, high = self.quantiles[above - 1], self.quantiles[above]
        share = (above - 1 + ((reach - low) / (high - low).clamp_min(_LEAST)).clamp(0, 1)) / (STEPS - 1)
        return share * self.rows / (self.rows + 1)

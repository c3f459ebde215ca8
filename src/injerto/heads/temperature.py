"""Calibration of probabilities: a temperature, so that a network is as sure as it is right, and a doubt that always stays."""

from __future__ import annotations

import math
from collections.abc import Callable

FEWEST_ROWS = 20
"""Below this many labelled rows a fitted temperature is noise; 1 is kept."""


def lasting_doubt(rows: int) -> float:
    """The chance to be wrong that `rows` judged rows cannot rule out, even if every answer was right: 1 / (rows + 2).

    *Source*: Laplace's rule of succession. Without it, rows that a line can part end in probabilities of 1e-70.
    """
    return 1 / (rows + 2)


def best_temperature(loss: Callable[[float], float], rows: int) -> float:
    """The temperature in 0.05..20 with the least `loss`, by golden section on its logarithm.

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

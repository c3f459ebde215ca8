"""Shapley values: what each column did to one answer, shared out fairly; exact, or by sampling with its standard error.

*Source*: Shapley 1953; for models Štrumbelj and Kononenko 2014, Explaining prediction models and individual predictions with
feature contributions, Knowledge and Information Systems 41; Lundberg and Lee 2017, A Unified Approach to Interpreting Model
Predictions, NeurIPS. A column that is left out takes the values of background rows, whatever the other columns say (the
interventional kind: Janzing et al. 2020, Feature relevance quantification in explainable AI, AISTATS).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOST_EXACT = 8
"""Columns up to which all of their sets are asked: 256 of them."""
PAIRS = 100
"""Orders of the columns that are drawn otherwise, each with its reverse."""

Answer = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Which columns (R,n) bool keep the row's own cells, and which background row (R,) fills the others, to answers (R,)."""


@dataclass(frozen=True)
class Shapley:
    """Contributions (n,) add up to `answer` - `usual`."""

    values: np.ndarray
    errors: np.ndarray
    """Standard errors (n,): how much other background rows, and other orders where these are drawn, would change them."""
    usual: float
    """The mean answer to the background rows."""
    answer: float
    exact: bool
    """Whether all sets of columns were asked; only the background rows are a sample then."""
    background: int


def shapley(answer: Answer, columns: int, background: int, *, seed: int = 0) -> Shapley:
    """The contributions of `columns` columns over `background` rows."""
    if columns <= MOST_EXACT:
        return exact(answer, columns, background)
    return sampled(answer, columns, background, pairs=PAIRS, seed=seed)


def exact(answer: Answer, columns: int, background: int) -> Shapley:
    """Every set of columns, over every background row: the definition.

    Example:
        >>> row, others, weights = np.array([3.0, 1.0]), np.array([[1.0, 1.0], [2.0, 4.0]]), np.array([10.0, 2.0])
        >>> found = exact(lambda kept, rows: np.where(kept, row, others[rows]) @ weights, 2, 2)
        >>> found.values.tolist()  # each weight times (the row's value - the mean of the background)
        [15.0, -3.0]
    """
    sets = np.arange(2**columns)
    kept = (sets[:, None] >> np.arange(columns) & 1).astype(bool)
    asked = np.repeat(kept, background, axis=0), np.tile(np.arange(background), len(sets))
    value = answer(*asked).reshape(len(sets), background)
    size = kept.sum(axis=1)
    share = np.zeros((columns, background))
    for column in range(columns):
        without = np.flatnonzero(~kept[:, column])
        weight = [math.factorial(one) * math.factorial(columns - one - 1) for one in size[without].tolist()]
        gain = value[without | 1 << column] - value[without]
        share[column] = np.array(weight) @ gain / math.factorial(columns)
    return _shared(share.T, value[0], float(value[-1].mean()), exact=True, background=background)


def sampled(answer: Answer, columns: int, background: int, *, pairs: int, seed: int = 0) -> Shapley:
    """Orders drawn at random, each with its reverse and a background row: a column gets what the answer gains as it comes in.

    *Source*: Castro, Gómez and Tejada 2009, Polynomial calculation of the Shapley value based on sampling; for the reverse
    Mitchell et al. 2022, Sampling Permutations for Shapley Value Estimation, JMLR 23.
    """
    random = np.random.default_rng(seed)
    rows = np.resize(random.permutation(background), pairs)
    orders = np.stack([random.permutation(columns) for _ in range(pairs)])
    both = np.stack([orders, orders[:, ::-1]], axis=1).reshape(-1, columns)
    place = np.argsort(both, axis=1)
    kept = place[:, None, :] < np.arange(columns + 1)[:, None]
    value = answer(kept.reshape(-1, columns), np.repeat(rows, 2 * (columns + 1))).reshape(len(both), columns + 1)
    gain = np.take_along_axis(np.diff(value, axis=1), place, axis=1).reshape(pairs, 2, columns).mean(axis=1)
    start = value[::2, 0]
    return _shared(gain, start, float(value[0, -1]), exact=False, background=min(background, pairs))


def _shared(gain: np.ndarray, usual: np.ndarray, whole: float, *, exact: bool, background: int) -> Shapley:
    """Of gains (R,n), one row a draw."""
    draws = len(gain)
    errors = gain.std(axis=0, ddof=1) / math.sqrt(draws) if draws > 1 else np.full(gain.shape[1], np.nan)
    return Shapley(gain.mean(axis=0), errors, float(usual.mean()), whole, exact, background)

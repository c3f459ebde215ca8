"""From how sure on answers are given, so that few of those given are wrong: selective prediction with a finite-sample promise.

Held-out rows are gone through from the least sure on. The first limit holds at which, over the rows at least as sure, both
(wrong + 1) / (answered + 1) and the share of wrong ones with a standard deviation more (Wilson 1927) are at most `max_error`.
Then, for any number of rows held out and any model, where held-out and new rows are exchangeable:

    the share of new rows that is answered wrongly, over the share of held-out rows that is answered, is at most `max_error`
    in expectation,

both shares with one more row counted in, which was answered. That is an average over draws of held-out rows: one model may err
more. The standard deviation is not needed for it. It is there because models that were lucky in what they held out answer more
and err more: without it, of 300 made-up rows a third of which could be answered, 0.054 of all answers given were wrong for 0.05
promised, with it 0.043; tried with half of it (0.052) and with 1.28 (0.038, and a fifth answered). Where rows come in groups,
as many count as one as their being wrong together says (`design_effect`), and so many groups must be answered that one more,
all wrong, would do no harm; that is no theorem, and holds in simulated draws, where counting single rows does not. Counting
every group as one case held as well, and answered a quarter as much of sounds of a city.

The proof: given which rows are wrong and how sure all are, wrong held-out rows and wrong new rows lie in random order, so that
(wrong new) / (1 + wrong held-out) above a rising limit is a supermartingale, and the limit is a stopping time. It starts at
(rows asked) / (rows held out + 1), or below.

*Source*: Barber & Candès 2015, Controlling the False Discovery Rate via Knockoffs, Annals of Statistics 43, lemma 1, for the
martingale; Jin & Candès 2023, Selection by Prediction with Conformal p-values, JMLR 24, for its use on answers; Geifman &
El-Yaniv 2017, Selective Classification for Deep Neural Networks, for the question. NOTE differs from Jin & Candès: their limit
depends on all rows asked at once; here a row's answer does not depend on what is asked beside it. NOTE differs from conformal
risk control (Angelopoulos et al. 2022): that bounds errors among all rows, a loss that falls as fewer are answered; the share
of wrong ones among those answered does not.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from injerto.heads.design_effect import design_effect


def least_sure(sure: Tensor, wrong: Tensor, max_error: float, unit: Tensor | None = None) -> float:
    """The smallest limit of `sure` (n,) from which on at most `max_error` of the answers are `wrong` (n,), counting one more
    that is wrong; infinity where there is none, 0 where all are answered. Rows of one `unit` (n,) came together.

    Example:
        >>> least_sure(torch.linspace(0.99, 0.5, 50), torch.arange(50) >= 40, 0.1)
        0.5799999833106995
    """
    unit = torch.arange(len(sure)) if unit is None else unit
    order = sure.argsort(descending=True, stable=True)
    ranked, together = sure[order].double(), design_effect(wrong, unit)
    errors = wrong[order].double().cumsum(0) / together
    answered = torch.arange(1, len(ranked) + 1, dtype=torch.float64) / together
    worst = torch.maximum((errors + 1) / (answered + 1), 1 / (_units_so_far(unit[order]) + 1))
    holds = torch.maximum(worst, _at_most(errors / answered, answered)) <= max_error + 1e-12
    holds[:-1] &= ranked[1:] < ranked[:-1]  # those equally sure are answered together
    places = holds.nonzero()[:, 0]
    if not len(places):
        return math.inf
    last = int(places[-1])
    return 0.0 if last == len(ranked) - 1 else float(ranked[last])


def _units_so_far(unit: Tensor) -> Tensor:
    """How many units (n,) there are among the rows up to each."""
    place = torch.unique(unit, return_inverse=True)[1]
    first = torch.full((len(unit),), len(unit)).scatter_reduce(0, place, torch.arange(len(unit)), "amin")
    new = torch.zeros(len(unit), dtype=torch.float64)
    new[first[place].unique()] = 1
    return new.cumsum(0)


def _at_most(share: Tensor, count: Tensor) -> Tensor:
    """What a `share` of `count` cases may be, with a standard deviation more (Wilson, JASA 1927)."""
    reach = (share * (1 - share) / count + 1 / (4 * count**2)).sqrt()
    return (share + 1 / (2 * count) + reach) / (1 + 1 / count)

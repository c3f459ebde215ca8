"""Limits and figures by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from injerto.heads.judged import Judged
from injerto.heads.outcome import Outcome, limits_of, outcome_of


def judged(
    chance: list[float], right: list[bool], *, new: list[bool] | None = None, log_odds: list[float] | None = None
) -> Judged:
    count = len(chance)
    return Judged(
        np.full(count, -math.inf) if log_odds is None else np.array(log_odds),
        np.array(chance),
        np.array(right),
        np.zeros(count, dtype=bool) if new is None else np.array(new),
        np.arange(count) % 2,
    )


def test_the_limit_is_the_smallest_that_holds() -> None:
    # 30 right, then 10 of which every other is wrong. Wilson's end at 1.2816 is 0.0519 for 0 of 30 and 0.0965 for 1 of 32.
    chance = [0.99 - 0.01 * place for place in range(40)]
    right = [True] * 30 + [False, True] * 5
    limits = limits_of(judged(chance, right), 0.5, 0.1)
    assert limits.known_from == pytest.approx(0.99 - 0.31)
    assert (limits.new_from, limits.checked) == (math.inf, True)
    assert limits_of(judged(chance, right), 0.5, 0.095).known_from == pytest.approx(0.99 - 0.29)


def test_all_right_is_limited_by_the_majority_alone() -> None:
    limits = limits_of(judged([0.9] * 20 + [0.6] * 20 + [0.4] * 20, [True] * 60), 0.5, 0.1)
    assert limits.known_from == 0.5


def test_where_errors_are_too_many_nothing_is_said() -> None:
    limits = limits_of(judged([0.9] * 40, [True, False] * 20), 0.5, 0.1)
    assert limits.known_from == math.inf
    assert limits.state() == {"known_from": None, "new_from": None, "checked": True}


def test_equal_chances_are_said_together() -> None:
    limits = limits_of(judged([0.9] * 40 + [0.8] * 10, [True] * 40 + [True] * 4 + [False] * 6), 0.5, 0.1)
    assert limits.known_from == 0.9


@pytest.mark.parametrize(("count", "checked"), [(14, False), (15, True)])
def test_too_few_queries_leave_the_probabilities_believed(count: int, checked: bool) -> None:
    """Even if all are right: 1.2816^2 / (n + 1.2816^2) is 0.105 for 14 and 0.0987 for 15."""
    limits = limits_of(judged([0.9] * count, [True] * count), 0.5, 0.1)
    assert limits.checked is checked
    assert limits.known_from == (0.5 if checked else 0.9)


def test_queries_count_as_the_share_says() -> None:
    both = judged([0.9] * 4, [True] * 4, new=[False, False, False, True], log_odds=[0.0] * 4)
    assert both.counting(0.5).tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert both.counting(0.25).tolist() == pytest.approx([1, 1, 1, 1])
    assert both.chance_of_new(0.25).tolist() == pytest.approx([0.25] * 4)


def test_figures_by_hand() -> None:
    """Of each fold: 20 known that are named rightly, 10 strangers, of which one is named."""
    known = [0.99] * 40
    strangers = [0.5] * 18 + [0.99] * 2
    new = [False] * 40 + [True] * 20
    log_odds = [-6.0] * 40 + [6.0] * 18 + [-6.0] * 2
    found = outcome_of(judged(known + strangers, [True] * 40 + [False] * 20, new=new, log_odds=log_odds), 1 / 3, 0.2)
    assert found.said == pytest.approx({"known": 42 / 60, "new": 18 / 60, "cannot tell": 0})
    assert found.wrong == pytest.approx({"known": 2 / 42, "new": 0})
    assert found.found == pytest.approx(
        {
            "known, named rightly": 1,
            "known, named wrongly": 0,
            "known, called new": 0,
            "new, called new": 0.9,
            "new, named": 0.1,
        }
    )


def test_what_is_never_said_has_no_share_of_errors() -> None:
    found = outcome_of(judged([0.9] * 40, [False] * 40), 0.5, 0.1)
    assert found.said == {"known": 0, "new": 0, "cannot tell": 1}
    assert math.isnan(found.wrong["known"])
    assert Outcome.state(found)["wrong"] == {"known": None, "new": None}


def test_many_queries_are_thinned_evenly_in_both_kinds() -> None:
    truth = torch.cat([torch.zeros(4000, dtype=torch.int64), torch.full((1000,), -1)])
    scores = torch.rand(5000, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    kept = Judged.by_others(scores, truth, torch.arange(5000))
    assert kept is not None
    assert (len(kept.new), int(kept.new.sum())) == (3000, 600)


def test_no_query_is_judged_by_its_own_individual() -> None:
    """Three strangers that nobody resembles, one of which scores like a friend: only without it is it taken for known."""
    scores = torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.2, 0.1], [0.1, 0.2], [0.95, 0.1]], dtype=torch.float64)
    truth, groups = torch.tensor([0, 1, -1, -1, -1]), torch.arange(5)
    found = Judged.by_others(scores, truth, groups)
    assert found is not None
    assert found.fold.tolist() == [0, 1, 0, 1, 2]
    assert found.log_odds[4] < -0.5
    assert Judged.by_others(scores[:3], truth[:3], groups[:3]) is None  # one stranger: none is left to learn from


def test_what_is_never_said_by_all_is_said_in_no_fold() -> None:
    """All errors stand in one fold: judged without it names seem safe, with it they are not."""
    count = 80
    even = [place % 2 == 0 for place in range(count)]
    right = [not (one and place < 40) for place, one in enumerate(even)]
    found = judged([0.9] * count, right)
    assert limits_of(found, 0.5, 0.1).known_from == math.inf
    assert limits_of(found.take(~np.array(even)), 0.5, 0.1).known_from == 0.5
    assert outcome_of(found, 0.5, 0.1).said["known"] == 0


def test_limits_that_are_not_chosen_are_the_same_in_every_fold() -> None:
    found = judged([0.95] * 8 + [0.85] * 6, [True] * 14)
    assert not limits_of(found, 0.5, 0.1).checked
    assert outcome_of(found, 0.5, 0.1).said["known"] == pytest.approx(8 / 14)

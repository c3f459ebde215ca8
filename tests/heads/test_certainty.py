"""How sure the likeliest name is: by hand, and towards what is right on made-up queries."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from injerto.heads.certainty import Certainty
from injerto.heads.resemblance import Resemblance
from injerto.metrics.binned import expected_calibration_error


def test_the_likeliest_is_moved_and_the_others_keep_their_shares() -> None:
    """Even odds of 2/3, that is 2, squared are 4: 0.8; the rest of 0.2 is shared three to one."""
    closed = torch.tensor([[2 / 3, 1 / 4, 1 / 12]], dtype=torch.float64)
    assert Certainty(2.0, 0.0).corrected(closed, 0.0)[0].tolist() == pytest.approx([0.8, 0.15, 0.05])
    assert Certainty(1.0, math.log(2)).corrected(closed, 0.0)[0].tolist() == pytest.approx([0.8, 0.15, 0.05])
    assert Certainty(2.0, 0.0).corrected(closed, 0.25)[0, 0].item() == pytest.approx(0.75)
    assert torch.equal(Certainty().corrected(closed, 0.0), closed)


def test_whoever_was_the_likeliest_stays_so() -> None:
    closed = torch.tensor([[0.4, 0.35, 0.25]], dtype=torch.float64)
    found = Certainty(1.0, -3.0).corrected(closed, 0.0)[0]
    assert found[0] >= found[1] > found[2]
    assert found.sum().item() == pytest.approx(1)


def test_one_alone_and_nobody_are_left_as_they_are() -> None:
    alone = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    assert torch.equal(Certainty(2.0, 1.0).corrected(alone, 0.1), alone)
    assert Certainty.fit(torch.zeros(0, 3), torch.zeros(0)) == Certainty()
    assert Certainty.fit(torch.zeros(2, 0), torch.zeros(2)) == Certainty()


def test_odds_that_are_too_small_by_half_are_found() -> None:
    """What is right follows from twice the log odds: the slope is 2, as surely as 4,000 queries say."""
    random = np.random.default_rng(0)
    sure = random.uniform(0.5, 0.9, 4000)
    true = 1 / (1 + np.exp(-2 * np.log(sure / (1 - sure))))
    closed = torch.from_numpy(np.stack([sure, 1 - sure], axis=1))
    truth = torch.from_numpy((random.random(4000) >= true).astype(np.int64))
    found = Certainty.fit(closed, truth)
    assert found.slope == pytest.approx(2, abs=0.15) and found.offset == pytest.approx(0, abs=0.15)
    before, after = (
        expected_calibration_error(each.amax(dim=1).numpy(), (truth == 0).numpy())
        for each in (closed, found.corrected(closed, 0.0))
    )
    assert after < 0.3 * before


def test_few_queries_change_little() -> None:
    found = Certainty.fit(torch.tensor([[0.6, 0.4], [0.6, 0.4]], dtype=torch.float64), torch.tensor([0, 0]))
    assert abs(found.slope - 1) < 0.3 and abs(found.offset) < 0.6


def test_it_is_kept_and_models_of_before_have_none() -> None:
    one = Resemblance(25.0, 0.01, None, Certainty(1.5, -0.2))
    assert Resemblance.restore(one.state()) == one
    old = {name: value for name, value in one.state().items() if name != "certainty"}
    assert Resemblance.restore(old).certainty == Certainty()

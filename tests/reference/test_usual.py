"""Conformal shares and surprises on numbers worked by hand."""

from __future__ import annotations

import math

import pytest
import torch

from injerto.reference.usual import Usual

USUAL = Usual.of(torch.tensor([4.0, 1.0, 2.0, 3.0]))


def test_a_share_counts_the_row_itself_and_all_that_are_as_strange() -> None:
    assert USUAL.scores.tolist() == [1, 2, 3, 4]
    assert USUAL.share(torch.tensor([0.0, 1.0, 2.5, 4.0, 9.0])).tolist() == [1.0, 1.0, 3 / 5, 2 / 5, 1 / 5]


def test_equal_scores_are_as_strange_as_each_other() -> None:
    assert Usual.of(torch.tensor([0.0, 0.0, 0.0])).share(torch.tensor([0.0])).tolist() == [1.0]


def test_surprise_goes_on_beyond_the_strangest_row() -> None:
    near, far, farther = USUAL.surprise(torch.tensor([4.0, 5.0, 6.0])).tolist()
    assert near == pytest.approx(-math.log(2 / 5))
    # The strangest tenth are at least two: 3 and 4, half a step above the lower one on average.
    assert far == pytest.approx(-math.log(1 / 5) + 1 / 0.5)
    assert farther - far == pytest.approx(2)


def test_a_row_is_no_witness_of_itself() -> None:
    assert USUAL.own_surprise(torch.tensor([1.0, 4.0])).tolist() == pytest.approx([0, math.log(4)])


def test_nothing_known_is_no_surprise() -> None:
    nothing = Usual(torch.empty(0))
    assert nothing.share(torch.tensor([7.0])).tolist() == [1.0]
    assert nothing.surprise(torch.tensor([7.0])).tolist() == [0.0]


def test_of_rows_alike_no_more_are_strange_than_the_level_says() -> None:
    generator = torch.Generator().manual_seed(0)
    flagged = []
    for _ in range(2000):
        scores = torch.randn(120, generator=generator)
        flagged.append(float((Usual.of(scores[:100]).share(scores[100:]) <= 0.05).double().mean()))
    assert 0.045 < sum(flagged) / len(flagged) < 0.053

"""Split-conformal limits by hand, and on draws: new rows lie within as often as was promised."""

import math

import pytest
import torch

from injerto.heads.conformal import limit, rows_needed


def test_the_limit_is_the_rank_of_the_book() -> None:
    scores = torch.randperm(19, generator=torch.Generator().manual_seed(0)).double()
    # ceil(20 * 0.9) = 18th smallest of 0..18
    assert limit(scores, 0.9) == 17.0
    assert limit(scores, 0.95) == 18.0
    assert limit(scores, 0.96) == math.inf


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.5])
def test_the_rows_needed_are_just_enough(share: float) -> None:
    rows = rows_needed(share)
    assert limit(torch.arange(rows).double(), 1 - share) < math.inf
    assert limit(torch.arange(rows - 1).double(), 1 - share) == math.inf


def test_rows_that_come_together_are_needed_in_greater_numbers() -> None:
    assert rows_needed(0.05, together=3.0) == 57
    assert limit(torch.arange(20).double(), 0.9, together=3.0) == math.inf
    # (beyond + 3) / (40 + 3) <= 0.1: one row may lie beyond
    assert limit(torch.arange(40).double(), 0.9, together=3.0) == 38.0


@pytest.mark.parametrize("rows", [9, 30, 200])
def test_new_rows_lie_within_as_often_as_promised(rows: int) -> None:
    """Over draws the coverage of the next row is ceil((n + 1) 0.9) / (n + 1) exactly; the mean of 4,000 lies near."""
    generator, draws = torch.Generator().manual_seed(rows), 4000
    inside = 0
    for _ in range(draws):
        scores = torch.randn(rows + 1, generator=generator).exp()
        inside += float(scores[-1]) <= limit(scores[:-1], 0.9)
    exact = math.ceil(round((rows + 1) * 0.9, 9)) / (rows + 1)
    assert inside / draws == pytest.approx(exact, abs=4 * math.sqrt(0.09 / draws))


def test_groups_whose_rows_are_alike_still_lie_within() -> None:
    """60 groups of 1 to 8 rows with one error each: rows of a new group lie within in at least 90 %, over draws."""
    generator, held = torch.Generator().manual_seed(1), []
    for _ in range(400):
        sizes = torch.randint(1, 9, (160,), generator=generator)
        scores = torch.randn(160, generator=generator)
        own, new = slice(0, 60), slice(60, 160)
        rows = scores[own].repeat_interleave(sizes[own])
        together = float(sizes[own].double().square().sum() / sizes[own].sum())
        inside = scores[new] <= limit(rows, 0.9, together)
        held.append(float((inside * sizes[new]).sum() / sizes[new].sum()))
    assert 0.9 - 0.005 <= sum(held) / len(held) <= 0.94

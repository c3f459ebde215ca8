"""The ridge: its formula by hand, points that are unknown in places, and that no row tells one that belongs with it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from injerto.learning.ridge_points import PENALTIES, RidgePoints, ridge_points

NAN = math.nan


def told(features: Tensor, labels: Tensor, unit: np.ndarray, teaches: np.ndarray, **more: int) -> RidgePoints:
    found = ridge_points(features, labels, unit, teaches, seed=0, **more)
    assert found is not None
    return found


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_two_rows_by_hand() -> None:
    """Features -1 and 1 with x 0.2 and 0.6: the slope is 0.4 / (2 + 10), the bias 0.4; each of the two is told by the other."""
    features = torch.tensor([[-1.0], [1.0], [0.5]])
    labels = torch.tensor([[[0.2, 0.5]], [[0.6, 0.5]], [[NAN, NAN]]])
    found = told(features, labels, np.arange(3), np.array([True, True, False]))
    assert found.penalty == PENALTIES[0]  # one row tells the same whatever the penalty: the strongest is kept
    torch.testing.assert_close(found.xy_unit[:, 0], torch.tensor([[0.6, 0.5], [0.2, 0.5], [0.4 + 0.5 * 0.4 / 12, 0.5]]))
    assert found.rows == 2
    assert found.errors[PENALTIES[0]] == pytest.approx(0.4 / math.sqrt(2))


def test_a_point_is_learned_from_the_rows_that_know_it() -> None:
    features, labels = drawn(60, 8), 0.5 + 0.1 * drawn(60, 3, 2, seed=1)
    teaches = np.arange(60) < 50
    labels[::3, 1] = NAN
    labels[:, 2] = NAN
    found = told(features, labels, np.arange(60), teaches)
    scaled = ((features - features[:50].mean(dim=0)) / features[:50].std(dim=0, correction=0)).double()
    for point in (0, 1):
        rows = torch.arange(50)[~labels[:50, point, 0].isnan()]
        x, y = scaled[rows], labels[rows, point].double()
        centred = x - x.mean(dim=0)
        weight = torch.linalg.solve(
            centred.T @ centred + found.penalty * 8 * torch.eye(8).double(), centred.T @ (y - y.mean(dim=0))
        )
        expected = y.mean(dim=0) + (scaled[50:] - x.mean(dim=0)) @ weight
        torch.testing.assert_close(found.xy_unit[50:, point].double(), expected, atol=1e-5, rtol=0)
    assert found.xy_unit[:, 2].isnan().all()
    assert found.xy_unit[:, :2].isfinite().all()


def test_a_row_is_not_told_by_its_copy() -> None:
    """Labels that nothing explains, every row twice: whoever had seen the copy would know them."""
    features, labels = drawn(40, 200).repeat_interleave(2, dim=0), 0.1 * drawn(40, 1, 2, seed=1).repeat_interleave(2, dim=0)

    def off(unit: np.ndarray) -> float:
        found = told(features, labels, unit, np.full(80, True))
        return float((found.xy_unit - labels).square().mean().sqrt() / labels.std())

    assert off(np.repeat(np.arange(40), 2)) > 0.9
    assert off(np.arange(80)) < 0.6


def test_rows_beyond_the_most_are_told_and_not_learned_from() -> None:
    features = drawn(100, 5)
    labels = (0.5 + 0.1 * features[:, :2])[:, None]
    found = told(features, labels, np.arange(100), np.full(100, True), most_rows=40)
    assert found.rows == 40
    assert float((found.xy_unit - labels).abs().max()) < 0.05


def test_a_test_row_teaches_nothing() -> None:
    features, labels = drawn(30, 4), drawn(30, 2, 2, seed=1)
    teaches = np.arange(30) < 20
    other = labels.clone()
    other[20:] = 100.0
    one, two = (told(features, given, np.arange(30), teaches) for given in (labels, other))
    torch.testing.assert_close(one.xy_unit, two.xy_unit, rtol=0, atol=0)


def test_nothing_where_nothing_can_be_left_out() -> None:
    features, labels = drawn(6, 4), drawn(6, 2, 2, seed=1)
    assert ridge_points(features, labels, np.zeros(6, dtype=np.int64), np.full(6, True), seed=0) is None
    assert ridge_points(features, labels, np.arange(6), np.full(6, False), seed=0) is None

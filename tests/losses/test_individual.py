"""The cost of individuals by hand: a softmax of cosines, the right one turned away by a margin."""

import math

import pytest
import torch
from torch import Tensor

from injerto.heads.head import Labels
from injerto.losses import LOSSES
from injerto.losses.individual import SCALE, individual_loss

COSINES = torch.tensor([[0.8, 0.5, -0.2], [0.1, 0.3, 0.9]], dtype=torch.float64)


def labels(*rows: tuple[float, float], known: list[bool] | None = None) -> Labels:
    value = torch.tensor(rows, dtype=torch.float64)
    return Labels(value, torch.tensor(known or [True] * len(rows)))


def by_hand(cosines: Tensor, code: int, margin: float) -> float:
    moved = cosines.tolist()
    moved[code] = math.cos(min(math.pi, math.acos(moved[code]) + margin))
    return -SCALE * moved[code] + math.log(sum(math.exp(SCALE * one) for one in moved))


def test_formula_by_hand() -> None:
    cost = individual_loss(COSINES, labels((0, 0.0), (1, 0.3)))
    expected = (by_hand(COSINES[0], 0, 0.0) + by_hand(COSINES[1], 1, 0.3)) / 2
    assert float(cost) == pytest.approx(expected, abs=1e-6)
    assert LOSSES["individual"] is individual_loss


def test_a_margin_asks_for_more_and_turns_no_further_than_half_way_round() -> None:
    one = COSINES[:1]
    costs = [float(individual_loss(one, labels((0, margin)))) for margin in (0.0, 0.2, 0.4)]
    assert costs == sorted(costs)
    assert costs[0] < costs[2]
    far = torch.tensor([[-0.999, 0.0]], dtype=torch.float64)
    assert float(individual_loss(far, labels((0, 1.0)))) == pytest.approx(SCALE + math.log(1 + math.exp(-SCALE)), abs=1e-4)


def test_a_row_without_a_name_costs_nothing() -> None:
    both = individual_loss(COSINES, labels((0, 0.3), (1, 0.3), known=[True, False]))
    assert float(both) == pytest.approx(by_hand(COSINES[0], 0, 0.3), abs=1e-6)


def test_where_nobody_is_known_there_is_nothing_to_learn() -> None:
    cosines = COSINES.clone().requires_grad_()
    cost = individual_loss(cosines, labels((-1, 0.3), (-1, 0.3), known=[False, False]))
    cost.backward()  # type: ignore[no-untyped-call]
    assert float(cost.detach()) == 0
    assert torch.equal(cosines.grad, torch.zeros_like(cosines))


def test_gradients_are_those_of_the_formula() -> None:
    given = labels((0, 0.3), (1, 0.1))
    assert torch.autograd.gradcheck(lambda cosines: individual_loss(cosines, given), (COSINES.clone().requires_grad_(),))


def test_a_vector_right_on_its_centre_has_a_finite_gradient() -> None:
    cosines = torch.tensor([[1.0, -1.0], [-1.0, 1.0]], requires_grad=True)
    individual_loss(cosines, labels((0, 0.0), (0, 0.3))).backward()  # type: ignore[no-untyped-call]
    assert cosines.grad is not None
    assert cosines.grad.isfinite().all()

import math

import torch
from torch.nn import functional

from injerto.heads.head import Labels
from injerto.losses import LOSSES
from injerto.losses.keypoints import THERE

NAN = math.nan


def output(x: torch.Tensor, y: torch.Tensor, there: float = 0.0, habit: tuple[float, float] = (0.0, 0.0)) -> torch.Tensor:
    return torch.cat([x, y, torch.tensor([there, *habit])])[None, None]


def labels(*value: float) -> Labels:
    return Labels(torch.tensor([[value]]), torch.tensor([True]))


def test_a_sharp_right_answer_costs_the_entropy_of_its_soft_label() -> None:
    bins = 64
    middles = (torch.arange(bins) + 0.5) / bins
    soft = torch.exp(-0.5 * ((middles - 0.5) * 64) ** 2)
    soft = soft / soft.sum()
    entropy = float(-(soft * soft.log()).nan_to_num().sum())
    cost = LOSSES["keypoints"](
        output(soft.clamp_min(1e-30).log(), soft.clamp_min(1e-30).log(), there=20.0), labels(0.5, 0.5, 1.0)
    )
    torch.testing.assert_close(float(cost), entropy, atol=1e-4, rtol=0)


def test_unknown_points_cost_nothing() -> None:
    flat = torch.zeros(8)
    assert float(LOSSES["keypoints"](output(flat, flat), labels(NAN, NAN, NAN))) == 0
    # a point said not to be there costs only that
    cost = LOSSES["keypoints"](output(flat, flat, there=3.0), labels(NAN, NAN, 0.0))
    torch.testing.assert_close(cost, THERE * functional.softplus(torch.tensor(3.0)))


def test_a_point_beyond_the_map_has_no_place() -> None:
    flat = torch.zeros(8)
    far = LOSSES["keypoints"](output(flat, flat), labels(1.2, 0.5, 0.0))
    torch.testing.assert_close(far, THERE * torch.tensor(2.0).log())


def test_a_habit_takes_over_what_labels_are_off() -> None:
    bins = 64
    middles = (torch.arange(bins) + 0.5) / bins
    peak = -0.5 * ((middles - 0.5) * 64) ** 2
    habit = torch.zeros(2, requires_grad=True)
    given = torch.cat([peak, peak, torch.tensor([20.0]), habit])[None, None]
    cost = LOSSES["keypoints"](given, labels(0.52, 0.5, 1.0))
    cost.backward()
    assert habit.grad is not None
    assert habit.grad[0] < 0  # to the right
    torch.testing.assert_close(float(habit.grad[1]), 0.0, atol=1e-4, rtol=0)


def test_numbers_of_a_regression_cost_their_distance() -> None:
    given = output(torch.tensor([0.4]), torch.tensor([0.5]), there=20.0)
    # x is off by 10 hundredths: 10 - 2 / 2 beyond the rounded part; y is right
    torch.testing.assert_close(float(LOSSES["keypoints"](given, labels(0.5, 0.5, 1.0))), (10 - 1) / 2, atol=1e-4, rtol=0)

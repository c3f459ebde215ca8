"""The cost of photos among themselves, by hand."""

import math

import pytest
import torch

from injerto.heads.head import Labels
from injerto.losses import LOSSES
from injerto.losses.among import TEMPERATURE, among_loss

ALIKE = torch.tensor(
    [[1.0, 0.6, 0.5, 0.4], [0.6, 1.0, 0.3, 0.2], [0.5, 0.3, 1.0, 0.1], [0.4, 0.2, 0.1, 1.0]], dtype=torch.float64
)


def labels(codes: list[int], sightings: list[int] | None = None, known: list[bool] | None = None) -> Labels:
    value = torch.tensor(list(zip(codes, sightings or [-1] * len(codes), strict=True)))
    return Labels(value, torch.tensor(known or [True] * len(codes)))


def cost(row: int, right: list[int], compared: list[int]) -> float:
    sharp = {place: float(ALIKE[row, place]) / TEMPERATURE for place in compared}
    whole = math.log(sum(math.exp(value) for value in sharp.values()))
    return sum(whole - sharp[place] for place in right) / len(right)


def test_formula_by_hand() -> None:
    found = among_loss(ALIKE, labels([0, 0, 1, 2]))
    assert float(found) == pytest.approx((cost(0, [1], [1, 2, 3]) + cost(1, [0], [0, 2, 3])) / 2, rel=1e-5)
    assert LOSSES["individual, among themselves"] is among_loss


def test_photos_of_one_sighting_say_nothing_about_each_other() -> None:
    found = among_loss(ALIKE, labels([0, 0, 0, 1], [5, 5, 6, -1]))
    expected = [cost(0, [2], [2, 3]), cost(1, [2], [2, 3]), cost(2, [0, 1], [0, 1, 3])]
    assert float(found) == pytest.approx(sum(expected) / 3, rel=1e-5)


def test_who_is_not_known_is_not_compared() -> None:
    found = among_loss(ALIKE, labels([0, 0, -1, 1], known=[True, True, False, True]))
    assert float(found) == pytest.approx((cost(0, [1], [1, 3]) + cost(1, [0], [0, 3])) / 2, rel=1e-5)


def test_a_batch_without_pairs_costs_nothing_and_can_be_learned_from() -> None:
    output = ALIKE.clone().requires_grad_()
    among_loss(output, labels([0, 1, 2, 3])).backward()
    assert output.grad is not None
    assert not output.grad.any()

"""How badly answers fit, worked by hand for every kind."""

import math

import pytest
import torch

from injerto.rivals.misfit import constant, misfit


def test_by_hand() -> None:
    chances = torch.tensor([[0.5, 0.5], [0.25, 0.75]])
    assert misfit("class", chances, torch.tensor([0, 1])) == pytest.approx(-(math.log(0.5) + math.log(0.75)) / 2)
    labels = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    expected = -(math.log(0.5) + math.log(0.5) + math.log(0.75) + math.log(0.75)) / 4
    assert misfit("classes", chances, labels) == pytest.approx(expected)
    assert misfit("number", torch.tensor([1.0, 2.0, 30.0]), torch.tensor([1.5, 4.0, 3.0])) == 2.0
    assert misfit("class", torch.tensor([[1.0, 0.0]]), torch.tensor([1])) == pytest.approx(-math.log(1e-6))


def test_one_answer_for_all() -> None:
    assert constant("class", torch.tensor([0, 0, 0, 1]), 3).tolist() == [[0.75, 0.25, 0.0]] * 4
    assert constant("classes", torch.tensor([[1.0, 0.0], [1.0, 1.0]]), 2).tolist() == [[1.0, 0.5]] * 2
    assert constant("number", torch.tensor([1.0, 2.0, 30.0]), 1).tolist() == [2.0] * 3

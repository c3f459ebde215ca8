"""Marks: every place of the map is read by weights of its own."""

import torch

from injerto.embedders.marks import DROPOUT, WIDTH, Marks


def test_a_new_convolution_changes_nothing() -> None:
    marks = Marks(channels=3, side=2).eval()
    places = torch.randn(4, 3, 2, 2)
    torch.testing.assert_close(marks.bend(marks.mix(places)), places)
    assert marks(places).shape == (4, WIDTH)


def test_where_a_mark_is_makes_a_difference() -> None:
    marks = Marks(channels=1, side=2).eval()
    corner, other = torch.zeros(2, 1, 1, 2, 2)
    corner[0, 0, 0, 0], other[0, 0, 1, 1] = 1, 1
    assert (marks(corner) - marks(other)).abs().max() > 0.01


def test_it_starts_as_it_is_told() -> None:
    marks = Marks(channels=2, side=2).eval()
    weight, bias = torch.randn(WIDTH, 8), torch.randn(WIDTH)
    marks.start(weight, bias)
    places = torch.randn(3, 2, 2, 2)
    torch.testing.assert_close(marks(places), places.flatten(1) @ weight.T + bias)
    assert marks.read.weight.requires_grad


def test_some_of_a_map_is_hidden_while_learning_and_none_in_answering() -> None:
    torch.manual_seed(0)
    marks = Marks(channels=1, side=20)
    marks.start(torch.ones(WIDTH, 400) / 400, torch.zeros(WIDTH))
    places = torch.ones(1, 1, 20, 20)
    torch.testing.assert_close(marks.eval()(places)[0, 0], torch.tensor(1.0))
    hidden = 1 - (1 - DROPOUT) * marks.train()(places)[0, 0].item()
    assert abs(hidden - DROPOUT) < 0.1

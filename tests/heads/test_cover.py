"""Sets and intervals by hand, and on draws: they hold the truth as often as was promised, of each class, too."""

import math

import pytest
import torch

from injerto.heads.cover import ClassSets, Intervals, LabelSets
from injerto.heads.held_out import Grades, HeldOut
from injerto.heads.radii import Radii

NOTHING = torch.empty(0)


def held_out(misfit: torch.Tensor, code: torch.Tensor) -> HeldOut:
    return HeldOut(Grades(misfit, code, NOTHING, NOTHING.bool()), torch.arange(len(misfit)), "tune")


def test_a_set_has_what_is_likely_enough_and_always_the_likeliest() -> None:
    sets = ClassSets("bird", ["jay", "owl", "wren"], 0.9, torch.tensor([0.7, 0.7, 0.7]), 0, 30)
    answer = torch.tensor([[0.9, 0.08, 0.02], [0.35, 0.25, 0.4], [0.2, 0.25, 0.55]])
    assert sets.inside(answer).tolist() == [[True, False, False], [True, False, True], [False, False, True]]
    columns = sets.columns(answer)
    assert columns["bird_set"].to_list() == ["jay", "wren | jay", "wren"]
    assert columns["bird_set_size"].to_list() == [1, 2, 1]
    assert sets.holds(answer, torch.tensor([0, 1, -1])).tolist() == [True, False, False]
    nothing_likely = ClassSets("bird", ["jay", "owl"], 0.9, torch.tensor([0.1, 0.1]), 0, 30)
    assert nothing_likely.inside(torch.tensor([[0.6, 0.4]])).tolist() == [[True, False]]


def test_few_rows_promise_nothing() -> None:
    few = held_out(torch.rand(8), torch.zeros(8).long())
    assert ClassSets.of("bird", ["jay", "owl"], few, 0.9) is None
    assert LabelSets.of("birds", ["jay", "owl"], ";", few, 0.9) is None
    assert Intervals.of("wing", few, 0.9) is None
    assert Intervals.of("wing", few, 0.5) is not None


def test_classes_with_rows_have_limits_of_their_own_and_the_rest_share_one() -> None:
    code = torch.tensor([0] * 60 + [1] * 60 + [2] * 12)
    misfit = torch.cat([torch.linspace(0.01, 0.6, 60), torch.linspace(0.01, 0.3, 60), torch.linspace(0.5, 0.9, 12)]).double()
    sets = ClassSets.of("bird", ["jay", "owl", "wren"], held_out(misfit, code), 0.9)
    assert sets is not None
    assert sets.own == 2
    # ceil(61 * 0.9) = 55th of 60 equal steps; ceil(13 * 0.9) = 12th of 12
    assert sets.limits.tolist() == pytest.approx([0.55, 0.01 + 54 * 0.29 / 59, 0.9], abs=1e-6)


def test_a_class_with_too_few_rows_borrows_from_the_smallest_of_the_others() -> None:
    code = torch.tensor([0] * 80 + [1] * 60 + [2] * 3)
    sets = ClassSets.of("bird", ["jay", "owl", "wren"], held_out(torch.linspace(0, 0.9, 143).double(), code), 0.9)
    assert sets is not None
    assert sets.own == 1
    assert sets.limits[1] == sets.limits[2] != sets.limits[0]


def test_sets_hold_each_class_as_often_as_promised() -> None:
    """Three classes, the third hard and rare: its rows by themselves are held in 90 %, too, over draws."""
    generator, held = torch.Generator().manual_seed(0), torch.zeros(300, 3)
    shift = torch.tensor([[2.5, 0.0, 0.0], [0.0, 2.5, 0.0], [0.8, 0.5, 0.9]])
    for place in range(len(held)):
        code = torch.multinomial(torch.tensor([0.5, 0.35, 0.15]), 1600, replacement=True, generator=generator)
        answer = (shift[code] + torch.randn(1600, 3, generator=generator)).softmax(dim=1).double()
        misfit = 1 - answer.gather(1, code[:, None])[:, 0]
        sets = ClassSets.of("bird", ["a", "b", "c"], held_out(misfit[:600], code[:600]), 0.9)
        assert sets is not None
        inside = sets.holds(answer[600:], code[600:]).float()
        held[place] = torch.stack([inside[code[600:] == one].mean() for one in range(3)])
    # As the likeliest class is always in the set, easy classes are held more often; the hard one is held as promised.
    means = held.mean(dim=0)
    assert bool((means >= 0.9 - 0.005).all())
    assert float(means[2]) <= 0.93


def test_sets_of_labels_miss_no_true_one() -> None:
    sets = LabelSets("birds", ["jay", "owl", "wren"], ";", 0.9, 0.8, 30)
    answer = torch.tensor([[0.9, 0.3, 0.1], [0.1, 0.1, 0.1]])
    assert sets.columns(answer)["birds_set"].to_list() == ["jay;owl", ""]
    assert sets.columns(answer)["birds_set_size"].to_list() == [2, 0]
    assert sets.holds(answer, torch.tensor([[1, 1, 0], [0, 0, 1]])).tolist() == [True, False]


def test_intervals_hold_what_lies_within_the_radius() -> None:
    found = Intervals.of("wing", held_out(torch.arange(1.0, 20.0).double(), torch.full((19,), -1)), 0.9)
    assert found is not None
    assert found.radius == 18.0
    columns = found.columns(torch.tensor([100.0]))
    assert (columns["wing_low"][0], columns["wing_high"][0]) == (82.0, 118.0)
    assert found.holds(torch.tensor([100.0, 100.0]), torch.tensor([118.0, 119.0])).tolist() == [True, False]
    assert found.size(torch.tensor([1.0])).tolist() == [36.0]


def test_radii_grow_with_what_is_asked() -> None:
    radii = Radii(("nose",), 0.95, 1.5, 40)
    answer = torch.tensor([[[10.0, 10.0, 4.0, 0.9, 1.0]], [[10.0, 10.0, 4.0, 0.9, 1.0]]], dtype=torch.float64)
    truth = torch.tensor([[[10.0, 16.0, 1.0, 1.0]], [[math.nan, math.nan, 1.0, 0.0]]], dtype=torch.float64)
    assert radii.columns(answer)["nose_radius"].to_list() == [6.0, 6.0]
    assert radii.holds(answer, truth).tolist() == [True]

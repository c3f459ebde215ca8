import math

import polars as pl
import pytest
import torch

from columns import column
from injerto.errors import TrainingError
from injerto.heads.single_class import ClassHead
from injerto.schema.schema import Target


def fitted(values: list[object]) -> ClassHead:
    return ClassHead("label", Target(kind="class")).fit(column(values))


def test_levels_are_sorted_and_tidied() -> None:
    decomposed = "n\u0303andu\u0301"  # n + tilde, u + acute
    head = fitted(["zorro", "  \u00f1and\u00fa ", decomposed, None, ""])
    assert head.levels_ == ["zorro", "\u00f1and\u00fa"]
    assert head.counts_ == [1, 2]


def test_prior_is_the_logarithm_of_shares() -> None:
    head = fitted(["a", "b", "b", "b"])
    assert head.prior().tolist() == pytest.approx([math.log(0.25), math.log(0.75)])


def test_unknown_and_missing_labels_are_masked_for_learning_and_told_apart_for_scoring() -> None:
    head = fitted(["a", "b"])
    cells = column(["b", "c", None])
    assert head.encode(cells).value.tolist() == [1, -1, -1]
    assert head.encode(cells).known.tolist() == [True, False, False]
    assert head.truth(cells).known.tolist() == [True, True, False]
    assert head.learned_truth(cells).known.tolist() == [True, False, False]
    assert head.learned_truth(cells).value[0] == 1


def test_answer_averages_the_members_probabilities() -> None:
    head = fitted(["a", "b"])
    output = torch.tensor([[[math.log(1.0), math.log(3.0)], [math.log(3.0), math.log(1.0)]]])
    assert head.answer(output)[0].tolist() == pytest.approx([0.5, 0.5])


def test_calibration_finds_the_temperature_the_labels_were_drawn_with() -> None:
    generator = torch.Generator().manual_seed(0)
    honest = torch.randn(4000, 3, generator=generator) * 2
    codes = torch.multinomial(honest.softmax(1), 1, generator=generator)[:, 0]
    head = fitted([0, 1, 2])
    head.calibrate(honest[:, None] * 3, head.encode(column(codes.tolist())))
    assert float(head.temperature) == pytest.approx(3.0, rel=0.1)


def test_doubt_means_the_shares_of_the_training_rows_not_even_shares() -> None:
    head = fitted(["a"] * 9 + ["b"])
    head.temperature.fill_(1e6)
    assert head.answer(torch.tensor([[[-4.0, 4.0]]]))[0].tolist() == pytest.approx([0.9, 0.1], abs=1e-4)


def test_rows_of_another_kind_than_the_training_rows_fit_no_temperature() -> None:
    """A month in which every second flight is late, where one in four was: its rows are one draw, not four thousand."""
    generator = torch.Generator().manual_seed(0)
    late = torch.rand(4000, generator=generator) < 0.5
    output = torch.randn(4000, 1, 2, generator=generator)
    head = fitted(["late", "on time", "on time", "on time"])
    head.calibrate(output, head.encode(column(["late" if one else "on time" for one in late.tolist()])))
    assert float(head.temperature) == 1.0


def test_no_answer_is_surer_than_the_rows_judged_allow() -> None:
    """Ten rows, all answered right: the chance of an error is still 1/12, of which the prior of the class takes half."""
    head = fitted(["a", "b"])
    codes = torch.arange(10) % 2
    output = torch.nn.functional.one_hot(codes, 2).float()[:, None] * 1000
    head.calibrate(output, head.encode(column(["a", "b"] * 5)))
    assert head.answer(output)[0].tolist() == pytest.approx([1 - 1 / 24, 1 / 24])


def test_integers_and_booleans_come_back_as_they_were() -> None:
    sure = torch.tensor([[0.0, 1.0]], dtype=torch.float64)
    assert fitted([3, 7]).decode(sure)["label"].to_list() == [7]
    assert fitted([True, False]).decode(sure)["label"].to_list() == [True]
    assert fitted([3.0, 7.0, math.nan]).levels_ == [3, 7]


def test_labels_read_as_text_another_time_still_match() -> None:
    assert fitted([3, 7]).encode(column(["7", "3"], dtype=pl.String)).value.tolist() == [1, 0]


@pytest.mark.parametrize(("values", "found"), [(["a", "a"], "only 'a'"), ([None, None], "no label at all")])
def test_one_class_is_refused(values: list[object], found: str) -> None:
    with pytest.raises(TrainingError, match=found):
        fitted(values)

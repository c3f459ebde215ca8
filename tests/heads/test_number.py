import math

import pytest
import torch

from columns import column
from injerto.errors import TrainingError
from injerto.heads.number import NumberHead
from injerto.schema.schema import Target


def fitted(values: list[float | None]) -> NumberHead:
    return NumberHead("mass", Target(kind="number")).fit(column(values, name="mass"))


def test_labels_are_standard_deviations_and_answers_are_not() -> None:
    head = fitted([1.0, 3.0, 5.0])
    assert (head.mean_, head.std_) == (3.0, 2.0)
    assert head.encode(column([7.0])).value.tolist() == [2.0]
    assert head.answer(torch.tensor([[[2.0]]])).tolist() == [7.0]


def test_nan_infinity_and_missing_are_no_labels() -> None:
    head = fitted([1.0, 3.0, math.nan, math.inf, None])
    labels = head.encode(column([math.nan, -math.inf, None, 3.0]))
    assert head.mean_ == 2.0
    assert labels.known.tolist() == [False, False, False, True]
    assert torch.isfinite(labels.value).all()


def test_interval_holds_nine_in_ten() -> None:
    head = fitted([0.0, 2.0])  # mean 1, std sqrt(2)
    errors = torch.arange(1, 20) / math.sqrt(2)  # 19 errors of 1..19 units: the 18th smallest is the radius
    labels = head.encode(column([1.0] * 19))
    head.calibrate(errors[:, None, None], labels)
    assert float(head.radius) == pytest.approx(18.0, rel=1e-6)
    columns = head.decode(torch.tensor([5.0], dtype=torch.float64))
    assert columns["mass_low"].to_list() == pytest.approx([-13.0])


def test_too_few_rows_give_no_interval() -> None:
    head = fitted([0.0, 2.0])
    head.calibrate(torch.zeros(5, 1, 1), head.encode(column([1.0] * 5)))
    assert list(head.decode(torch.tensor([5.0]))) == ["mass"]


@pytest.mark.parametrize(
    ("values", "found"), [([4.0, 4.0], "is 4 in every training row"), ([math.nan, 2.0], "1 usable number")]
)
def test_nothing_to_learn_is_refused(values: list[float | None], found: str) -> None:
    with pytest.raises(TrainingError, match=found):
        fitted(values)

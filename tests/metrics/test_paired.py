"""The interval of a difference on numbers worked by hand: the same draws for both, whole groups, and what few rows can show."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.heads.answer_layout import CHANCES, NEW, WIDTH
from injerto.metrics import METRICS, class_metrics, number_metrics, sure_interval
from injerto.metrics.figures import COUNTS, MAIN
from injerto.metrics.meanings import MEANINGS
from injerto.metrics.paired import FEWEST, Side, differences, paired_bootstrap

CERTAIN = np.array([[0.9, 0.1], [0.1, 0.9]])
"""Answers that say class 0 and class 1."""


def said(classes: list[int] | np.ndarray) -> np.ndarray:
    return CERTAIN[np.asarray(classes)]


def sides(kind: str, rows: int = 24) -> tuple[Side, Side]:
    """Two models that answer unlike, of every kind."""
    random = np.random.default_rng(0)
    codes = np.arange(rows) % 8
    truth, shape = {
        "class": (codes, (rows, 8)),
        "classes": (np.eye(8)[codes], (rows, 8)),
        "number": (codes + 1.0, (rows,)),
        "keypoints": (np.tile([[3.0, 4.0, 2.0, 1.0], [1.0, 2.0, 2.0, 0.0]], (rows, 1, 1)), (rows, 2, 5)),
        "individual": (codes % 2, (rows, WIDTH)),
    }[kind]
    first, second = random.random((2, *shape))
    if kind == "individual":  # names share what being new leaves
        for answer in (first, second):
            answer[:, CHANCES] *= 1 - answer[:, [NEW]]
    return Side(truth, first), Side(truth, second)


@pytest.mark.parametrize("kind", METRICS)
def test_every_kind_has_differences_with_intervals_and_a_meaning(kind: str) -> None:
    first, second = sides(kind)
    whole = differences(METRICS[kind](*first), METRICS[kind](*second))
    assert MAIN[kind] in whole
    assert whole.keys() <= MEANINGS.keys() - COUNTS
    found = paired_bootstrap(METRICS[kind], first, second, draws=40)
    assert MAIN[kind] in found
    for name, (low, high) in found.items():
        assert low <= whole[name] <= high, name


@pytest.mark.parametrize("kind", METRICS)
def test_a_model_beside_itself_differs_by_exactly_nothing(kind: str) -> None:
    first, _ = sides(kind)
    found = paired_bootstrap(METRICS[kind], first, first, draws=20)
    assert MAIN[kind] in found
    assert set(found.values()) == {(0.0, 0.0)}


@pytest.mark.parametrize("kind", METRICS)
def test_the_other_way_round_the_sign_turns(kind: str) -> None:
    first, second = sides(kind)
    there, back = (paired_bootstrap(METRICS[kind], *pair, draws=20) for pair in ((first, second), (second, first)))
    for name, (low, high) in there.items():
        assert back[name] == pytest.approx((-high, -low)), name


def test_an_error_that_is_less_in_every_row_is_less_in_every_draw() -> None:
    """A is off by 2, B by 0.5 the other way, whatever the row: no draw can give another difference than -1.5."""
    truth = np.arange(10.0)
    found = paired_bootstrap(number_metrics, Side(truth, truth + 2), Side(truth, truth - 0.5))
    assert found["mae"] == found["rmse"] == found["median_ae"] == pytest.approx((-1.5, -1.5))


def test_what_is_hard_for_both_does_not_blur_their_difference() -> None:
    """Errors of 0 to 10 that both make; B makes 0.1 more in every second row: a mean of 0.05, a deviation of 0.05."""
    truth, hard = np.zeros(400), np.linspace(0, 10, 400)
    worse = hard + 0.1 * (np.arange(400) % 2)
    low, high = paired_bootstrap(number_metrics, Side(truth, hard), Side(truth, worse))["mae"]
    assert (low + high) / 2 == pytest.approx(0.05, abs=0.001)
    assert high - low == pytest.approx(2 * 1.96 * 0.05 / np.sqrt(400), rel=0.2)


def test_a_share_has_the_width_of_rows_that_differ() -> None:
    """Of 400 rows A is right alone in 20, B in 60: the difference is 0.1, its variance (80 / 400 - 0.1^2) / 400."""
    truth = np.zeros(400, dtype=int)
    first, second = np.repeat([0, 1, 0], [20, 60, 320]), np.repeat([1, 0, 0], [20, 60, 320])
    low, high = paired_bootstrap(class_metrics, Side(truth, said(first)), Side(truth, said(second)))["accuracy"]
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt((0.2 - 0.01) / 400), rel=0.2)
    assert low > 0


def test_whole_groups_are_drawn() -> None:
    """B is better in half of 20 groups, in all of their 20 rows: 20 cases, not 400."""
    truth, groups = np.zeros(400, dtype=int), np.repeat([f"nest {nest}" for nest in range(20)], 20)
    first, second = Side(truth, said(np.arange(400) // 20 % 2)), Side(truth, said(truth))

    def width(**options: np.ndarray) -> float:
        low, high = paired_bootstrap(class_metrics, first, second, **options)["accuracy"]
        return high - low

    assert width(groups=groups) / width() == pytest.approx(np.sqrt(20), rel=0.3)


@pytest.mark.parametrize(("rows", "shown"), [(4, False), (5, False), (6, True), (12, True)])
def test_fewer_than_six_rows_that_differ_show_nothing(rows: int, shown: bool) -> None:
    """The sign test: 5 of 5 in favour of B is chance once in 16, 6 of 6 once in 32."""
    truth, wrong = np.zeros(200, dtype=int), (np.arange(200) < rows).astype(int)
    low, high = paired_bootstrap(class_metrics, Side(truth, said(wrong)), Side(truth, said(truth)))["accuracy"]
    assert high > rows / 200
    assert (low > 0) == shown


def test_rows_that_never_differ_in_being_right_leave_a_doubt() -> None:
    """Both right on 11 of 11, with other probabilities: Clopper and Pearson say how many could differ elsewhere."""
    truth = np.zeros(11, dtype=int)
    first, second = Side(truth, np.tile([0.9, 0.1], (11, 1))), Side(truth, np.tile([0.8, 0.2], (11, 1)))
    reach = sure_interval(0.0, 11)[1]
    found = paired_bootstrap(class_metrics, first, second)
    assert found["accuracy"] == (-reach, reach)
    assert "balanced_accuracy" not in found
    wrong = Side(truth, np.tile([0.1, 0.9], (11, 1)))
    assert paired_bootstrap(class_metrics, wrong, first)["accuracy"] == sure_interval(1.0, 11)
    assert paired_bootstrap(class_metrics, first, wrong)["accuracy"] == (-1.0, -sure_interval(1.0, 11)[0])


def test_few_rows_or_groups_have_no_interval() -> None:
    first, second = sides("number")
    few = [Side(*(values[: FEWEST - 1] for values in side)) for side in (first, second)]
    assert paired_bootstrap(number_metrics, *few) == {}
    assert paired_bootstrap(number_metrics, first, second, groups=np.zeros(24)) == {}
    assert paired_bootstrap(number_metrics, *(Side(truth[:0], answer[:0]) for truth, answer in (first, second))) == {}


def test_both_must_answer_the_same_rows() -> None:
    first, second = sides("number")
    with pytest.raises(ValueError, match="One model answered 24 rows, the other 23"):
        paired_bootstrap(number_metrics, first, Side(second.truth[1:], second.answer[1:]))


def test_draws_repeat_and_obey_their_seed() -> None:
    first, second = sides("number")
    once, again, other = (paired_bootstrap(number_metrics, first, second, draws=20, seed=seed) for seed in (0, 0, 1))
    assert once == again != other

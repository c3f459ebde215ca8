"""Figures of individuals by hand."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.heads.answer_layout import AVERAGE_PRECISION, CHANCES, CODES, NEW, PROBABILITY, RANK, SQUARES, WIDTH
from injerto.metrics import bootstrap, sure_interval
from injerto.metrics.individual import CURVE_STEPS, half_each, individual_metrics, rejection_curve

NAN = float("nan")


def answer(
    new: float, rank: float = NAN, chance: float = NAN, precision: float = NAN, best: float = 0.0, squares: float = NAN
) -> list[float]:
    row = np.zeros(WIDTH)
    row[[NEW, RANK, PROBABILITY, AVERAGE_PRECISION, SQUARES]] = new, rank, chance, precision, squares
    row[CODES], row[CHANCES.start] = -1, best
    return row.tolist()


TRUTH = np.array([1, 1, 1, 1, 0, 0])
ANSWER = np.array(
    [
        answer(0.1, 1, 0.8, 1.0, best=0.7, squares=0.66),
        answer(0.2, 1, 0.5, 0.5, best=0.6, squares=0.35),
        answer(0.3, 4, 0.1, 0.3, best=0.4, squares=0.48),
        answer(0.6, 9, 0.01, 0.2, best=0.3, squares=0.57),
        answer(0.9, best=0.05),
        answer(0.25, best=0.65),
    ]
)


def test_figures_by_hand() -> None:
    assert individual_metrics(TRUTH, ANSWER) == pytest.approx(
        {
            "top1": 2 / 4,
            "top5": 3 / 4,
            "map": (1.0 + 0.5 + 0.3 + 0.2) / 4,
            "log_loss": -(np.log(0.8) + np.log(0.5) + np.log(0.1) + np.log(0.01)) / 4,
            "known_recall": 3 / 4,
            "new_recall": 1 / 2,
            "balanced_accuracy": (3 / 4 + 1 / 2) / 2,
            "auroc": (4 + 2) / 8,  # 0.9 is above all four known ones, 0.25 above two
            # if nobody is new names are 7/9, 3/4, 4/7 and 3/4 sure: three of them in one bin of 15, where two are right
            "ece": (abs(7 / 9 + 3 / 4 + 3 / 4 - 2) + 4 / 7) / 4,
            "brier": ((0.66 - 1.6 + 1) + (0.35 - 1 + 1) + (0.48 - 0.2 + 1) + (0.57 - 0.02 + 1)) / 4,
            # known rows count 3/4 each and new ones 3/2; 0.2 and 0.25 are in one bin of 15, all others alone
            "new_ece": (0.75 * 0.1 + abs(0.75 * 0.2 + 1.5 * 0.25 - 1.5) + 0.75 * 0.3 + 0.75 * 0.6 + 1.5 * 0.1) / 6,
            "new_brier": (0.75 * (0.01 + 0.04 + 0.09 + 0.36) + 1.5 * (0.01 + 0.5625)) / 6,
            "new_log_loss": -(0.75 * np.log(0.9 * 0.8 * 0.7 * 0.4) + 1.5 * np.log(0.9 * 0.25)) / 6,
        }
    )


def test_known_and_new_count_half_each() -> None:
    assert half_each(np.array([True, False, False, False])).tolist() == [2, 2 / 3, 2 / 3, 2 / 3]
    assert half_each(np.array([True, True])).tolist() == [1, 1]


def test_exactly_a_half_is_called_new() -> None:
    assert individual_metrics(np.array([1, 0]), np.array([answer(0.5, 1), answer(0.5)]))["balanced_accuracy"] == 0.5


def test_known_alone_and_new_alone_have_their_own_figures() -> None:
    known = individual_metrics(TRUTH[:4], ANSWER[:4])
    assert known.keys() == {"top1", "top5", "map", "log_loss", "brier", "ece", "known_recall"}
    assert individual_metrics(TRUTH[4:], ANSWER[4:]) == {"new_recall": 0.5}


def test_a_sure_mistake_is_finite() -> None:
    figures = individual_metrics(np.array([1]), np.array([answer(0.0, 2, 0.0, 0.1)], dtype=np.float32))
    assert figures["log_loss"] == pytest.approx(-np.log(np.finfo(float).eps))


def test_the_interval_of_a_sure_share_counts_known_rows_alone() -> None:
    truth = np.array([1] * 10 + [0] * 50)
    given = np.array([answer(0.1, 1, 0.9, 1.0)] * 10 + [answer(0.9)] * 50)
    intervals = bootstrap(individual_metrics, truth, given)
    assert intervals["top1"] == sure_interval(1.0, 10)
    assert "new_recall" not in intervals


def test_the_rejection_curve_by_hand() -> None:
    # By sureness: 0.9 new, rightly; 0.7 named, rightly; 0.65 a newcomer named; 0.6 and 0.6, one named rightly, one called new
    # that is known; 0.4 named wrongly.
    assert rejection_curve(TRUTH, ANSWER) == [
        {"coverage": pytest.approx(1 / 6, abs=1e-4), "error": 0},
        {"coverage": pytest.approx(2 / 6, abs=1e-4), "error": 0},
        {"coverage": pytest.approx(3 / 6, abs=1e-4), "error": pytest.approx(1 / 3, abs=1e-4)},
        {"coverage": pytest.approx(5 / 6, abs=1e-4), "error": pytest.approx(2 / 5, abs=1e-4)},
        {"coverage": 1, "error": pytest.approx(3 / 6, abs=1e-4)},
    ]


def test_a_long_curve_is_thinned_and_an_empty_one_empty() -> None:
    many = np.array([answer(0.0, 1, best=place / 1000) for place in range(1000)])
    steps = rejection_curve(np.ones(1000), many)
    assert len(steps) == CURVE_STEPS
    assert (steps[0]["coverage"], steps[-1]["coverage"]) == (0.001, 1.0)
    assert rejection_curve(TRUTH[:0], ANSWER[:0]) == []

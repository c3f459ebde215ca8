"""The formulas on numbers worked by hand, then against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from sklearn import metrics as reference

from injerto.metrics import (
    METRICS,
    average_precision,
    bootstrap,
    class_metrics,
    classes_metrics,
    expected_calibration_error,
    number_metrics,
    rank_auc,
    sure_interval,
)
from injerto.schema.schema import Target


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_every_kind_of_target_has_metrics() -> None:
    kinds = Target.model_fields["kind"].annotation
    assert set(METRICS) == set(kinds.__args__)


def test_two_classes_by_hand() -> None:
    truth = np.array([0, 0, 1, 1])
    answer = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]])
    figures = class_metrics(truth, answer)
    assert figures["accuracy"] == pytest.approx(0.75)
    assert figures["balanced_accuracy"] == pytest.approx((0.5 + 1.0) / 2)
    assert figures["log_loss"] == pytest.approx(-(np.log(0.9) + np.log(0.4) + np.log(0.8) + np.log(0.7)) / 4)
    assert figures["brier"] == pytest.approx((0.01 + 0.36 + 0.04 + 0.09) / 4)
    assert figures["auc"] == pytest.approx(1.0)
    # class 0: 1 hit of 2 true and 1 guessed, F1 = 2/3; class 1: 2 hits of 2 true and 3 guessed, F1 = 4/5.
    assert figures["f1_macro"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert "top5" not in figures


def test_unknown_level_counts_as_wrong_and_stays_out_of_the_log_loss() -> None:
    answer = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    figures = class_metrics(np.array([0, 1, -1]), answer)
    assert figures["accuracy"] == pytest.approx(2 / 3)
    assert figures["balanced_accuracy"] == pytest.approx((1 + 1 + 0) / 3)
    assert figures["log_loss"] == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2)
    assert figures["brier"] == pytest.approx((0.01 + 0.04) / 2)


def test_only_unknown_levels_leave_no_log_loss() -> None:
    figures = class_metrics(np.array([-1, -1]), np.array([[0.9, 0.1], [0.2, 0.8]]))
    assert figures["accuracy"] == 0
    assert "log_loss" not in figures and "auc" not in figures


def test_a_sure_mistake_is_finite() -> None:
    figures = class_metrics(np.array([0, 1]), np.array([[0.0, 1.0], [0.0, 1.0]], dtype=np.float32))
    assert figures["log_loss"] == pytest.approx(-np.log(np.finfo(float).eps) / 2)


def test_figures_that_cannot_be_defined_are_left_out() -> None:
    assert "auc" not in class_metrics(np.array([1, 1]), np.array([[0.2, 0.8], [0.4, 0.6]]))
    assert "r2" not in number_metrics(np.array([2.0, 2.0]), np.array([1.0, 3.0]))
    assert "map" not in classes_metrics(np.array([[0, 0]]), np.array([[0.1, 0.2]]))


@pytest.mark.parametrize("kind", METRICS)
def test_no_rows_no_figures(kind: str) -> None:
    truth = {"classes": np.empty((0, 3)), "keypoints": np.empty((0, 3, 4))}.get(kind, np.empty(0))
    assert METRICS[kind](truth, np.empty((0, 3, 5) if kind == "keypoints" else (0, 3))) == {}


@pytest.mark.parametrize("kind", METRICS)
def test_lengths_must_agree(kind: str) -> None:
    with pytest.raises(ValueError, match="3 true values but 2 answers"):
        METRICS[kind](np.zeros(3), np.zeros((2, 2)))


def test_calibration_error_by_hand() -> None:
    # Bin of 0.9: two rows, one right, distance 0.4; bin of 0.6: two rows, both right, distance 0.4.
    assert expected_calibration_error(np.array([0.9, 0.9, 0.62, 0.62]), np.array([1, 0, 1, 1])) == pytest.approx(
        (2 * abs(0.9 - 0.5) + 2 * abs(0.62 - 1)) / 4
    )
    assert expected_calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0


def test_auc_by_hand() -> None:
    assert rank_auc(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.4, 0.8])) == pytest.approx((1 + 0.5 + 2) / 4)
    assert rank_auc(np.array([1, 0]), np.array([0.0, 1.0])) == 0


def test_average_precision_by_hand() -> None:
    # Ordered: right, wrong, right -> (1/1 + 2/3) / 2.
    assert average_precision(np.array([1, 0, 1]), np.array([0.9, 0.8, 0.7])) == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("levels", [2, 3, 8])
def test_class_figures_agree_with_scikit_learn(levels: int) -> None:
    random = np.random.default_rng(levels)
    truth = np.concatenate([np.arange(levels), random.integers(levels, size=400)])
    answer = softmax(random.normal(size=(len(truth), levels)) + np.eye(levels)[truth])
    figures = class_metrics(truth, answer)
    guess = answer.argmax(axis=1)
    assert figures["balanced_accuracy"] == pytest.approx(reference.balanced_accuracy_score(truth, guess))
    assert figures["f1_macro"] == pytest.approx(reference.f1_score(truth, guess, average="macro"))
    assert figures["log_loss"] == pytest.approx(reference.log_loss(truth, answer))
    scores = answer[:, 1] if levels == 2 else answer
    assert figures["brier"] == pytest.approx(reference.brier_score_loss(truth, scores))
    assert figures["auc"] == pytest.approx(reference.roc_auc_score(truth, scores, multi_class="ovr"))
    if levels > 5:
        assert figures["top5"] == pytest.approx(reference.top_k_accuracy_score(truth, answer, k=5))


def test_classes_figures_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    truth = random.random((300, 4)) < [0.5, 0.3, 0.1, 0.05]
    answer = np.clip(truth * 0.3 + random.random((300, 4)).round(2) * 0.7, 0.01, 0.99)
    figures = classes_metrics(truth.astype(int), answer)
    assert figures["map"] == pytest.approx(reference.average_precision_score(truth, answer, average="macro"))
    for mean in ("micro", "macro"):
        assert figures[f"f1_{mean}"] == pytest.approx(reference.f1_score(truth, answer >= 0.5, average=mean))
    assert figures["subset_accuracy"] == pytest.approx(reference.accuracy_score(truth, answer >= 0.5))
    each = [reference.log_loss(truth[:, k], answer[:, k]) for k in range(4)]
    assert figures["log_loss"] == pytest.approx(np.mean(each))


def test_numbers_by_hand() -> None:
    figures = number_metrics(np.array([0.0, 2.0, 4.0]), np.array([1.0, 1.0, 4.0]))
    assert figures == pytest.approx(
        {"rmse": np.sqrt(2 / 3), "mae": 2 / 3, "median_ae": 1.0, "r2": 1 - 2 / 8, "mape": (0.5 + 0) / 2, "mape_left_out": 1.0}
    )


def test_number_figures_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(10, 3, 200)
    answer = truth + random.normal(size=200)
    figures = number_metrics(truth, answer)
    assert figures["r2"] == pytest.approx(reference.r2_score(truth, answer))
    assert figures["mape"] == pytest.approx(reference.mean_absolute_percentage_error(truth, answer))
    assert figures["mape_left_out"] == 0


def made_rows(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    truth = random.integers(2, size=count)
    sure = np.where(random.random(count) < 0.8, 0.9, 0.1)
    first = np.where(truth == 0, sure, 1 - sure)
    return truth, np.stack([first, 1 - first], axis=1)


def test_interval_has_the_width_of_a_share() -> None:
    truth, answer = made_rows(1000)
    figure = class_metrics(truth, answer)["accuracy"]
    low, high = bootstrap(class_metrics, truth, answer, draws=400)["accuracy"]
    # Normal interval of a share: +- 1.96 sqrt(p (1 - p) / n).
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(figure * (1 - figure) / 1000), rel=0.2)
    assert low < figure < high


def test_large_tables_give_the_width_of_all_their_rows() -> None:
    truth, answer = made_rows(300_000)
    low, high = bootstrap(lambda t, a: {"accuracy": float((a.argmax(axis=1) == t).mean())}, truth, answer)["accuracy"]
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(0.8 * 0.2 / 300_000), rel=0.25)


def test_groups_widen_the_interval() -> None:
    random = np.random.default_rng(2)
    groups = np.repeat([f"recording {g}" for g in range(40)], 25)
    hit = np.repeat(random.random(40) < 0.7, 25)
    truth = np.zeros(1000, dtype=int)
    answer = np.where(hit[:, None], [0.8, 0.2], [0.2, 0.8])

    def width(**options: np.ndarray) -> float:
        low, high = bootstrap(class_metrics, truth, answer, **options)["accuracy"]
        return high - low

    # Rows of one recording stand or fall together: 40 independent values, not 1,000.
    assert width(groups=groups) / width() == pytest.approx(5, rel=0.3)


def test_bootstrap_repeats_and_obeys_its_seed() -> None:
    truth, answer = made_rows(200)
    assert bootstrap(class_metrics, truth, answer) == bootstrap(class_metrics, truth, answer)
    assert bootstrap(class_metrics, truth, answer) != bootstrap(class_metrics, truth, answer, seed=1)


def test_intervals_hold_their_figure_and_stay_possible() -> None:
    truth, answer = made_rows(60)
    figures = class_metrics(truth, answer)
    for name, (low, high) in bootstrap(class_metrics, truth, answer).items():
        assert 0 <= low <= figures[name] <= high, name
        assert high <= 1 or name in ("log_loss", "brier"), name


def test_one_row_or_one_group_has_no_interval() -> None:
    truth, answer = made_rows(30)
    assert bootstrap(class_metrics, truth[:1], answer[:1]) == {}
    assert bootstrap(class_metrics, truth, answer, groups=np.full(30, "one whale")) == {}


def test_answers_that_are_all_right_or_all_wrong_keep_a_doubt() -> None:
    answer = np.tile([0.9, 0.1], (11, 1))
    right = bootstrap(class_metrics, np.zeros(11, dtype=int), answer)
    # Clopper and Pearson: the least share with which 11 of 11 still happens once in 40.
    assert right["accuracy"] == pytest.approx((0.7151, 1.0), abs=1e-4)
    assert right["accuracy"] == pytest.approx((beta.ppf(0.025, 11, 1), 1.0))
    wrong = bootstrap(class_metrics, np.ones(11, dtype=int), answer)
    assert wrong["accuracy"] == pytest.approx((0.0, beta.ppf(0.975, 1, 11)))
    assert "balanced_accuracy" not in right and "f1_macro" not in right
    groups = np.arange(11) // 2
    assert bootstrap(class_metrics, np.zeros(11, dtype=int), answer, groups=groups)["accuracy"] == sure_interval(1.0, 6)
    assert bootstrap(class_metrics, np.repeat([0, 1], 6), np.tile([0.9, 0.1], (12, 1)), groups=np.tile(range(6), 2)).keys() == {
        "log_loss",
        "brier",
    }


def test_counts_have_no_interval() -> None:
    truth = np.array([0.0, 1.0, 2.0, 3.0])
    assert "mape_left_out" not in bootstrap(number_metrics, truth, truth + 1)

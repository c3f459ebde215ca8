"""Calibration figures by hand."""

import math

import numpy as np
import pytest

from injerto.heads.answer_layout import WIDTH
from injerto.metrics import class_metrics
from injerto.metrics.binned import expected_calibration_error
from injerto.metrics.calibration import calibration_by_class, class_calibration, individual_calibration, labels_calibration


def test_a_class_by_hand() -> None:
    answer = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    found = class_calibration(np.array([0, 1, 1, 0]), answer)
    # bins of 1/15: 0.9 (two rows, one right), 0.8 (right), 0.6 (right)
    assert found["ece"] == pytest.approx((abs(1.8 - 1) + 0.2 + 0.4) / 4)
    assert found["brier"] == pytest.approx((0.01 + 0.81 + 0.04 + 0.16) / 4)
    assert found["log_loss"] == pytest.approx(-(math.log(0.9) + math.log(0.1) + math.log(0.8) + math.log(0.6)) / 4)


def test_it_is_what_the_metrics_of_a_class_say() -> None:
    random = np.random.default_rng(0)
    answer, truth = random.dirichlet(np.ones(4), 200), random.integers(-1, 4, 200)
    metrics = class_metrics(truth, answer)
    assert class_calibration(truth, answer) == pytest.approx({name: metrics[name] for name in ("ece", "brier", "log_loss")})


def test_labels_are_cases_one_by_one() -> None:
    found = labels_calibration(np.array([[1, 0], [0, 1]]), np.array([[0.9, 0.1], [0.2, 0.3]]))
    assert found["ece"] == pytest.approx((0.1 + 0.1 + 0.2 + 0.7) / 4)
    assert found["brier"] == pytest.approx((0.01 + 0.01 + 0.04 + 0.49) / 4)


def test_rows_count_by_their_weight() -> None:
    """0.9 twice, one of them right and counting three times: 0.9 against 3/4."""
    found = expected_calibration_error(np.array([0.9, 0.9]), np.array([True, False]), np.array([3.0, 1.0]))
    assert found == pytest.approx(0.9 - 0.75)


def test_of_individuals_those_figures_that_are_of_probabilities() -> None:
    answer = np.full((2, WIDTH), 0.25)
    found = individual_calibration(np.array([1, 0]), answer)
    assert list(found) == ["ece", "brier", "log_loss", "new_ece", "new_brier", "new_log_loss"]
    assert found["new_brier"] == pytest.approx((0.25**2 + 0.75**2) / 2)
    assert list(individual_calibration(np.array([1, 1]), answer)) == ["ece", "brier", "log_loss"]
    assert calibration_by_class("individual", ["Ann"], np.ones(99), np.full((99, WIDTH), 0.5)) == {}


def test_classes_with_few_rows_are_not_told() -> None:
    truth = np.array([0] * 50 + [1] * 49)
    found = calibration_by_class("class", ["jay", "owl"], truth, np.tile([0.6, 0.4], (99, 1)))
    assert list(found) == ["jay"]
    assert found["jay"] == {"rows": 50, "said": pytest.approx(0.6), "happened": 50 / 99, "ece": pytest.approx(0.6 - 50 / 99)}
    assert calibration_by_class("classes", ["jay"], np.ones((60, 1)), np.full((60, 1), 0.9))["jay"]["ece"] == pytest.approx(0.1)

"""Calibration figures by hand."""

import math

import numpy as np
import pytest

from injerto.metrics import class_metrics
from injerto.metrics.calibration import calibration_by_class, class_calibration, labels_calibration


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


def test_classes_with_few_rows_are_not_told() -> None:
    truth = np.array([0] * 50 + [1] * 49)
    found = calibration_by_class("class", ["jay", "owl"], truth, np.tile([0.6, 0.4], (99, 1)))
    assert list(found) == ["jay"]
    assert found["jay"] == {"rows": 50, "said": pytest.approx(0.6), "happened": 50 / 99, "ece": pytest.approx(0.6 - 50 / 99)}
    assert calibration_by_class("classes", ["jay"], np.ones((60, 1)), np.full((60, 1), 0.9))["jay"]["ece"] == pytest.approx(0.1)

"""Whether a model is worth more than a plainer answer, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from injerto.against import against
from injerto.metrics import METRICS
from injerto.metrics.figures import MAIN
from injerto.metrics.verdict import PLAIN, verdicts


def one(difference: float, interval: tuple[float, float] | None, better: str | None) -> dict[str, Any]:
    return {"difference": difference, "interval": interval, "better": better}


def test_a_better_model_needs_no_word() -> None:
    assert verdicts("class", {"against": {"baseline": {"accuracy": one(0.2, (0.1, 0.3), "model")}}}) == []
    assert verdicts("class", {}) == []


def test_no_difference_a_worse_model_and_too_few_rows_are_told() -> None:
    found = {
        "baseline": {"accuracy": one(0.01, (-0.02, 0.04), None), "log_loss": one(-0.2, (-0.3, -0.1), "model")},
        "linear model": {"accuracy": one(-0.1, (-0.2, -0.05), "rival")},
        "LightGBM": {"accuracy": one(0.1, None, None)},
    }
    assert verdicts("class", {"against": found}) == [
        "These rows do not show that the model is better than always answering the most frequent class: accuracy +0.01 (-0.02 "
        "to +0.04). In log loss it is better.",
        "The model is worse than the linear model: accuracy -0.1 (-0.2 to -0.05).",
        "Too few rows or groups to tell the model from LightGBM by accuracy.",
    ]


def test_every_kind_of_target_has_its_plain_answer() -> None:
    assert PLAIN.keys() == METRICS.keys() == MAIN.keys()


@pytest.mark.parametrize(("kind", "better"), [("number", "model"), ("class", "model")])
def test_lower_errors_and_higher_shares_are_better(kind: str, better: str) -> None:
    random = np.random.default_rng(0)
    if kind == "number":
        truth = random.normal(size=200)
        own, plain = truth + random.normal(0, 0.1, 200), np.zeros(200)
    else:
        truth = random.integers(0, 2, 200)
        own, plain = np.eye(2)[truth] * 0.8 + 0.1, np.tile([0.6, 0.4], (200, 1))
    found = against(kind, truth, own, plain, None)
    assert found[MAIN[kind]]["better"] == better
    turned = against(kind, truth, plain, own, None)
    assert turned[MAIN[kind]]["better"] == "rival"
    assert turned[MAIN[kind]]["difference"] == pytest.approx(-found[MAIN[kind]]["difference"])


def test_copies_of_rows_make_no_difference_surer() -> None:
    """Ten copies of each of 30 rows, drawn as groups, tell as much as the 30 rows."""
    random = np.random.default_rng(1)
    truth = random.normal(size=30)
    own, plain = truth + random.normal(0, 1, 30), truth + random.normal(0, 1.2, 30)
    alone = against("number", truth, own, plain, None)["mae"]["interval"]
    copied = [np.repeat(values, 10) for values in (truth, own, plain, np.arange(30))]
    grouped = against("number", *copied)["mae"]["interval"]
    torn = against("number", *copied[:3], None)["mae"]["interval"]
    assert np.ptp(grouped) == pytest.approx(np.ptp(alone), rel=0.25)
    assert np.ptp(torn) < 0.5 * np.ptp(grouped)

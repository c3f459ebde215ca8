"""Every figure of every kind of target: an interval over groups is as wide as what is known, however many rows repeat it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from injerto.heads.answer_layout import CHANCES, NEW, RANK, WIDTH
from injerto.metrics import METRICS, bootstrap
from injerto.metrics.figures import COUNTS

CASES, COPIES = 60, 9
RANDOM = np.random.default_rng(0)


def _class() -> tuple[Any, Any]:
    truth = RANDOM.integers(0, 6, CASES)
    chance = RANDOM.dirichlet(np.ones(6), CASES) + 0.3 * np.eye(6)[truth]
    return truth, chance / chance.sum(axis=1, keepdims=True)


def _classes() -> tuple[Any, Any]:
    truth = RANDOM.integers(0, 2, (CASES, 3))
    return truth, np.clip(0.3 * truth + 0.7 * RANDOM.random((CASES, 3)), 0.01, 0.99)


def _number() -> tuple[Any, Any]:
    truth = RANDOM.normal(10, 3, CASES)
    return truth, truth + RANDOM.normal(0, 1, CASES)


def _keypoints() -> tuple[Any, Any]:
    place = RANDOM.uniform(0, 100, (CASES, 2, 2))
    inside = RANDOM.random((CASES, 2, 1)) < 0.7
    truth = np.concatenate([place, np.full((CASES, 2, 1), 40.0), inside], axis=2)
    spread = RANDOM.uniform(1, 10, (CASES, 2, 1))
    said = np.clip(0.3 * inside + 0.7 * RANDOM.random((CASES, 2, 1)), 0, 1)
    return truth, np.concatenate([place + spread * RANDOM.normal(size=(CASES, 2, 2)), 2 * spread, spread, said], axis=2)


def _individual() -> tuple[Any, Any]:
    answer = RANDOM.random((CASES, WIDTH))
    answer[:, RANK] = RANDOM.integers(1, 9, CASES)
    answer[:, CHANCES] *= 1 - answer[:, [NEW]]  # names share what being new leaves
    return RANDOM.integers(0, 2, CASES), answer


MADE = {"class": _class, "classes": _classes, "number": _number, "keypoints": _keypoints, "individual": _individual}


def test_every_kind_is_tried() -> None:
    assert MADE.keys() == METRICS.keys()


@pytest.mark.parametrize("kind", METRICS)
def test_nine_copies_of_a_row_are_one_row(kind: str) -> None:
    truth, answer = MADE[kind]()
    copies = [np.repeat(values, COPIES, axis=0) for values in (truth, answer)]
    groups = np.repeat(np.arange(CASES), COPIES)
    figures = METRICS[kind](truth, answer)
    alone = bootstrap(METRICS[kind], truth, answer, draws=400)
    grouped = bootstrap(METRICS[kind], *copies, groups=groups, draws=400)
    torn = bootstrap(METRICS[kind], *copies, draws=400)
    assert grouped.keys() == alone.keys() == set(figures) - COUNTS
    for figure in grouped:
        assert np.ptp(grouped[figure]) == pytest.approx(np.ptp(alone[figure]), rel=0.35), figure
        assert np.ptp(torn[figure]) < 0.65 * np.ptp(grouped[figure]), figure

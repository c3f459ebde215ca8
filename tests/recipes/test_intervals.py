"""Intervals of a recipe's stages: of marked rows alone, of whole sightings, within what a share can be."""

from __future__ import annotations

import json

import numpy as np
import pytest

from injerto.recipes.intervals import with_intervals
from injerto.recipes.locator import locator_scores
from injerto.recipes.pointer import pointer_scores

RANDOM = np.random.default_rng(0)


def points(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Two ends 100 apart, found 0 to 12 off; every fifth row is not marked."""
    true = np.tile([[0.0, 0.0], [100.0, 0.0]], (rows, 1, 1))
    found = true + RANDOM.uniform(0, 12, (rows, 1, 1)) * np.array([0.0, 1.0])
    true[::5] = np.nan
    return found, true


def test_figures_are_those_of_the_stage_and_lie_in_their_intervals() -> None:
    found, true = points(100)
    told = with_intervals(pointer_scores, found, true, None)
    between = told.pop("intervals")
    assert told == pointer_scores(found, true)
    assert told["rows"] == 80
    assert between.keys() == told.keys() - {"rows"}
    for name in ("error_median", "within_0.05", "within_0.10"):
        assert between[name][0] < told[name] < between[name][1]
    assert between["exchanged"] == [0.0, pytest.approx(1 - 0.025 ** (1 / 80), abs=1e-4)]  # none of 80: Clopper and Pearson
    assert json.loads(json.dumps(between, allow_nan=False)) == between


def test_rows_of_one_sighting_are_one_case() -> None:
    found, true = (np.repeat(values, 6, axis=0) for values in points(60))
    alone = with_intervals(pointer_scores, found, true, None)["intervals"]["within_0.05"]
    whole = with_intervals(pointer_scores, found, true, np.repeat(np.arange(60), 6))["intervals"]["within_0.05"]
    assert np.ptp(whole) > 1.8 * np.ptp(alone)


def test_nothing_marked_has_no_interval() -> None:
    none = np.full((3, 4), np.nan)
    assert with_intervals(locator_scores, none, none, np.arange(3)) == {"rows": 0, "intervals": {}}

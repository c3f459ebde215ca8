"""Milliseconds and samples taken for seconds."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.clips.units import wrong_unit

MINUTE = np.full(4, 60.0)


@pytest.mark.parametrize(
    ("ends", "unit"),
    [
        ([1_000, 20_000, 59_000, 12_000], "As milliseconds they would fit: divide the times by 1000"),
        ([10 * 48_000, 59 * 48_000, 20 * 48_000, 48_000], "As samples they would fit: divide the times by the sampling rate"),
        ([50, 20_000, 59_000, 12_000], "3 of 4 selections end far beyond their recordings, such as 59000 in one of 60.0 s"),
    ],
)
def test_other_units(ends: list[float], unit: str) -> None:
    assert unit in (wrong_unit(np.array(ends, dtype=float), MINUTE) or "")


@pytest.mark.parametrize("ends", [[1, 20, 59, 60], [1, 2, 20_000, 30_000], [61, 62, 70, 90], [1e9, 2e9, 3e9, 4e9]])
def test_single_mistakes_are_no_unit(ends: list[float]) -> None:
    assert wrong_unit(np.array(ends, dtype=float), MINUTE) is None


def test_no_selections_have_no_unit() -> None:
    assert wrong_unit(np.array([]), np.array([])) is None

"""What errors at other points of a row say: all of it where they are always alike, nothing where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.learning.row_errors import expected_errors, typical


def test_errors_that_are_always_alike_tell_each_other() -> None:
    shared = np.random.default_rng(0).normal(size=(4000, 1, 2))
    errors = np.broadcast_to(shared, (4000, 2, 2))
    # covariance [[1, t], [t, 1]] + 0.05 with t = 4000 / (4000 + 4 * 2): the mean given the other is t / 1.05 of it
    expected = expected_errors(errors)
    quiet = np.linalg.norm(shared[:, 0], axis=1) < 3
    assert expected[quiet] == pytest.approx(errors[quiet] * (4000 / 4008) / 1.05, abs=0.02)


def test_errors_that_have_nothing_in_common_say_nothing() -> None:
    errors = np.random.default_rng(0).normal(size=(4000, 3, 2))
    assert np.abs(expected_errors(errors)).max() < 0.4


def test_a_point_alone_and_a_point_unknown() -> None:
    errors = np.random.default_rng(0).normal(size=(50, 2, 2))
    errors[:10, 1] = np.nan
    expected = expected_errors(errors)
    assert expected[:10, 0] == pytest.approx(np.zeros((10, 2)))
    assert np.isnan(expected[:10, 1]).all()
    assert np.isfinite(expected[10:]).all()


def test_typical_is_the_median_length() -> None:
    errors = np.array([[[3.0, 4.0], [np.nan, np.nan]], [[0.0, 1.0], [np.nan, np.nan]], [[0.0, 2.0], [np.nan, np.nan]]])
    assert typical(errors).tolist() == pytest.approx([2.0, np.nan], nan_ok=True)

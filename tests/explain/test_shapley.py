"""Shapley values worked by hand, and sampling held against the definition."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.explain.shapley import MOST_EXACT, Answer, exact, sampled, shapley


def mixing(function, row: np.ndarray, others: np.ndarray) -> Answer:
    return lambda kept, rows: function(np.where(kept, row, others[rows]))


@pytest.mark.parametrize("columns", [3, MOST_EXACT, 12])
def test_on_a_linear_model_each_weight_times_the_distance_from_the_mean(columns: int) -> None:
    random = np.random.default_rng(0)
    row, others, weights = random.normal(size=columns), random.normal(size=(50, columns)), random.normal(size=columns)
    found = shapley(mixing(lambda cells: cells @ weights + 3, row, others), columns, 50)
    assert found.exact == (columns <= MOST_EXACT)
    np.testing.assert_allclose(found.values, weights * (row - others.mean(axis=0)), atol=1e-10)
    np.testing.assert_allclose(found.values.sum(), found.answer - found.usual)


def test_two_columns_that_only_count_together_share_alike() -> None:
    found = exact(mixing(lambda cells: cells[:, 0] * cells[:, 1], np.array([2.0, 3.0, 9.0]), np.zeros((1, 3))), 3, 1)
    np.testing.assert_allclose(found.values, [3, 3, 0])
    assert np.isnan(found.errors).all()  # one background row says nothing of others


def test_an_error_is_that_of_the_mean_over_background_rows() -> None:
    others = np.array([[1.0], [2.0], [6.0]])
    found = exact(mixing(lambda cells: cells[:, 0], np.array([5.0]), others), 1, 3)
    np.testing.assert_allclose(found.errors, others.std(ddof=1) / np.sqrt(3))


def test_sampling_comes_as_near_as_it_says() -> None:
    random = np.random.default_rng(1)
    row, others = random.normal(size=6), random.normal(size=(40, 6))
    asked = mixing(lambda cells: np.tanh(cells[:, 0] * cells[:, 1] + cells[:, 2]) + cells[:, 3] ** 2, row, others)
    true, guessed = exact(asked, 6, 40), sampled(asked, 6, 40, pairs=400)
    assert (np.abs(guessed.values - true.values) < 4 * guessed.errors + 1e-9).all()
    assert (guessed.errors < 0.15).all()
    np.testing.assert_allclose(guessed.values[4:], 0, atol=1e-12)
    np.testing.assert_allclose(guessed.values.sum(), guessed.answer - guessed.usual)

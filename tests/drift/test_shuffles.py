"""Permutations of whole groups: p-values that are honest, and exact where they can be counted."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from injerto.drift.change import abs_shares, shares_apart
from injerto.drift.holm import holm
from injerto.drift.shuffles import Found, Shuffles, either


def mean_apart(values: np.ndarray):
    return lambda drawn: abs_shares(drawn, values[:, None].astype(np.float32))[:, 0]


def test_units_of_both_tables_are_counted_apart() -> None:
    shuffles = Shuffles.of(np.array([5, 5, 9]), np.array([5, 7]), most=99)
    assert shuffles.unit.tolist() == [0, 0, 1, 2, 3]
    assert shuffles.new.tolist() == [False, False, False, True, True]
    assert shuffles.units == (2, 2)


def test_the_p_value_is_that_of_all_permutations() -> None:
    values = np.array([1.0, 2, 3, 4, 10, 11, 12])
    found = Shuffles.of(np.arange(4), np.arange(3), most=20_000).test(mean_apart(values))
    assert found.apart == pytest.approx(11 - 2.5)
    assert found.p == pytest.approx(1 / comb(7, 3), abs=0.01)  # no other draw is as far apart


def test_drawing_ends_when_enough_draws_are_as_far_apart() -> None:
    calls = []

    def statistic(drawn: np.ndarray) -> np.ndarray:
        calls.append(len(drawn))
        return np.zeros(len(drawn))

    assert Shuffles.of(np.arange(50), np.arange(50), most=5000).test(statistic).p == 1.0
    assert sum(calls) <= 101


def test_groups_are_drawn_whole() -> None:
    seen = []

    def statistic(drawn: np.ndarray) -> np.ndarray:
        seen.append(drawn)
        return np.zeros(len(drawn))

    Shuffles.of(np.repeat(np.arange(6), 3), np.repeat(np.arange(4), 3), most=50).test(statistic)
    drawn = np.concatenate(seen).reshape(-1, 10, 3)
    assert (drawn.min(axis=2) == drawn.max(axis=2)).all()
    assert (drawn[:, :, 0].sum(axis=1) == 4).all()


def test_rows_of_one_animal_are_no_proof() -> None:
    """Ten rows of each of six animals that differ by chance: as rows they are a change, as animals they are none."""
    random = np.random.default_rng(0)
    as_rows, as_animals = [], []
    for _ in range(40):
        values = np.repeat(random.normal(size=12), 10)
        animals = np.repeat(np.arange(6), 10)
        as_rows.append(Shuffles.of(np.arange(60), np.arange(60), most=199).test(mean_apart(values)).p)
        as_animals.append(Shuffles.of(animals, animals, most=199).test(mean_apart(values)).p)
    assert np.mean(np.array(as_rows) <= 0.05) > 0.3
    assert np.mean(np.array(as_animals) <= 0.05) < 0.15


def test_one_side_alone_shows_nothing() -> None:
    assert Shuffles.of(np.arange(3), np.arange(0), most=99).test(mean_apart(np.arange(3.0))).p == 1.0


def test_some_rows_keep_their_units() -> None:
    shuffles = Shuffles.of(np.array([0, 0, 1]), np.array([0, 1, 1]), most=9)
    some = shuffles.only(np.array([True, False, True, False, True, True]))
    assert some.unit.tolist() == [0, 1, 2, 2]
    assert some.new_unit.tolist() == [False, False, True]


def test_shares_apart_by_hand() -> None:
    drawn = np.array([[False, True, True], [True, False, False]])
    ones = np.array([[1.0], [0.0], [1.0]], dtype=np.float32)
    assert shares_apart(drawn, ones)[:, 0].tolist() == pytest.approx([-0.5, 0.5])


def test_what_chance_makes_is_taken_off() -> None:
    assert Found(1.0, 0.2, 0.01).beyond == 1.0
    assert Found(0.6, 0.2, 0.01).beyond == pytest.approx(0.5)
    assert Found(0.1, 0.2, 0.5).beyond == 0.0
    assert either(Found(0, 0, 0.01), Found(0, 0, 0.4)) == 0.02


def test_holm_by_hand() -> None:
    assert holm({"a": 0.04, "b": 0.01, "c": 0.3}) == {"a": pytest.approx(0.08), "b": pytest.approx(0.03), "c": 0.3}
    assert holm({}) == {}

"""How many typical errors a number is away, by hand and where errors grow."""

import numpy as np

from injerto.learning.wrong_numbers import FAR, NEIGHBOURS, times_off


def test_few_rows_share_one_typical_error() -> None:
    times, typical = times_off(np.array([1.0, 2.0, 3.0, 9.0]), np.array([1.5, 2.5, 2.5, 4.0]))
    assert times.tolist() == [1, 1, 1, 10]  # errors 0.5, 0.5, 0.5 and 5
    assert typical.tolist() == [0.5] * 4


def test_what_is_typical_grows_with_the_answer() -> None:
    random = np.random.default_rng(0)
    told = np.linspace(10, 1000, 2000)
    label = told * (1 + random.normal(0, 0.1, 2000))
    label[[40, 1900]] = told[[40, 1900]] + 100  # much where 30 is told, nothing much where 950 is
    times, typical = times_off(label, told)
    assert times[40] > 5 * FAR and times[1900] < FAR
    assert typical[1900] > 10 * typical[40]
    assert (times >= FAR).mean() < 0.01


def test_order_does_not_matter() -> None:
    random = np.random.default_rng(1)
    told, label = random.normal(size=300), random.normal(size=300)
    mixed = random.permutation(300)
    np.testing.assert_allclose(times_off(label[mixed], told[mixed])[0], times_off(label, told)[0][mixed])


def test_where_nothing_is_off_nothing_is_suspect_and_one_slip_stands_out() -> None:
    told = np.arange(100.0)
    assert times_off(told, told)[0].tolist() == [0.0] * 100
    label = told.copy()
    label[5] = 50
    times, _ = times_off(label, told)
    assert times[5] == 45 / (1e-3 * label.std()) and (np.delete(times, 5) == 0).all()
    assert times_off(np.full(40, 3.0), np.full(40, 3.0))[0].tolist() == [0.0] * 40


def test_a_few_rows_that_fit_by_chance_do_not_make_others_suspect() -> None:
    told = np.repeat(np.arange(10.0), NEIGHBOURS)
    error = np.where(told == 3, 1e-9, 1.0)
    error[told == 3] = np.linspace(0, 0.3, NEIGHBOURS)
    times, typical = times_off(told + error, told)
    assert typical.min() >= 0.1 and times.max() < FAR

"""Event F1 on events whose matches can be counted by hand."""

from __future__ import annotations

import pytest

from injerto.events.match import F1, Told, event_f1

BARK = Told(10.0, 12.0, "bark")


@pytest.mark.parametrize(
    ("told", "hit"),
    [
        (Told(10.5, 12.0, "bark"), True),
        (Told(10.51, 12.0, "bark"), False),
        (Told(10.0, 11.5, "bark"), True),
        (Told(10.0, 11.4, "bark"), False),
        (Told(10.0, 12.0, "rain"), False),
    ],
)
def test_an_event_is_found_within_the_collar_and_under_its_own_name(told: Told, hit: bool) -> None:
    assert event_f1([told], [BARK]) == F1(int(hit), 1, 1)


def test_the_end_of_a_long_event_may_stray_by_a_fifth() -> None:
    rain = Told(0.0, 100.0, "rain")
    assert event_f1([Told(0.0, 119.0, "rain")], [rain]).hits == 1
    assert event_f1([Told(0.0, 121.0, "rain")], [rain]).hits == 0


def test_what_is_told_twice_counts_once() -> None:
    found = event_f1([BARK, BARK], [BARK])
    assert (found.precision, found.recall, found.value) == (0.5, 1.0, pytest.approx(2 / 3))


def test_counts_add_up_over_recordings() -> None:
    assert F1(1, 2, 3) + F1(3, 4, 5) == F1(4, 6, 8)
    assert F1(0, 0, 0).value == 0

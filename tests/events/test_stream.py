"""Hysteresis on numbers worked by hand, and that a stream's cuts change nothing."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injerto.errors import ListeningError
from injerto.events.event import Event
from injerto.events.rule import EventRule
from injerto.events.stream import EventStream


def events(shares: list[float], rule: EventRule, *, step_s: float = 1.0, cuts: tuple[int, ...] = ()) -> list[Event]:
    """Events of the one class that counts, from its shares."""
    table = np.array([[share, 1 - share] for share in shares], dtype=np.float32).reshape(-1, 2)
    stream = EventStream(["wren", "none"], rule, step_s)
    for part in np.split(table, sorted(cuts)):
        stream.take(part)
    return stream.finish(len(shares) * step_s)


def test_begins_over_the_threshold_and_ends_under_the_low_share() -> None:
    found = events([0.1, 0.4, 0.75, 0.5, 0.25, 0.2, 0.0], EventRule(threshold=0.5))
    assert found == [Event(2.0, 5.0, "wren", 0.75, 0.5)]  # 0.4 came before the threshold; (0.75 + 0.5 + 0.25) / 3


def test_a_run_that_never_reaches_the_threshold_is_no_event() -> None:
    assert events([0.3, 0.49, 0.3], EventRule(threshold=0.5)) == []


def test_a_short_gap_is_closed_and_its_shares_count_in_the_mean() -> None:
    shares = [1.0, 0.0, 0.5, 0.0, 0.0, 0.5]
    rule = EventRule(threshold=0.5, gap_seconds=2.0)
    assert events(shares, rule) == [Event(0.0, 3.0, "wren", 1.0, 0.5), Event(5.0, 6.0, "wren", 0.5, 0.5)]
    assert len(events(shares, EventRule(threshold=0.5, gap_seconds=1.0))) == 3, "a gap as long as --gap is none that is shorter"
    assert [one.end_s for one in events(shares, EventRule(threshold=0.5, gap_seconds=2.1))] == [6.0]


def test_a_low_run_between_two_events_is_a_gap() -> None:
    found = events([0.9, 0.1, 0.3, 0.1, 0.9], EventRule(threshold=0.5, gap_seconds=3.0))
    assert [(one.start_s, one.end_s) for one in found] == [(0.0, 1.0), (4.0, 5.0)]


def test_short_events_are_left_out_after_gaps_are_closed() -> None:
    rule = EventRule(threshold=0.5, gap_seconds=0.15, shortest_seconds=0.3)
    assert events([1, 0, 1, 0, 0, 1, 1], rule, step_s=0.1) == [Event(0.0, 0.3, "wren", 1.0, pytest.approx(2 / 3, abs=1e-6))]


def test_an_event_ends_with_its_recording() -> None:
    stream = EventStream(["wren"], EventRule(), 1.0)
    stream.take(np.ones((3, 1), dtype=np.float32))
    assert stream.finish(2.25) == [Event(0.0, 2.25, "wren", 1.0, 1.0)]


def test_classes_are_apart_and_sorted_by_start() -> None:
    stream = EventStream(["wren", "none", "jay"], EventRule(ignore=()), 1.0)
    stream.take(np.array([[0, 1, 1], [1, 1, 0], [0, 1, 1]], dtype=np.float32))
    assert [(one.label, one.start_s) for one in stream.finish(3.0)] == [("jay", 0.0), ("wren", 1.0), ("jay", 2.0)]


SHARES = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.49, 0.5, 0.51, 0.9, 1.0, 0.123456]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(SHARES, st.lists(st.integers(0, 40), max_size=8), st.sampled_from([0.0, 0.1, 0.25, 0.5]), st.sampled_from([0.0, 0.3]))
def test_any_cut_gives_the_same_events(shares: list[float], cuts: list[int], gap: float, shortest: float) -> None:
    rule = EventRule(threshold=0.5, low=0.3, gap_seconds=gap, shortest_seconds=shortest)
    assert events(shares, rule, step_s=0.1, cuts=tuple(cuts)) == events(shares, rule, step_s=0.1)


@settings(max_examples=100, deadline=None)
@given(SHARES)
def test_events_are_apart_and_hold_the_threshold(shares: list[float]) -> None:
    found = events(shares, EventRule(threshold=0.5, low=0.3, shortest_seconds=0, gap_seconds=2.0))
    assert all(one.score >= 0.5 and one.start_s < one.end_s for one in found)
    assert all(after.start_s - before.end_s >= 2.0 for before, after in pairwise(found))
    assert {row for row, share in enumerate(shares) if share >= 0.5} <= {
        row for one in found for row in range(int(one.start_s), int(one.end_s))
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 0.0}, "threshold must be more than 0 and at most 1, found 0.0"),
        ({"threshold": 1.5}, "threshold must be more than 0 and at most 1, found 1.5"),
        ({"threshold": float("nan")}, "threshold must be more than 0"),
        ({"threshold": 0.4, "low": 0.5}, "low must be more than 0 and at most the threshold, 0.4; found 0.5"),
        ({"gap_seconds": -1.0}, "gap must be 0 seconds or more"),
        ({"shortest_seconds": float("inf"), "gap_seconds": -1.0}, "gap must be.*; shortest must be"),
    ],
)
def test_rules_that_cannot_be(options: dict[str, float], message: str) -> None:
    with pytest.raises(ListeningError, match=message):
        EventRule(**options)


def test_ignored_classes_are_the_models() -> None:
    assert EventRule(ignore=("jay",)).heeded(["jay", "none", "wren"]) == [2]
    with pytest.raises(ListeningError, match=r"'wern', is none of the model's. Did you mean 'wren'\? Its classes: jay, wren."):
        EventRule(ignore=("wern",)).heeded(["jay", "wren"])
    with pytest.raises(ListeningError, match="All classes of the model are ignored"):
        EventRule(ignore=("jay",)).heeded(["jay", "none"])

"""The rule that makes the best events of known scenes."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.errors import ListeningError
from injerto.events.rule import EventRule
from injerto.events.tuning import Scene, best_rule

NAMES = ["bark", "none"]


def scene(bark: list[float], events: list[tuple[float, float, str]]) -> Scene:
    shares = np.array([[share, 1 - share] for share in bark], dtype=np.float32)
    return Scene(shares, 1.0, 0.0, events)


def test_a_scene_is_judged_by_its_events() -> None:
    found = scene([0, 0, 0.9, 0.9, 0], [(2.0, 4.0, "bark")]).judged(NAMES, EventRule())
    assert (found.hits, found.told, found.true) == (1, 1, 1)


def test_shares_that_are_never_high_ask_for_a_low_threshold() -> None:
    quiet = [scene([0, 0, 0.35, 0.35, 0.35, 0], [(2.0, 5.0, "bark")])] * 3
    assert best_rule(NAMES, quiet, EventRule()).threshold == 0.3


def test_false_alarms_ask_for_a_high_threshold() -> None:
    noisy = [scene([0, 0.45, 0, 0, 0.9, 0.9, 0], [(4.0, 6.0, "bark")])] * 3
    assert best_rule(NAMES, noisy, EventRule()).threshold >= 0.5


def test_pauses_within_events_ask_for_a_long_gap() -> None:
    broken = [scene([0, 0.9, 0, 0.9, 0, 0, 0], [(1.0, 4.0, "bark")])] * 3
    assert best_rule(NAMES, broken, EventRule()).gap_seconds > 1.0


@pytest.mark.parametrize("events", [[], [(2.0, 4.0, "bark")]])
def test_where_no_rule_finds_an_event_it_stays_as_it_is(events: list[tuple[float, float, str]]) -> None:
    assert best_rule(NAMES, [scene([0.1] * 6, events)] * 3, EventRule()) == EventRule()


def test_a_rule_is_amended_only_where_told() -> None:
    rule = EventRule(0.4, 0.1, 2.0, 0.6, ("rain",))
    assert rule.amended() == rule
    assert rule.amended(gap_seconds=0.0) == EventRule(0.4, 0.1, 0.0, 0.6, ("rain",))
    assert rule.amended(threshold=0.8).low_share == 0.4
    assert rule.amended(threshold=0.8, low=0.7, ignore=("bark",)) == EventRule(0.8, 0.7, 2.0, 0.6, ("bark",))
    with pytest.raises(ListeningError, match="low must be"):
        rule.amended(low=0.5)

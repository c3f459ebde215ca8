"""The rule that makes the best events of shares over time, found on scenes whose events are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from injerto.events.match import F1, Told, event_f1
from injerto.events.rule import EventRule
from injerto.events.stream import EventStream

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
LOW_SHARES = (0.05, 0.1, 0.2, 0.3)
GAPS_S = (0.5, 1.0, 1.5, 2.0)
SHORTEST_S = (0.3, 0.6)
MOST_SCENES = 400


@dataclass(frozen=True)
class Scene:
    """Shares (T,K), a row every `step_s` from `start_s` on, and what was there: start, end and label of each event."""

    shares: np.ndarray
    step_s: float
    start_s: float
    events: Sequence[tuple[float, float, str]]

    def judged(self, names: Sequence[str], rule: EventRule) -> F1:
        """How well the events of `rule` match those that were there."""
        stream = EventStream(names, rule, self.step_s, self.start_s)
        stream.take(self.shares)
        end_s = self.start_s + len(self.shares) * self.step_s
        told = [Told(event.start_s, event.end_s, event.label) for event in stream.finish(end_s)]
        return event_f1(told, [Told(*event) for event in self.events])


def best_rule(names: Sequence[str], scenes: Sequence[Scene], rule: EventRule) -> EventRule:
    """`rule` with the shares, then the seconds, that give the highest event F1 over at most 400 of the scenes.

    Where no rule finds any event, they tell nothing, and `rule` stays as it is.
    """
    some = [scenes[place] for place in np.linspace(0, len(scenes) - 1, min(len(scenes), MOST_SCENES)).round().astype(int)]
    patient = replace(rule, gap_seconds=1.0)
    shares = (
        replace(patient, threshold=threshold, low=low) for threshold, low in product(THRESHOLDS, LOW_SHARES) if low < threshold
    )
    best = _best(names, some, shares)
    seconds = (
        replace(best, gap_seconds=gap_s, shortest_seconds=shortest_s) for gap_s, shortest_s in product(GAPS_S, SHORTEST_S)
    )
    best = _best(names, some, seconds)
    return best if _f1(names, some, best) > 0 else rule


def _f1(names: Sequence[str], scenes: Sequence[Scene], rule: EventRule) -> float:
    return sum((scene.judged(names, rule) for scene in scenes), F1(0, 0, 0)).value


def _best(names: Sequence[str], scenes: Sequence[Scene], rules: Iterable[EventRule]) -> EventRule:
    """The rule with the highest F1; of rules as good, the one nearest to the default, as easy sounds would allow any."""

    def value(rule: EventRule) -> tuple[float, float, float, float, float]:
        usual = EventRule()
        strays = abs(rule.threshold - usual.threshold), abs(rule.low_share - usual.low_share)
        return (round(_f1(names, scenes, rule), 3), -strays[0], -strays[1], -rule.gap_seconds, -rule.shortest_seconds)

    return max(rules, key=value)

"""Event-based F1: an event is found when its class is right and its start and end are within a collar.

*Source*: Mesaros et al. 2016, Metrics for Polyphonic Sound Event Detection, Applied Sciences 6(6):162, section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """An event that was told."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True)
class F1:
    """Counts and what follows from them."""

    hits: int
    told: int
    true: int

    @property
    def precision(self) -> float:
        """Share of told events that are true."""
        return self.hits / max(1, self.told)

    @property
    def recall(self) -> float:
        """Share of true events that were told."""
        return self.hits / max(1, self.true)

    @property
    def value(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / max(1, self.told + self.true)


def event_f1(told: Sequence[Found], true: Sequence[Found], *, collar_s: float = 0.5, end_share: float = 0.2) -> F1:
    """Each true event is matched with at most one told; ends may stray by the collar or a fifth of the length."""
    free = set(range(len(told)))
    hits = 0
    for event in sorted(true, key=lambda one: one.start_s):
        slack = max(collar_s, end_share * (event.end_s - event.start_s))
        fitting = [
            place
            for place in free
            if told[place].label == event.label
            and abs(told[place].start_s - event.start_s) <= collar_s
            and abs(told[place].end_s - event.end_s) <= slack
        ]
        if fitting:
            free.remove(min(fitting, key=lambda place: abs(told[place].start_s - event.start_s)))
            hits += 1
    return F1(hits, len(told), len(true))

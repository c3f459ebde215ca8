"""Event-based F1: an event is found when its class is right and its start and end are within a collar.

*Source*: Mesaros et al. 2016, Metrics for Polyphonic Sound Event Detection, Applied Sciences 6(6):162, section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """An event by its times and its class, whoever tells of it."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True)
class F1:
    """Counts and what follows from them."""

    hits: int
    told: int
    true: int

    def __add__(self, other: F1) -> F1:
        return F1(self.hits + other.hits, self.told + other.told, self.true + other.true)

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


def event_f1(told: Sequence[Told], true: Sequence[Told], *, collar_s: float = 0.5, end_share: float = 0.2) -> F1:
    """Each true event is matched with at most one told; ends may stray by the collar or a fifth of the length.

    Example:
        >>> event_f1([Told(1.2, 3.0, "bark")], [Told(1.0, 2.0, "bark"), Told(1.0, 3.2, "bark")]).value
        0.6666666666666666
    """
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

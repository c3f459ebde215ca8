"""Which events are looked at on a page: the surest, with the seconds around them, those near each other together."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from injerto.events.event import Event
from injerto.listening.heard import Heard

MOST_EVENTS = 200
MOST_RECORDINGS = 50
MARGIN_SECONDS = 2.0
LONGEST_SECONDS = 15.0


@dataclass(frozen=True)
class Scene:
    """A stretch of a recording to look at, for the sake of `event`; `events` are all that reach into it."""

    heard: Heard
    event: Event
    start_s: float
    end_s: float
    events: tuple[Event, ...]


def surest(found: Iterable[Heard], most: int = MOST_EVENTS, recordings: int = MOST_RECORDINGS) -> list[Scene]:
    """Scenes of the events with the highest scores, the surest first; an event that a surer one's scene shows has none."""
    pairs = ((event.score, -place, event, heard) for place, (heard, event) in enumerate(_pairs(found)))
    scenes: dict[str, list[Scene]] = {}
    chosen: list[Scene] = []
    for _, _, event, heard in heapq.nlargest(most, pairs, key=lambda pair: pair[:2]):
        own = scenes.get(heard.recording)
        if own is None:
            if len(scenes) == recordings:
                continue
            own = scenes[heard.recording] = []
        if any(one.start_s <= event.start_s and min(event.end_s, event.start_s + MARGIN_SECONDS) <= one.end_s for one in own):
            continue
        own.append(_scene(heard, event))
        chosen.append(own[-1])
    return chosen


def _pairs(found: Iterable[Heard]) -> Iterable[tuple[Heard, Event]]:
    return ((heard, event) for heard in found for event in heard.events)


def _scene(heard: Heard, event: Event) -> Scene:
    start_s = max(0.0, event.start_s - MARGIN_SECONDS)
    end_s = min(heard.seconds, event.end_s + MARGIN_SECONDS, start_s + LONGEST_SECONDS)
    within = tuple(one for one in heard.events if one.start_s < end_s and one.end_s > start_s)
    return Scene(heard, event, start_s, end_s, within)

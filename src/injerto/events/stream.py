"""Shares over time to events: hysteresis as a stream, in the memory of the events that are still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from injerto.events.event import Event
from injerto.events.rule import EventRule

_WHOLE = 2**30
"""Shares are summed as whole numbers of this fraction, so that a mean does not depend on where a stream was cut."""
_ROUNDING = 1e-9


@dataclass
class _Track:
    """The last event of one class, which may still go on: rows `start` to `end`, and the sums of their shares."""

    place: int
    start: int = 0
    end: int = 0
    peak: float = 0.0
    total: int = 0
    gap: int = 0
    """Sum of the shares since `end`: part of the event if it goes on after a short gap."""
    is_open: bool = False
    runs: bool = False
    """Whether the last row that was taken belongs to the event."""


class EventStream:
    """Takes shares stretch by stretch, all of one recording in order, and gives the events in the end.

    An event begins at the first row that reaches the threshold and ends before the first that falls under the low share.
    Row t stands for the time from t * `step_s` to (t + 1) * `step_s` after `start_s`.
    """

    def __init__(self, names: Sequence[str], rule: EventRule, step_s: float, start_s: float = 0.0) -> None:
        self.names, self.rule, self.step_s, self.start_s = names, rule, step_s, start_s
        self.tracks = [_Track(place) for place in rule.heeded(names)]
        self.rows = 0
        self._found: list[Event] = []

    def take(self, shares: np.ndarray) -> None:
        """The next rows (T,K) of shares."""
        if not len(shares):
            return
        over = np.asarray(shares >= np.float32(self.rule.low_share))
        loud = np.any(over, axis=0)
        for track in self.tracks:
            if loud[track.place] or track.is_open:
                self._follow(track, shares[:, track.place], over[:, track.place])
        self.rows += len(shares)

    def finish(self, seconds: float) -> list[Event]:
        """All events of the recording of this length, sorted by start, end and label."""
        for track in self.tracks:
            self._close(track)
        placed = (one._replace(end_s=min(one.end_s, round(seconds, 6))) for one in self._found)
        shortest = self.rule.shortest_seconds - _ROUNDING
        return sorted(one for one in placed if one.end_s > one.start_s and one.end_s - one.start_s >= shortest)

    def _follow(self, track: _Track, shares: np.ndarray, over: np.ndarray) -> None:
        """One class over the rows of a stretch, run by run of rows that are over the low share."""
        edges = np.flatnonzero(np.diff(over, prepend=False, append=False)).reshape(-1, 2)
        done = 0
        for first, last in edges.tolist():
            begins = first
            if not (track.runs and first == 0):
                high = np.flatnonzero(shares[first:last] >= np.float32(self.rule.threshold))
                begins = first + int(high[0]) if len(high) else last
            self._pass(track, shares[done:begins])
            if begins < last:
                self._hear(track, shares[begins:last], self.rows + begins)
            done = last
        self._pass(track, shares[done:])

    def _hear(self, track: _Track, shares: np.ndarray, row: int) -> None:
        """Rows from `row` on that belong to an event: the last one when it goes on or ended shortly before, else a new one."""
        if track.is_open and not track.runs and (row - track.end) * self.step_s >= self.rule.gap_seconds - _ROUNDING:
            self._close(track)
        if not track.is_open:
            track.is_open, track.start, track.peak, track.total, track.gap = True, row, 0.0, 0, 0
        track.total += track.gap + _sum(shares)
        track.gap, track.runs = 0, True
        track.end, track.peak = row + len(shares), max(track.peak, float(shares.max()))

    def _pass(self, track: _Track, shares: np.ndarray) -> None:
        """Rows that belong to no event, unless the next one begins soon."""
        if len(shares):
            track.runs = False
            track.gap += _sum(shares) if track.is_open else 0

    def _close(self, track: _Track) -> None:
        if not track.is_open:
            return
        track.is_open = False
        start_s, end_s = (round(self.start_s + row * self.step_s, 6) for row in (track.start, track.end))
        mean = track.total / _WHOLE / (track.end - track.start)
        self._found.append(Event(start_s, end_s, self.names[track.place], round(track.peak, 6), round(mean, 6)))


def _sum(shares: np.ndarray) -> int:
    return int(np.rint(shares.astype(np.float64) * _WHOLE).astype(np.int64).sum())

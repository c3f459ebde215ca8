"""Who hears recordings: this process one after the other, or others; each becomes its events."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.events.rule import EventRule
from injerto.events.stream import EventStream
from injerto.listening.by_clip import ByClip
from injerto.listening.by_moment import ByMoment
from injerto.listening.heard import Heard
from injerto.listening.journal import Journal
from injerto.listening.sources import Source
from injerto.listening.timeline import Timeline
from injerto.progress import Step
from injerto.table.recording import Recording


class Hearer(ABC):
    """Hears recordings for `listen`."""

    @abstractmethod
    def heard(self, sources: Iterable[tuple[int, Source]], journal: Journal, step: Step) -> Iterator[tuple[int, Heard]]:
        """Each numbered recording as it was heard, in any order; shares that are to be kept are in `journal` by then."""


class Here(Hearer):
    """This process, in constant memory; it knows how fast it has been so far."""

    def __init__(self, timeline: Timeline, rule: EventRule, keep_shares: bool) -> None:
        self.timeline, self.rule, self.keep_shares = timeline, rule, keep_shares
        self.started, self.heard_s, self.told_s = time.monotonic(), 0.0, 0

    def heard(self, sources: Iterable[tuple[int, Source]], journal: Journal, step: Step) -> Iterator[tuple[int, Heard]]:
        for number, source in sources:
            before = journal.rows
            keep = journal.keep_shares if self.keep_shares else None
            heard = hear(self.timeline, self.rule, source, keep, lambda seconds: self._tell(step, seconds))
            if heard.problem:
                journal.forget_shares(before)
            yield number, replace(heard, rows=(0, 0) if heard.problem else (before, journal.rows - before))

    def _tell(self, step: Step, seconds: float) -> None:
        """Whole seconds of sound to the watcher, and how many a second of waiting."""
        self.heard_s += seconds
        whole = int(self.heard_s) - self.told_s
        self.told_s += whole
        speed = self.heard_s / max(time.monotonic() - self.started, 1e-3)
        step.advance(whole, f"{speed:,.0f} times as fast as it sounds")


def hear(
    timeline: Timeline,
    rule: EventRule,
    source: Source,
    keep: Callable[[np.ndarray], None] | None,
    tell: Callable[[float], None],
) -> Heard:
    """One recording to its events. `keep` takes shares (T,K) as they come, `tell` the seconds heard since it was told last."""
    kept = Heard(source.name, source.inner, source.stamp(), problem=source.problem)
    if source.problem:
        return kept
    done_s = 0.0
    try:
        header = Recording.open(source.path)
        stream = EventStream(timeline.names, rule, timeline.step_s)
        for stretch in timeline.scores(source.path):
            stream.take(stretch.shares)
            if keep is not None:
                keep(stretch.shares)
            now_s = min(header.seconds, stretch.start_s + len(stretch.shares) * timeline.step_s)
            tell(now_s - done_s)
            done_s = now_s
    except MediaError as slip:
        return replace(kept, problem=slip.reason)
    events = tuple(stream.finish(header.seconds))
    return replace(kept, seconds=round(header.seconds, 6), rate_hz=header.rate_hz, events=events)


def timeline_of(artifact: Artifact) -> Timeline:
    """How a model runs along recordings. *Raises* ListeningError for one that cannot."""
    hearing = artifact.network.hearing
    return ByClip(artifact) if hearing is None else ByMoment(artifact, hearing)

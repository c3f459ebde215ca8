"""Listen: a model along recordings of any number and length, each on disk when it is done. Recordings in, events out."""

from __future__ import annotations

import tempfile
import time
from array import array
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.events.rule import EventRule
from injerto.events.stream import EventStream
from injerto.listening.by_clip import ByClip
from injerto.listening.by_moment import ByMoment
from injerto.listening.found import Events, Tally
from injerto.listening.heard import Heard
from injerto.listening.identity import identity_of
from injerto.listening.journal import Journal
from injerto.listening.sources import Source, Sources
from injerto.listening.timeline import Timeline
from injerto.progress import Progress, Silent, Step
from injerto.table.recording import Recording


def listen(
    artifact: Artifact,
    paths: Sequence[str | Path],
    rule: EventRule | None = None,
    *,
    keep_shares: bool = False,
    work: Path | None = None,
    progress: Progress | None = None,
) -> Events:
    """Hear every recording of `paths`, which are files and folders; one that cannot be used is listed with its reason.

    `work` is a folder for the journal: the same call after a kill goes on where the run was; without it a folder for a while is
    made. `keep_shares` keeps the shares of every step, for `Events.to_scores`.

    *Raises* ListeningError when the model cannot listen, there are no recordings, or the rule does not fit the model.
    """
    rule, progress = rule or rule_of(artifact), progress or Silent()
    sources, timeline = Sources(paths), _timeline(artifact)
    rule.heeded(timeline.names)
    sources.require_any()
    passing = work is None
    folder = Path(tempfile.mkdtemp(prefix="injerto-listening-")) if work is None else work
    identity = identity_of(artifact, rule, sources.given, keep_shares=keep_shares)
    journal = Journal(folder, identity, width=len(timeline.names), progress=progress)
    if journal.resumed:
        progress.say(f"Goes on where an earlier run of the same command was stopped: {journal.resumed:,} recordings are done.")
    run = _Run(timeline, rule, journal, keep_shares)
    places, tally = array("Q"), Tally()
    with closing(journal), progress.step("listening, in seconds of sound", None) as step:
        for source in sources:
            place = journal.find(source.name, source.stamp())
            places.append(journal.add(run.hear(source, step)) if place is None else place)
            tally.add(next(journal.read(places[-1:])))
    tally.hidden, tally.others = sources.hidden, sources.others
    return Events(timeline.names, timeline.step_s, journal, places, tally, passing=passing)


def rule_of(artifact: Artifact) -> EventRule:
    """The rule a model found best on clips and backgrounds it had not learned from; the default of one without such a rule."""
    hearing = artifact.network.hearing
    return EventRule() if hearing is None else hearing.rule


def _timeline(artifact: Artifact) -> Timeline:
    """*Raises* ListeningError for a model that cannot listen."""
    hearing = artifact.network.hearing
    return ByClip(artifact) if hearing is None else ByMoment(artifact, hearing)


class _Run:
    """What hears one recording after the other, and how fast it has been so far."""

    def __init__(self, timeline: Timeline, rule: EventRule, journal: Journal, keep_shares: bool) -> None:
        self.timeline, self.rule, self.journal, self.keep_shares = timeline, rule, journal, keep_shares
        self.started, self.heard_s, self.told_s = time.monotonic(), 0.0, 0

    def hear(self, source: Source, step: Step) -> Heard:
        """One recording to its events, in constant memory."""
        kept = Heard(source.name, source.inner, source.stamp(), problem=source.problem)
        if source.problem:
            return kept
        before, done_s = self.journal.rows, 0.0
        try:
            header = Recording.open(source.path)
            stream = EventStream(self.timeline.names, self.rule, self.timeline.step_s)
            for stretch in self.timeline.scores(source.path):
                stream.take(stretch.shares)
                if self.keep_shares:
                    self.journal.keep_shares(stretch.shares)
                now_s = min(header.seconds, stretch.start_s + len(stretch.shares) * self.timeline.step_s)
                self._tell(step, now_s - done_s)
                done_s = now_s
        except MediaError as slip:
            self.journal.forget_shares(before)
            return Heard(source.name, source.inner, source.stamp(), problem=slip.reason)
        return Heard(
            source.name,
            source.inner,
            kept.stamp,
            seconds=round(header.seconds, 6),
            rate_hz=header.rate_hz,
            events=tuple(stream.finish(header.seconds)),
            rows=(before, self.journal.rows - before),
        )

    def _tell(self, step: Step, seconds: float) -> None:
        """Whole seconds of sound to the watcher, and how many a second of waiting."""
        self.heard_s += seconds
        whole = int(self.heard_s) - self.told_s
        self.told_s += whole
        speed = self.heard_s / max(time.monotonic() - self.started, 1e-3)
        step.advance(whole, f"{speed:,.0f} times as fast as it sounds")

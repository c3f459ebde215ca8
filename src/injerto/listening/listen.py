"""Listen: a model along recordings of any number and length, each on disk when it is done. Recordings in, events out."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from injerto.artifact.artifact import Artifact
from injerto.events.rule import EventRule
from injerto.listening.found import Events, Tally
from injerto.listening.hearer import Hearer, Here, timeline_of
from injerto.listening.identity import identity_of
from injerto.listening.journal import Journal
from injerto.listening.sources import Source, Sources
from injerto.progress import Progress, Silent


def listen(
    artifact: Artifact,
    paths: Sequence[str | Path],
    rule: EventRule | None = None,
    *,
    keep_shares: bool = False,
    work: Path | None = None,
    hearer: Hearer | None = None,
    progress: Progress | None = None,
) -> Events:
    """Hear every recording of `paths`, which are files and folders; one that cannot be used is listed with its reason.

    `work` is a folder for the journal: the same call after a kill goes on where the run was; without it a folder for a while is
    made. `keep_shares` keeps the shares of every step, for `Events.to_scores`. `hearer` hears instead of this process.

    *Raises* ListeningError when the model cannot listen, there are no recordings, or the rule does not fit the model.
    """
    rule, progress = rule or rule_of(artifact), progress or Silent()
    sources, timeline = Sources(paths), timeline_of(artifact)
    rule.heeded(timeline.names)
    sources.require_any()
    passing = work is None
    folder = Path(tempfile.mkdtemp(prefix="injerto-listening-")) if work is None else work
    identity = identity_of(artifact, rule, sources.given, keep_shares=keep_shares)
    journal = Journal(folder, identity, width=len(timeline.names), progress=progress)
    if journal.resumed:
        progress.say(f"Goes on where an earlier run of the same command was stopped: {journal.resumed:,} recordings are done.")
    hearer = hearer or Here(timeline, rule, keep_shares)
    places, tally = array("Q"), Tally()
    with closing(journal), progress.step("listening, in seconds of sound", None) as step:
        for number, heard in hearer.heard(_unheard(sources, journal, places), journal, step):
            places[number] = journal.add(heard)
    for heard in journal.read(places):
        tally.add(heard)
    tally.hidden, tally.others = sources.hidden, sources.others
    return Events(timeline.names, timeline.step_s, journal, places, tally, passing=passing)


def rule_of(artifact: Artifact) -> EventRule:
    """The rule a model found best on clips and backgrounds it had not learned from; the default of one without such a rule."""
    hearing = artifact.network.hearing
    return EventRule() if hearing is None else hearing.rule


def _unheard(sources: Sources, journal: Journal, places: array[int]) -> Iterator[tuple[int, Source]]:
    """The recordings that no earlier run finished, with their numbers; `places` gets room for every one."""
    for number, source in enumerate(sources):
        place = journal.find(source.name, source.stamp())
        places.append(place or 0)
        if place is None:
            yield number, source

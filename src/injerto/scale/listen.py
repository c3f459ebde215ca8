"""Listen on a cluster: every recording goes to a worker that holds the model; the journal of what was heard stays here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from injerto.artifact.artifact import Artifact
from injerto.events.rule import EventRule
from injerto.listening.heard import Heard
from injerto.listening.hearer import Hearer, hear, timeline_of
from injerto.listening.journal import Journal
from injerto.listening.sources import Source
from injerto.places.address import place_of
from injerto.progress import Progress, Step
from injerto.scale.cluster import joined
from injerto.scale.errand import Errand
from injerto.scale.model_files import ModelFiles
from injerto.scale.over_ray import over_ray
from injerto.scale.parcel import Parcel
from injerto.scale.pieces import for_all
from injerto.scale.shared_files import is_lacking, require_absent

SHARE_ROWS = 100_000
"""Steps of a recording whose shares travel together: ten megabytes of 25 classes."""


@dataclass
class Listening(Errand):
    """A model along recordings: shares in parts, if they are kept, then a line of the journal."""

    files: ModelFiles
    rule: EventRule
    keep_shares: bool

    def ready(self) -> None:
        self.timeline = timeline_of(self.files.opened())

    def do(self, item: bytes) -> Iterator[bytes]:
        path, inner = json.loads(item)
        shares: list[np.ndarray] = []
        keep = shares.append if self.keep_shares else None
        heard = hear(self.timeline, self.rule, Source(place_of(path), inner), keep, lambda seconds: None)
        whole = np.concatenate(shares) if shares and not heard.problem else np.empty((0, len(self.timeline.names)), np.float32)
        for start in range(0, len(whole), SHARE_ROWS):
            yield Parcel(arrays={"shares": whole[start : start + SHARE_ROWS]}).packed()
        yield heard.to_line().encode()


@dataclass
class RayHearer(Hearer):
    """The workers of a cluster."""

    on: str
    artifact: Artifact
    rule: EventRule
    keep_shares: bool
    progress: Progress

    def heard(self, sources: Iterable[tuple[int, Source]], journal: Journal, step: Step) -> Iterator[tuple[int, Heard]]:
        sent: dict[int, tuple[int, Source, tuple[int, int]]] = {}
        spared: list[tuple[int, Source]] = []
        with joined(self.on) as cluster:
            self.progress.say(f"Works on {cluster.words}.")
            errand = Listening(ModelFiles.of(self.artifact), self.rule, self.keep_shares)
            for place, parts in over_ray(cluster, errand, _items(sources, sent, spared), ordered=False):
                number, source, stamp = sent.pop(place)
                told = Heard.of_line(parts[-1])
                if is_lacking(told.problem):
                    require_absent(source.path)
                before = journal.rows
                for part in parts[:-1]:
                    journal.keep_shares(Parcel.unpacked(part).arrays["shares"])
                step.advance(round(told.seconds))
                yield number, replace(told, recording=source.name, stamp=stamp, rows=(before, journal.rows - before))
        for number, source in spared:
            yield number, Heard(source.name, source.inner, source.stamp(), problem=source.problem)


def _items(
    sources: Iterable[tuple[int, Source]],
    sent: dict[int, tuple[int, Source, tuple[int, int]]],
    spared: list[tuple[int, Source]],
) -> Iterator[bytes]:
    """What travels of each recording; `sent` gets who it is by the place among them, `spared` those not worth a way."""
    place = 0
    for number, source in sources:
        if source.problem:
            spared.append((number, source))
            continue
        sent[place] = number, source, source.stamp()
        place += 1
        yield json.dumps([for_all(source.path), source.inner]).encode()

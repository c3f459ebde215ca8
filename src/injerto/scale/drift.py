"""Drift on a cluster: workers look at every row and say how unlike training it is; the comparison itself stays here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.answering import served
from injerto.artifact.artifact import Artifact
from injerto.drift.drift import MOST_ROWS, drift, require_reference
from injerto.drift.found import Drift
from injerto.drift.looker import Looker, Seen, Some, some_of
from injerto.progress import Progress, Silent
from injerto.reference.unlike import LEVEL, unlike
from injerto.scale.cluster import Cluster, joined
from injerto.scale.engines import engine_name, require_same_engine
from injerto.scale.errand import Errand
from injerto.scale.ledgers import ledger_of, merged_ledger
from injerto.scale.model_files import ModelFiles
from injerto.scale.over_ray import over_ray
from injerto.scale.parcel import Parcel
from injerto.scale.pieces import cut, packed, unpacked
from injerto.scale.predict import readable_of, reads_files
from injerto.scale.shared_files import require_shared
from injerto.scale.unlikes import arrays_of, joined_unlike, unlike_of
from injerto.table.table import Table

_CELLS, _ANSWERS, _USABLE = "cells", "answers", "usable"


@dataclass
class Looking(Errand):
    """What a model sees in the rows of pieces: which can be used, how unlike they are and, `in_full`, cells and answers."""

    files: ModelFiles
    engine: str
    in_full: bool

    def ready(self) -> None:
        require_same_engine(self.engine)
        self.artifact = self.files.opened()

    def do(self, item: bytes) -> Iterator[bytes]:
        network, reference = self.artifact.network, self.artifact.reference
        assert reference is not None  # who asks has made sure
        examples, readable = served(network, unpacked(item), cache=None, progress=Silent(), engine="auto")
        arrays = {_USABLE: examples.usable} | arrays_of(unlike(reference, network, examples, readable))
        if self.in_full:
            some = some_of(self.artifact, examples, readable, np.flatnonzero(examples.usable), Silent())
            arrays |= {f"{_CELLS}{place}": some.cells[name].numpy() for place, name in enumerate(reference.columns)}
            arrays |= {f"{_ANSWERS}{place}": some.answers[name].numpy() for place, name in enumerate(reference.answers)}
        yield Parcel({"ledger": examples.ledger.frame()}, arrays).packed()


class RayLooker(Looker):
    """The workers of a cluster. Of many rows, those that are compared are looked at once more, as vectors of all of them
    would fill the memory here."""

    def __init__(self, cluster: Cluster, artifact: Artifact, progress: Progress) -> None:
        self.cluster, self.artifact, self.progress = cluster, artifact, progress
        self.files = ModelFiles.of(artifact)

    def whole(self, table: Table) -> Seen:
        network = self.artifact.network
        self.table, readable = table, readable_of(network, table)
        self.in_full = len(table) <= MOST_ROWS
        self.parcels = self._parcels(table, in_full=self.in_full)
        ledger = merged_ledger(network, [ledger_of(one.frames["ledger"]) for one in self.parcels])
        judged = [unlike_of(one.arrays, self.artifact.reference) for one in self.parcels]
        self.usable = np.concatenate([one.arrays[_USABLE] for one in self.parcels])
        return Seen(self.usable, ledger, joined_unlike([one for one in judged if one is not None]), readable)

    def some(self, rows: np.ndarray) -> Some:
        reference = self.artifact.reference
        assert reference is not None  # who asks has made sure
        if self.in_full:
            places = torch.from_numpy(np.searchsorted(np.flatnonzero(self.usable), rows))
            parcels = self.parcels
        else:
            places = torch.arange(len(rows))
            parcels = self._parcels(self.table.take(rows), in_full=True)
        cells = {name: _joined(parcels, f"{_CELLS}{place}")[places] for place, name in enumerate(reference.columns)}
        answers = {name: _joined(parcels, f"{_ANSWERS}{place}")[places] for place, name in enumerate(reference.answers)}
        return Some(cells, answers)

    def _parcels(self, table: Table, *, in_full: bool) -> list[Parcel]:
        """What the workers say of the pieces of `table`, in order."""
        errand = Looking(self.files, engine_name(), in_full)
        pieces = cut([table], workers=self.cluster.workers, sort="files" if reads_files(self.artifact.network) else "rows")
        found = []
        with self.progress.step("looking at rows", len(table)) as step:
            for _, (content,) in over_ray(self.cluster, errand, (packed(piece) for piece in pieces)):
                parcel = Parcel.unpacked(content)
                require_shared(ledger_of(parcel.frames["ledger"]), table.folder)
                found.append(parcel)
                step.advance(len(parcel.arrays[_USABLE]))
        return found


def drift_on(
    on: str,
    artifact: Artifact,
    table: Table,
    *,
    group: str | None = None,
    level: float = LEVEL,
    fail_above: float = 0.0,
    progress: Progress | None = None,
) -> Drift:
    """As `drift` compares, with the workers of the cluster that `on` means looking at the rows.

    *Raises* what `drift` does; ScaleError when the cluster cannot be joined, or a worker cannot go on.
    """
    progress = progress or Silent()
    require_reference(artifact)
    with joined(on) as cluster:
        progress.say(f"Works on {cluster.words}.")
        looker = RayLooker(cluster, artifact, progress)
        return drift(artifact, table, group=group, level=level, fail_above=fail_above, looker=looker, progress=progress)


def _joined(parcels: list[Parcel], name: str) -> Tensor:
    return torch.cat([torch.from_numpy(one.arrays[name]) for one in parcels])

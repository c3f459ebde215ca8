"""Predict on a cluster: pieces of a table to workers that hold the model, their answers back in the table's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import polars as pl

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.examples import without_unreadable
from injerto.features.feature import MediaFeature
from injerto.learner import Learner, heads_of
from injerto.network import Network
from injerto.point_network import PointNetwork
from injerto.predict import Predictions, predict, strange_cells
from injerto.progress import Progress, Silent
from injerto.promises import promises_of
from injerto.scale.cluster import joined
from injerto.scale.errand import Errand
from injerto.scale.ledgers import ledger_of, merged_ledger
from injerto.scale.model_files import ModelFiles
from injerto.scale.over_ray import over_ray
from injerto.scale.parcel import Parcel
from injerto.scale.pieces import cut, packed, unpacked
from injerto.scale.shared_files import require_shared
from injerto.scale.unlikes import arrays_of, joined_unlike, unlike_of
from injerto.table.table import Table


@dataclass
class Predicting(Errand):
    """A model's answers to pieces of a table."""

    files: ModelFiles
    max_error: float | None
    coverage: float | None

    def ready(self) -> None:
        self.artifact = self.files.opened()

    def do(self, item: bytes) -> Iterator[bytes]:
        found = predict(self.artifact, unpacked(item), max_error=self.max_error, coverage=self.coverage)
        empty = pl.DataFrame({"column": found.empty}, schema={"column": pl.String})
        unseen = pl.DataFrame({"column": list(found.unseen), "share": list(found.unseen.values())}, schema=_UNSEEN)
        frames = {"answers": found.frame, "ledger": found.ledger.frame(), "empty": empty, "unseen": unseen}
        yield Parcel(frames, arrays_of(found.unlike)).packed()


_UNSEEN = {"column": pl.String, "share": pl.Float64}


def predict_on(
    on: str,
    artifact: Artifact,
    table: Table,
    *,
    max_error: float | None = None,
    coverage: float | None = None,
    progress: Progress | None = None,
) -> Predictions:
    """As `predict` answers every row of `table`, with the workers of the cluster that `on` means.

    *Raises* what `predict` does, before the cluster is joined; ScaleError when it cannot be, or a worker cannot go on.
    """
    progress = progress or Silent()
    network = artifact.network
    promises_of(heads_of(network), max_error=max_error, coverage=coverage)
    table = with_photos(network, table, progress)
    readable = readable_of(network, table)
    unseen, empty = strange_cells(network.features, readable)
    with progress.step("predicting", len(table)) as step:
        parts = []
        for part in predict_pieces(on, artifact, [table], max_error=max_error, coverage=coverage, progress=progress):
            parts.append(part)
            step.advance(len(part.frame))
    return replace(merged(network, parts), unseen=unseen, empty=empty)


def predict_pieces(
    on: str,
    artifact: Artifact,
    tables: Iterable[Table],
    *,
    max_error: float | None = None,
    coverage: float | None = None,
    progress: Progress | None = None,
) -> Iterator[Predictions]:
    """Answers to tables that follow each other, such as parts of one that does not fit into memory, part by part and in order.

    Rows keep their numbers, `Table.rows`. `unseen` and `empty` are those of each part.
    """
    progress, network = progress or Silent(), artifact.network
    promises = promises_of(heads_of(network), max_error=max_error, coverage=coverage)
    tables = iter(tables)
    first = next(tables, None)
    if first is None:
        return
    photo = network.photo.name if isinstance(network, PointNetwork) else None
    with joined(on) as cluster:
        progress.say(f"Works on {cluster.words}.")
        errand = Predicting(ModelFiles.of(artifact), max_error, coverage)
        pieces = cut(
            _named(network, first, tables, progress), workers=cluster.workers, sort="files" if reads_files(network) else "rows"
        )
        for _, (content,) in over_ray(cluster, errand, (packed(piece) for piece in pieces)):
            found = _unpacked(content, artifact)
            require_shared(found.ledger, first.folder)
            yield replace(found, promises=promises.notes, photo=photo, folder=first.folder)


def merged(network: Learner, parts: Sequence[Predictions]) -> Predictions:
    """One of several that follow each other; `unseen` and `empty` are left to the caller, who has the whole table."""
    judged = [part.unlike for part in parts if part.unlike is not None]
    return replace(
        parts[0],
        frame=pl.concat([part.frame for part in parts]),
        ledger=merged_ledger(network, [part.ledger for part in parts]),
        unlike=joined_unlike(judged) if judged else None,
    )


def reads_files(network: Learner) -> bool:
    """Whether the model looks at photos or sounds."""
    return not isinstance(network, Network) or any(isinstance(one, MediaFeature) for one in network.features)


def readable_of(network: Learner, table: Table) -> Table:
    """`table` without cells that are not of their column's kind. *Raises* ColumnError when it lacks a column of the model."""
    if isinstance(network, Network):
        return without_unreadable(network, table)[0]
    network.photo.column(table)
    return table


def _named(network: Learner, first: Table, others: Iterable[Table], progress: Progress) -> Iterator[Table]:
    """The tables with the column of photos under the model's name; what the first one shows holds for all."""
    named = with_photos(network, first, progress)
    names = dict(zip(first.columns, named.columns, strict=True))
    for table in chain([first], others):
        yield replace(table, frame=table.frame.rename(names))


def _unpacked(content: bytes, artifact: Artifact) -> Predictions:
    parcel = Parcel.unpacked(content)
    frames = parcel.frames
    return Predictions(
        frame=frames["answers"],
        ledger=ledger_of(frames["ledger"]),
        unseen=dict(frames["unseen"].iter_rows()),
        empty=frames["empty"]["column"].to_list(),
        unlike=unlike_of(parcel.arrays, artifact.reference),
    )

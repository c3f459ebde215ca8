"""Explain: why the model answers one row as it does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import torch

from injerto.answering import answers_of, placed, served, with_photos
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.backbones.cache import VectorCache
from injerto.errors import ColumnError, ExplanationError
from injerto.examples import Examples
from injerto.explain.among import Among
from injerto.explain.answered import answered
from injerto.explain.explanation import Explanation, Familiar
from injerto.explain.individuals import individual_maps, lookalikes
from injerto.explain.points import point_maps
from injerto.explain.rows import explained_row
from injerto.explain.words import cells_of, shown
from injerto.heads.individual_column import asked_in
from injerto.individual_network import IndividualNetwork
from injerto.learner import heads_of
from injerto.learning.seen import seen
from injerto.network import Network
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.predict import predict
from injerto.progress import Progress, Silent
from injerto.reference.unlike import Unlike
from injerto.schema.guess import counted
from injerto.table.table import Table

MAX_ERROR, COVERAGE = 0.05, 0.9


def explain(
    artifact: Artifact,
    table: Table,
    row: int,
    *,
    among: Table | Among | None = None,
    max_error: float = MAX_ERROR,
    coverage: float = COVERAGE,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Explain the row `row` of `table`, counted from 0. Rows like it are looked for in `among`, such as the training table.

    A table is encoded first; whoever explains many rows does that once and hands in the `Among`.

    *Raises* ExplanationError when there is no such row, or it cannot be answered; ColumnError when a column is missing.
    """
    progress = progress or Silent()
    if not 0 <= row < len(table):
        raise ExplanationError(
            f"There is no row {row}: the table '{table.name}' has {counted(len(table), 'row')}. They are counted from 0, "
            f"as in the column 'row' of answers. Give one from 0 to {len(table) - 1}."
        )
    network = artifact.network
    single = with_photos(network, table.take(np.array([row])), progress)
    found = predict(artifact, single, cache=cache)
    if len(found.ledger):
        raise ExplanationError(f"Row {row} cannot be answered, and so not explained: {found.frame['problem'][0]}.")
    examples, readable = served(network, single, cache=cache, progress=Silent())
    answers = placed(network, single, answers_of(network, examples, np.array([0]), Silent()))
    line = found.frame.row(0, named=True)
    said = [
        answered(head, answers[name], line, max_error=max_error, coverage=coverage, truth=_truth(single, name, head.kind))
        for name, head in heads_of(network).items()
    ]
    whole = Explanation(
        table.name, row, cells_of(artifact.schema, single), said, _familiar(found.unlike), notes=_notes(artifact, single)
    )
    if isinstance(network, PointNetwork):
        assert isinstance(examples, Photos)
        return _of_points(whole, network, examples)
    if isinstance(network, IndividualNetwork):
        assert isinstance(examples, Photos)
        return _of_individual(whole, network, examples, single)
    assert isinstance(network, Network) and isinstance(examples, Examples)
    batch = examples.batch(torch.zeros(1, dtype=torch.int64))
    others = table.take(np.delete(np.arange(len(table)), row))
    met = Among.of(artifact, among, cache=cache, progress=progress) if isinstance(among, Table) else among
    return explained_row(whole, artifact, readable, batch, answers, others=others, among=met, cache=cache, progress=progress)


def _of_points(whole: Explanation, network: PointNetwork, photos: Photos) -> Explanation:
    files, notes = point_maps(network, photos)
    return replace(whole, files=files, notes=[*whole.notes, *notes])


def _of_individual(whole: Explanation, network: IndividualNetwork, photos: Photos, table: Table) -> Explanation:
    """Look-alikes are of the gallery, less what the row may not be compared with."""
    vector = seen(network, photos, torch.zeros(1, dtype=torch.int64), Silent())[network.head.name]
    found = lookalikes(network, vector, asked_in(network.head.column(table)))
    if not found:
        return replace(whole, notes=[*whole.notes, "There is no photo in the gallery that it may be compared with."])
    files, matches = individual_maps(network, photos, found[0][0])
    words = "Photos of the gallery, the nearest of each of the individuals that are most alike."
    return replace(whole, files=files, matches=matches, nearest=[one for _, one in found], nearest_words=words)


def _familiar(found: Unlike | None) -> Familiar | None:
    if found is None or np.isnan(found.rows[0]):
        return None
    columns = {name: float(share[0]) for name, share in found.columns.items() if not np.isnan(share[0])}
    strangest = found.telling[found.strangest[0]] if found.strangest[0] >= 0 else ""
    return Familiar(float(found.rows[0]), columns, bool(found.flagged[0]), strangest)


def _truth(table: Table, name: str, kind: str) -> str | None:
    """What the table says of a target, where it says anything."""
    if kind == "keypoints" or name not in table.columns:
        return None
    return shown(table.column(name).cell(0)) or None


def _notes(artifact: Artifact, table: Table) -> list[str]:
    """Whether the model has met the row, as far as it can be told from one row."""
    if artifact.contents is None:
        return []
    try:
        places = np.flatnonzero(artifact.contents == contents_of(artifact.schema, table)[0])
    except (ColumnError, pl.exceptions.PolarsError):
        return []  # a column that may be missing is: nothing is known
    parts = {"that taught it": artifact.rows.train, "that chose its settings": artifact.rows.tune}
    for words, rows in parts.items():
        if len(places) == 1 and places[0] in rows:
            return [f"This row stands in the training table, among those {words}: its answer looks better than new ones will."]
    return []

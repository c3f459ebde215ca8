"""A row whose answers come from vectors and table columns: contributions, maps over its files, rows like it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.backbones.cache import VectorCache
from injerto.examples import served_examples
from injerto.explain.among import Among
from injerto.explain.asked import ASKED
from injerto.explain.background import MOST_ROWS, Background, drawn, of_directions, of_reference, of_table
from injerto.explain.contributions import contributions_of, places_of
from injerto.explain.explanation import Explanation
from injerto.explain.files import seen_files
from injerto.explain.nearest import Neighbour, nearest
from injerto.explain.words import cells_of
from injerto.features.feature import MediaFeature
from injerto.network import Batch, Network
from injerto.progress import Progress
from injerto.table.table import Table

FEWEST_OTHERS = 10
"""Background rows without which nothing is shared out: a mean over three would be chance."""
NO_AMONG = (
    "The model keeps no photo, sound or label of the rows that taught it. "
    "Name the training table, or another with labels, as --among (`among=`) to see the rows that are most like this one."
)


def explained_row(
    whole: Explanation,
    artifact: Artifact,
    table: Table,
    row: Batch,
    answers: dict[str, Tensor],
    *,
    others: Table,
    among: Among | None,
    cache: VectorCache | None,
    progress: Progress,
) -> Explanation:
    """`whole` with all that can be told of the only row of `table`, which is `row` (1) to the network.

    `others` are the other rows of the table that it came from.
    """
    network = artifact.network
    assert isinstance(network, Network)
    asked = [ASKED[head.kind].of(head, answers[name]) for name, head in network.targets.items()]
    notes, shares = list(whole.notes), []
    columns = places_of(network, table)
    if len(columns) > 1:
        background = _background(artifact, network, others, among, cache, progress)
        if background is None:
            notes.append(
                f"Contributions are left out: they need at least {FEWEST_OTHERS} other rows. Name a table of them as --among."
            )
        else:
            shares = [contributions_of(network, row, columns, background, one) for one in asked]
    else:
        notes.append(f"The model reads one column, '{next(iter(columns))}': all of the answer is its contribution.")
    near, words = ([], NO_AMONG) if among is None else _near(artifact, network, table, row, among)
    files = [one for each in asked for one in seen_files(network, table, row, each)]
    return replace(whole, contributions=shares, files=files, nearest=near, nearest_words=words, notes=notes)


def _background(
    artifact: Artifact,
    network: Network,
    others: Table,
    among: Among | None,
    cache: VectorCache | None,
    progress: Progress,
) -> Background | None:
    """Rows of the table that was named, else those that the model keeps, else other rows of the row's own table.

    Where files are read the model keeps less than whole rows: what it keeps stands in where the table has too few.
    """
    if among is not None and among.background is not None and len(among.background) >= FEWEST_OTHERS:
        return among.background
    found = of_reference(network, artifact.reference)
    if found is None and len(others) >= FEWEST_OTHERS:
        some = others.take(drawn(len(others), MOST_ROWS, seed=0))
        examples, _ = served_examples(network, some, cache=cache, progress=progress)
        found = of_table(examples, f"other rows of '{others.name}'")
    elif found is None:
        found = of_directions(network, artifact.reference)
    return found if found is not None and len(found) >= FEWEST_OTHERS else None


def _near(artifact: Artifact, network: Network, table: Table, row: Batch, among: Among) -> tuple[list[Neighbour], str]:
    same = among.contents == contents_of(artifact.schema, table)[0]
    media = {one.name: one for one in network.features if isinstance(one, MediaFeature)}
    found = []
    for place, likeness in nearest(network, row, among, same):
        one = among.table.take(np.array([place]))
        files: list[tuple[str, object]] = [(each.options.kind, each.column(one).cell(0)) for each in media.values()]
        found.append(Neighbour(int(one.rows[0]), likeness, cells_of(artifact.schema, one), files, folder=one.folder))
    words = f"Rows of '{among.table.name}' that the model sees most like this one."
    if same.any():
        words += " The row itself is among them and does not count."
    return found, words

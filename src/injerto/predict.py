"""Predict: a table's rows to answers, with the rows that could not be used listed beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.examples import Examples, examples_of
from injerto.network import Network
from injerto.progress import Progress, Silent
from injerto.table.ledger import Ledger
from injerto.table.table import Table

BATCH_ROWS = 4096
FEWEST_ROWS = 64
"""A smaller batch is filled up to this: a product of few rows is summed in another order, and a row's answer would depend on
how many rows stand beside it. From about twenty rows on it does not, to the last bit."""


@dataclass(frozen=True)
class Predictions:
    """Answers for every row of the table in its order; the answer of an unusable row is null and `problem` says why.

    `unseen` is the share of cells, by column, that lie outside what training showed.
    """

    answers: pl.DataFrame
    ledger: Ledger
    unseen: dict[str, float]


def predict(
    artifact: Artifact, table: Table, *, cache: VectorCache | None = None, progress: Progress | None = None
) -> Predictions:
    """Answer every row that can be used. *Raises* ColumnError when the table lacks a column the model reads."""
    progress = progress or Silent()
    examples = examples_of(artifact.network, table, cache=cache, progress=progress)
    outputs = outputs_of(artifact.network, examples, np.flatnonzero(examples.usable), progress)
    columns = {"row": pl.Series(table.rows)}
    for name, head in artifact.network.targets.items():
        for column, values in head.decode(head.answer(outputs[name])).items():
            columns[column] = _spread(values, examples.usable)
    columns["problem"] = _problems(examples.ledger, table.rows)
    unseen = {feature.name: feature.unseen(table.column(feature.name)) for feature in artifact.network.features}
    return Predictions(pl.DataFrame(columns), examples.ledger, {name: share for name, share in unseen.items() if share > 0})


@torch.inference_mode()
def outputs_of(network: Network, examples: Examples, rows: np.ndarray, progress: Progress) -> dict[str, Tensor]:
    """Each target's outputs (n, members, K) for the rows at `rows`."""
    network.eval()
    parts: dict[str, list[Tensor]] = {name: [] for name in network.targets}
    with progress.step("predicting", len(rows)) as bar:
        for part in torch.from_numpy(rows).split(BATCH_ROWS) if len(rows) else ():
            filled = torch.cat([part, part[-1:].expand(max(0, FEWEST_ROWS - len(part)))])
            for name, output in network(examples.batch(filled)).items():
                parts[name].append(output[: len(part)])
            bar.advance(len(part))
    empty = {name: torch.empty(0, head.members, head.outputs) for name, head in network.targets.items()}
    return {name: torch.cat(found) if found else empty[name] for name, found in parts.items()}


def _spread(values: pl.Series, usable: np.ndarray) -> pl.Series:
    """Answers of the usable rows in their places among all rows, null elsewhere."""
    places = np.where(usable, np.cumsum(usable) - 1, 0)
    if not len(values):
        return pl.Series([None] * len(usable), dtype=values.dtype)
    return values.gather(places).set(pl.Series(~usable), None)


def _problems(ledger: Ledger, rows: np.ndarray) -> pl.Series:
    reasons: dict[int, list[str]] = {}
    for entry in ledger:
        place = f"{entry.column}: {entry.file}: " if entry.file else f"{entry.column}: "
        reasons.setdefault(entry.row, []).append(place + entry.reason)
    return pl.Series(["; ".join(reasons[row]) if row in reasons else None for row in rows.tolist()], dtype=pl.String)

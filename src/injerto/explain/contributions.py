"""What each column of one row did to its answer, in the answer's own units: Shapley values over background rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.explain.asked import Asked
from injerto.explain.background import Background
from injerto.explain.shapley import Shapley, shapley
from injerto.network import Batch, Network
from injerto.table.table import Table

ROWS_AT_ONCE = 4096

Places = list[tuple[str, slice]]
"""Blocks of a batch, and which of their values are a column's."""


@dataclass(frozen=True)
class Contributions:
    """`found.values` (n,) belong to `columns`; they add up to the answer less the mean answer to the background rows."""

    asked: Asked
    columns: list[str]
    found: Shapley
    background: str

    @property
    def ranked(self) -> list[tuple[str, float, float]]:
        """Column, contribution and its standard error, the largest first."""
        order = np.argsort(-np.abs(self.found.values), kind="stable")
        return [(self.columns[at], float(self.found.values[at]), float(self.found.errors[at])) for at in order]


def contributions_of(
    network: Network, row: Batch, columns: dict[str, Places], background: Background, asked: Asked
) -> Contributions:
    """Of the columns of the row `row` (1), by what `value_of` says."""
    names = list(columns)

    def answer(kept: np.ndarray, rows: np.ndarray) -> np.ndarray:
        parts = np.array_split(np.arange(len(rows)), -(-len(rows) // ROWS_AT_ONCE))
        mixed = [_mixed(row, background.batch, list(columns.values()), kept[part], rows[part]) for part in parts]
        return np.concatenate([value(batch) for batch in mixed])

    value = value_of(network, asked)
    return Contributions(asked, names, shapley(answer, len(names), len(background)), background.words)


def value_of(network: Network, asked: Asked) -> Callable[[Batch], np.ndarray]:
    """Rows to the probability of what is asked, or to the number (N,): calibrated, with all that answering does."""

    @torch.inference_mode()
    def value(batch: Batch) -> np.ndarray:
        output = network(batch)[asked.head.name]
        return asked.value(asked.head.trusted(output, network.trust(batch))).numpy()

    return value


def places_of(network: Network, table: Table) -> dict[str, Places]:
    """By input column, where its values are in a batch. Several networks that look at one column of files are one column."""
    found: dict[str, Places] = {}
    some = table.take(np.arange(min(1, len(table))))
    for block in network.blocks:
        start = 0
        for feature in block.features:
            if block.key in network.media:
                found.setdefault(feature.name, []).append((block.key, slice(None)))
                continue
            encoded = feature.encode(feature.column(some))
            width = encoded.shape[1] if encoded.ndim > 1 else 1
            found.setdefault(feature.name, []).append((block.key, slice(start, start + width)))
            start += width
    return found


def _mixed(row: Batch, others: Batch, columns: list[Places], kept: np.ndarray, rows: np.ndarray) -> Batch:
    """Background rows `rows` (R,) with the row's own cells in the columns that are `kept` (R,n)."""
    picked = torch.from_numpy(rows)
    parts: tuple[dict[str, Tensor], ...] = (
        {key: values.index_select(0, picked) for key, values in others.scalars.items()},
        {key: values.index_select(0, picked) for key, values in others.vectors.items()},
    )
    for column, places in enumerate(columns):
        own = torch.from_numpy(kept[:, column])
        for key, within in places:
            mixed, single = (parts[0], row.scalars) if key in row.scalars else (parts[1], row.vectors)
            mixed[key][:, within] = torch.where(own[:, None], single[key][:, within], mixed[key][:, within])
    return Batch(*parts)

"""Rows as the network takes them: scalar blocks encoded, files as the vectors of their backbones, bad files in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from torch import Tensor

from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import EngineName
from injerto.backbones.extract_together import extract_together
from injerto.errors import ColumnError, did_you_mean
from injerto.features.feature import Feature, MediaFeature
from injerto.heads.head import Labels
from injerto.network import Batch, Network
from injerto.progress import Progress
from injerto.table.ledger import Entry, Ledger
from injerto.table.table import Table

_SHOWN_CHARACTERS = 40


@dataclass
class Examples:
    """All rows of a table as tensors. `scalars` (N,F,...) and `vectors` (N,C) by block, `labels` by target."""

    scalars: dict[str, Tensor]
    vectors: dict[str, Tensor]
    usable: np.ndarray
    """Rows (N,) bool whose files could all be read and that hold anything to go by."""
    ledger: Ledger
    labels: dict[str, Labels] = field(default_factory=dict)
    probed: dict[str, Tensor] = field(default_factory=dict)
    """While learning, by target: a probe's outputs (N,K), of training rows by probes that had not seen them."""

    def batch(self, rows: Tensor) -> Batch:
        """The rows at `rows` (B,) of every block."""
        return Batch(
            {key: block.index_select(0, rows) for key, block in self.scalars.items()},
            {key: vectors.index_select(0, rows) for key, vectors in self.vectors.items()},
            probed={name: outputs.index_select(0, rows) for name, outputs in self.probed.items()},
        )


def examples_of(
    network: Network, table: Table, *, cache: VectorCache | None, progress: Progress, engine: EngineName = "auto"
) -> Examples:
    """Encode every row of `table` through the one path of training and serving; `engine` looks at files.

    *Raises* ColumnError when a column the network reads is not in the table; all that are missing are named.
    """
    features = network.features
    require_columns(table, _read_by(features))
    usable, ledger = np.ones(len(table), dtype=bool), Ledger()
    listed: set[Entry] = set()  # a column that several backbones look at is read as often
    scalars, vectors = {}, {}
    filled = np.zeros(len(table), dtype=bool)
    for block in network.blocks:
        feature = block.features[0]
        if isinstance(feature, MediaFeature):
            backbone = network.media[block.key].backbone
            found = extract_together(feature, feature.column(table), backbone, engine=engine, cache=cache, progress=progress)
            vectors[block.key] = found.values
            ledger.extend(entry for entry in found.ledger if entry not in listed)
            listed.update(found.ledger)
            usable &= found.readable | found.empty
            filled |= found.readable
        else:
            scalars[block.key] = block.encode(table)
            filled[:] = True
    for row in np.flatnonzero(~filled & usable):
        ledger.add(int(table.rows[row]), _names(features), "", "no file is named in this row, and it has nothing else to go by")
    return Examples(scalars, vectors, usable & filled, ledger)


def served_examples(
    network: Network, table: Table, *, cache: VectorCache | None, progress: Progress, engine: EngineName = "exact"
) -> tuple[Examples, Table]:
    """As `examples_of`, but a cell that cannot be read costs its row and not the whole table: it goes to the ledger.

    The second is the table with those cells emptied. Training has `check` in front of it and refuses such a table.
    """
    emptied, readable, ledger = without_unreadable(network, table)
    examples = examples_of(network, emptied, cache=cache, progress=progress, engine=engine)
    ledger.extend(examples.ledger)
    return replace(examples, usable=examples.usable & readable, ledger=ledger), emptied


def without_unreadable(network: Network, table: Table) -> tuple[Table, np.ndarray, Ledger]:
    """`table` with cells emptied that are not of their column's kind, rows (N,) bool without any, and those cells; no file is
    looked at.

    *Raises* ColumnError when a column the network reads is not in the table.
    """
    require_columns(table, _read_by(network.features))
    ledger, emptied, readable = Ledger(), table, np.ones(len(table), dtype=bool)
    for feature in network.features:
        column = feature.column(table)
        wrong = feature.unreadable(column)
        if wrong.any():
            kind = feature.options.kind
            for index in np.flatnonzero(wrong).tolist():
                ledger.add(column.row(index), feature.name, "", f"{_shown(column.cell(index))} is not a {kind}")
            emptied = replace(emptied, frame=emptied.frame.with_columns(column.values.set(pl.Series(wrong), None)))
            readable &= ~wrong
    return emptied, readable, ledger


def _shown(cell: object) -> str:
    """A cell as a message shows it: whole if it is short."""
    text = str(cell)
    return repr(text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}...")


def require_columns(table: Table, names: Sequence[str]) -> None:
    """*Raises* ColumnError naming every column of `names` that `table` lacks."""
    missing = [name for name in names if name not in table.columns]
    if missing:
        spare = [name for name in table.columns if name not in names]
        hints = "".join(f"\n  - '{name}'{did_you_mean(name, spare)}" for name in missing)
        raise ColumnError(
            f"The table '{table.name}' lacks {len(missing)} column(s) this model reads:{hints}\n"
            f"It has: {', '.join(table.columns)}. Rename or add the missing ones."
        )


def _read_by(features: Sequence[Feature]) -> list[str]:
    """Each column that `features` read, once."""
    return list(dict.fromkeys(name for feature in features for name in feature.reads))


def _names(features: Sequence[Feature]) -> str:
    return ", ".join(feature.name for feature in features)

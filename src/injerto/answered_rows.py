"""Rows of a table with the answers to them and what else scoring needs; of a long table, gathered piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import torch
from torch import Tensor

from injerto.answering import answers_twice, placed, placed_uncalibrated, served
from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import contents_of
from injerto.backbones.cache import VectorCache
from injerto.examples import Examples
from injerto.learner import Learner
from injerto.network import Network
from injerto.photos import Photos
from injerto.progress import Progress, Silent
from injerto.rivals import linear
from injerto.table.ledger import Ledger
from injerto.table.long_table import SAMPLE_ROWS, LongTable
from injerto.table.table import Table
from injerto.told import LISTED

COPIES = 4
"""Times the size of the answers that they take while they are scored: 12 million rows, 0.9 GB, took 2.9 GB."""
FEWEST_ROWS = SAMPLE_ROWS
"""Rows that are answered whatever memory is allowed: as many as the sample has, which is there already."""
TRIED_ROWS = 1_000
"""Rows of the sample that say how much one takes."""


@dataclass(frozen=True)
class AnsweredRows:
    """All rows that were asked, where among them the `usable` ones (n,) are, and the answers to these, (n,...) a target."""

    table: Table
    usable: np.ndarray
    answers: dict[str, Tensor]
    uncalibrated: dict[str, Tensor]
    """Of targets with probabilities, as if they had never been calibrated."""
    linear: dict[str, Tensor]
    """Of the linear model, where there is one."""
    ledger: Ledger
    contents: np.ndarray
    """What each row (N,) uint64 says; empty where the model would know none again."""

    @property
    def there(self) -> Table:
        """The usable rows."""
        return self.table.take(self.usable)

    @property
    def bytes(self) -> int:
        """What all of it takes in memory, about."""
        tensors = [*self.answers.values(), *self.uncalibrated.values(), *self.linear.values()]
        arrays = sum(one.nbytes for one in (self.usable, self.contents, self.table.rows))
        return int(self.table.frame.estimated_size()) + arrays + sum(one.nbytes for one in tensors)

    def of_columns(self, columns: Sequence[str]) -> AnsweredRows:
        """With these columns of the table alone."""
        return replace(self, table=replace(self.table, frame=self.table.frame.select(columns)))


def answered_rows(artifact: Artifact, table: Table, *, cache: VectorCache | None, progress: Progress) -> AnsweredRows:
    """The answers to the rows of `table`."""
    network = artifact.network
    examples, _ = served(network, table, cache=cache, progress=progress)
    usable = np.flatnonzero(examples.usable)
    there = table.take(usable)
    found, plain = answers_twice(network, examples, usable, progress)
    return AnsweredRows(
        table,
        usable,
        placed(network, there, found),
        placed_uncalibrated(network, there, found, plain),
        _linear(artifact, examples, usable),
        examples.ledger,
        np.empty(0, dtype=np.uint64) if artifact.contents is None else contents_of(artifact.schema, table),
    )


def _linear(artifact: Artifact, examples: Examples | Photos, rows: np.ndarray) -> dict[str, Tensor]:
    if artifact.linear is None or not isinstance(examples, Examples):
        return {}
    return linear.linear_answers(artifact.linear, examples, rows)


def in_pieces(network: Learner) -> bool:
    """Whether each row is answered by itself and without files, so that the pieces of a table may be asked one by one."""
    return isinstance(network, Network) and not network.media


def answered_pieces(artifact: Artifact, long: LongTable, columns: Sequence[str], progress: Progress) -> AnsweredRows:
    """The answers to the rows of `long`, of which the `columns` are kept; to a part of the rows, drawn by chance, where the
    answers to all would not fit into the memory that the table may take."""
    share = room_for(artifact, long, columns) / len(long)
    return joined(_of_pieces(artifact, long, columns, share, progress))


def room_for(artifact: Artifact, long: LongTable, columns: Sequence[str]) -> int:
    """To how many rows the answers may be kept; all of them, where that is enough."""
    tried = long.sample.take(np.arange(min(TRIED_ROWS, len(long.sample))))
    few = answered_rows(artifact, tried, cache=None, progress=Silent()).of_columns(columns)
    fit = int(long.allowed / (COPIES * few.bytes / len(tried)))
    return min(len(long), max(fit, FEWEST_ROWS))


def _of_pieces(
    artifact: Artifact, long: LongTable, columns: Sequence[str], share: float, progress: Progress
) -> Iterator[AnsweredRows]:
    with progress.step("answering", len(long)) as bar:
        for place, piece in enumerate(long.rows_from(0)):
            drawn = np.random.default_rng((0, place)).random(len(piece)) < share
            some = piece if drawn.all() else piece.take(np.flatnonzero(drawn))
            if len(some):
                yield answered_rows(artifact, some, cache=None, progress=Silent()).of_columns(columns)
            bar.advance(len(piece))


def joined(parts: Iterable[AnsweredRows]) -> AnsweredRows:
    """All parts as one, in order; the ledger has the first cells that cannot be used."""
    kept, ledger, start = [], Ledger(), 0
    for part in parts:
        ledger.extend(part.ledger.entries[: max(0, LISTED - len(ledger))])
        kept.append(replace(part, usable=part.usable + start))
        start += len(part.table)
    first = kept[0].table
    return AnsweredRows(
        Table(
            _stacked([part.table.frame for part in kept]),
            first.folder,
            first.name,
            np.concatenate([part.table.rows for part in kept]),
        ),
        np.concatenate([part.usable for part in kept]),
        _by_target([part.answers for part in kept]),
        _by_target([part.uncalibrated for part in kept]),
        _by_target([part.linear for part in kept]),
        ledger,
        np.concatenate([part.contents for part in kept]),
    )


def _stacked(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One under the other; a column is text where one of them has text there, because a cell of it was none of its type."""
    texts = {name for frame in frames for name, dtype in frame.schema.items() if dtype == pl.String}
    return pl.concat([frame.with_columns(pl.col(name).cast(pl.String) for name in texts) for frame in frames])


def _by_target(parts: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

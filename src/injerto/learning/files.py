"""Batches of raw pixels and samples for fine-tuning, read ahead in the background while the network works."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.features.feature import MediaFeature
from injerto.heads.head import Labels
from injerto.learning.augment import AUGMENTERS
from injerto.learning.source import Source
from injerto.network import Batch, Block
from injerto.table.table import Table

READ_AHEAD = 3
KEPT_BYTES = 3 * 1024**3
"""Decoded files are kept in memory up to this many bytes; beyond it they are read again every epoch."""


class FileSource(Source):
    """The rows of `examples` with the files themselves in place of their frozen vectors.

    Only rows whose files were found readable may be asked for.
    """

    def __init__(self, table: Table, blocks: list[Block], examples: Examples, *, augment: bool) -> None:
        self.examples, self.labels, self.augment = examples, examples.labels, augment
        media = {block.key: block.features[0] for block in blocks if not block.features[0].together}
        self.features = {key: feature for key, feature in media.items() if isinstance(feature, MediaFeature)}
        self.columns = {key: feature.column(table) for key, feature in self.features.items()}
        self.empty = {key: column.values.is_null().to_torch() for key, column in self.columns.items()}
        self.kept: dict[tuple[str, int], Tensor] = {}
        self.kept_bytes = 0

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        generator = torch.Generator().manual_seed(seed)
        parts = list(rows.split(batch_rows))
        with ThreadPoolExecutor(max_workers=1) as pool:
            ahead: list[Future[dict[str, Tensor]]] = [pool.submit(self._read, part) for part in parts[:READ_AHEAD]]
            for position, part in enumerate(parts):
                raw = ahead.pop(0).result()
                if position + READ_AHEAD < len(parts):
                    ahead.append(pool.submit(self._read, parts[position + READ_AHEAD]))
                if training and self.augment:
                    raw = {key: AUGMENTERS[self.features[key].options.kind](block, generator) for key, block in raw.items()}
                empty = {key: empty[part] for key, empty in self.empty.items()}
                batch = Batch(self.examples.batch(part).scalars, raw=raw, empty=empty)
                yield batch, {name: labels.take(part) for name, labels in self.labels.items()}

    def _read(self, rows: Tensor) -> dict[str, Tensor]:
        return {key: torch.stack([self._cell(key, row) for row in rows.tolist()]) for key in self.features}

    def _cell(self, key: str, row: int) -> Tensor:
        if (key, row) in self.kept:
            return self.kept[key, row]
        if bool(self.empty[key][row]):
            return self._blank(key)
        cell = self.features[key].read(self.columns[key], row)
        if self.kept_bytes + cell.nbytes <= KEPT_BYTES:
            self.kept[key, row] = cell
            self.kept_bytes += cell.nbytes
        return cell

    def _blank(self, key: str) -> Tensor:
        """The shape of a cell without content; the network masks what it makes of it."""
        filled = np.flatnonzero(~self.empty[key].numpy())
        return torch.zeros_like(self._cell(key, int(filled[0])))

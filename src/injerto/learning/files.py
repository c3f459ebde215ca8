"""Batches of raw pixels and samples for fine-tuning, read ahead in the background while the network works."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.features.feature import MediaFeature
from injerto.features.sound import SoundFeature
from injerto.heads.head import Labels
from injerto.learning.backgrounds import backgrounds
from injerto.learning.mixing import mixed_up
from injerto.learning.source import Source
from injerto.learning.vary_photos import vary_photos
from injerto.learning.vary_sounds import vary_sounds
from injerto.network import Batch, Block
from injerto.places.address import joined
from injerto.table.table import Table
from injerto.together import part_of, turn_to

READ_AHEAD = 3
KEPT_BYTES = 3 * 1024**3
"""Decoded files are kept in memory up to this many bytes; beyond it they are read again every epoch."""


class FileSource(Source):
    """The rows of `examples` with the files themselves in place of their frozen vectors.

    Only rows whose files were found readable may be asked for.
    """

    shared = True

    def __init__(
        self, table: Table, blocks: list[Block], examples: Examples, *, augment: bool, background: str | None = None
    ) -> None:
        self.examples, self.labels, self.augment = examples, examples.labels, augment
        media = {block.key: block.features[0] for block in blocks if not block.features[0].together}
        self.features = {key: feature for key, feature in media.items() if isinstance(feature, MediaFeature)}
        self.columns = {key: feature.column(table) for key, feature in self.features.items()}
        self.empty = {key: column.values.is_null().to_torch() for key, column in self.columns.items()}
        self.backgrounds = {
            key: backgrounds(joined(table.folder, background), rate_hz=feature.resolution_, seconds=feature.clip_seconds_)
            for key, feature in self.features.items()
            if augment and background is not None and isinstance(feature, SoundFeature)
        }
        self.kept: dict[tuple[str, int], Tensor] = {}
        self.kept_bytes = 0

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        generator = torch.Generator().manual_seed(seed)
        whole = rows.split(batch_rows)
        parts = [part_of(part) for part in whole]
        with ThreadPoolExecutor(max_workers=1) as pool:
            ahead: list[Future[dict[str, Tensor]]] = [pool.submit(self._read, part) for part in parts[:READ_AHEAD]]
            for position, part in enumerate(parts):
                raw = ahead.pop(0).result()
                if position + READ_AHEAD < len(parts):
                    ahead.append(pool.submit(self._read, parts[position + READ_AHEAD]))
                empty = {key: empty[part] for key, empty in self.empty.items()}
                labels = {name: labels.take(part) for name, labels in self.labels.items()}
                turn_to(len(whole[position]))
                if training and self.augment:
                    raw, labels = self._varied(raw, labels, bool(torch.cat(list(empty.values())).any()), generator)
                yield Batch(self.examples.batch(part).scalars, raw=raw, empty=empty), labels

    def _varied(
        self, raw: dict[str, Tensor], labels: dict[str, Labels], any_empty: bool, generator: torch.Generator
    ) -> tuple[dict[str, Tensor], dict[str, Labels]]:
        """The batch as training sees it. Rows are laid over each other where sounds are all there is to go by."""
        kinds = {key: feature.options.kind for key, feature in self.features.items()}
        for key, block in raw.items():
            if kinds[key] == "image":
                raw[key] = vary_photos(block, generator)
            else:
                raw[key] = vary_sounds(block, generator, self.backgrounds.get(key))
        alone = set(kinds.values()) == {"sound"} and not self.examples.scalars and not any_empty
        return mixed_up(raw, labels, generator) if alone else (raw, labels)

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

"""Read, decode and compute the files that the cache does not know, on all cores at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.engine import Engine, Runner
from injerto.backbones.memory import keep_memory
from injerto.backbones.recall import Recall
from injerto.backbones.settled import once
from injerto.backbones.stamps import stamp_of
from injerto.errors import MediaError
from injerto.features.feature import MediaFeature
from injerto.places.address import Address
from injerto.places.ahead import ahead
from injerto.progress import Step
from injerto.table.cell_bytes import address_of, is_grey_levels
from injerto.table.column import Column
from injerto.table.media import media_bytes, media_name
from injerto.table.span import span_of


@dataclass
class Sheaf:
    """What one stream hands over at a time: rows with their keys and vectors."""

    rows: list[int] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    vectors: np.ndarray = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    computed: bool = False


class Harvest:
    """Streams (threads) pull rows one by one; each reads, decodes, and computes whole batches on one core.

    While one stream waits for the disk the others compute; nothing waits at a barrier.
    """

    def __init__(
        self, feature: MediaFeature, column: Column, backbone: Backbone, engine: Engine, recall: Recall, step: Step
    ) -> None:
        self.feature, self.column, self.backbone, self.engine = feature, column, backbone, engine
        self.recall, self.step = recall, step
        self.reasons: dict[int, str] = {}
        """Why a row could not be read."""
        self.digests: dict[int, bytes] = {}
        """By row, the digest of the file that was read for it."""
        self.computed = 0
        self.lock = threading.Lock()
        self.runner: Runner | None = None
        self.owners: dict[bytes, int] = {}
        self.copies: dict[int, int] = {}
        self.stopped = False

    def gather(self, rows: np.ndarray, values: np.ndarray) -> None:
        """Fill the `rows` of `values` (N,C); what cannot be read goes to `reasons`."""
        if len(rows) == 0:
            return
        keep_memory()
        todo, sheaves = ahead(rows.tolist(), self._address), queue.Queue[Sheaf | BaseException | None]()
        # A stream for every batch there is, up to one a core.
        count = min(self.engine.streams, -(-len(rows) // self.engine.batch_rows))
        threads_before = torch.get_num_threads()
        streams = [threading.Thread(target=self._stream, args=(todo, sheaves), daemon=True) for _ in range(count)]
        for stream in streams:
            stream.start()
        try:
            while count:
                sheaf = sheaves.get()
                if isinstance(sheaf, Sheaf):
                    self._store(sheaf, values)
                elif sheaf is None:
                    count -= 1
                else:
                    raise sheaf
        finally:
            self.stopped = True
            for stream in streams:
                stream.join()
            torch.set_num_threads(threads_before)  # a stream's own setting becomes the default of threads started later
            self.recall.flush()
        for row, owner in self.copies.items():
            values[row] = values[owner]
            if owner in self.reasons:
                self.reasons[row] = self.reasons[owner]
        self.step.advance(len(self.copies))

    def _address(self, row: int) -> Address | None:
        return address_of(self.column.cell(row), self.column.folder)

    def _store(self, sheaf: Sheaf, values: np.ndarray) -> None:
        if sheaf.rows:
            values[sheaf.rows] = sheaf.vectors
        if sheaf.computed:
            self.computed += len(sheaf.rows)
            self.recall.keep(dict(zip(sheaf.keys, sheaf.vectors, strict=True)))
        self.step.advance(max(1, len(sheaf.rows)))

    def _stream(self, todo: Iterator[int], sheaves: queue.Queue[Sheaf | BaseException | None]) -> None:
        torch.set_num_threads(1)
        try:
            with torch.inference_mode():
                self._work(todo, sheaves)
            sheaves.put(None)
        except BaseException as error:  # handed to the caller's thread, which raises it
            sheaves.put(error)

    def _work(self, todo: Iterator[int], sheaves: queue.Queue[Sheaf | BaseException | None]) -> None:
        rows: list[int] = []
        keys: list[bytes] = []
        block: Tensor | None = None
        for row in self._shared(todo):
            found = self._cell(row)
            if isinstance(found, Sheaf):
                sheaves.put(found)
            elif found is not None:
                key, cell = found
                block = self._block(cell) if block is None else block
                block[len(rows)] = cell
                rows.append(row)
                keys.append(key)
            if block is not None and len(rows) == len(block):
                sheaves.put(Sheaf(rows, keys, self._run(block), computed=True))
                rows, keys = [], []
        if block is not None and rows:
            # The last batch has old rows at its end: one shape for all batches, and nobody reads them.
            sheaves.put(Sheaf(rows, keys, self._run(block)[: len(rows)], computed=True))

    def _shared(self, todo: Iterator[int]) -> Iterator[int]:
        """Rows that no other stream takes."""
        while not self.stopped:
            with self.lock:
                row = next(todo, None)
            if row is None:
                return
            yield row

    def _cell(self, row: int) -> tuple[bytes, Tensor] | Sheaf | None:
        """A row's key and tensor; a sheaf when its vector is known or it cannot be read; None when it is a copy."""
        cell = self.column.cell(row)
        try:
            digest, known = self._identified(cell)
            key, self.digests[row] = self.recall.key(digest, span_of(cell)), digest
            vector = self.recall.vector(key)
            with self.lock:
                owner = self.owners.setdefault(key, row)
                if owner != row:
                    self.copies[row] = owner
                    return None
            if vector is not None and len(vector) == self.backbone.width:
                return Sheaf([row], [key], vector[None])
            decoded = self.feature.decode(known, self.column.folder, self.column.row(row))
            if span_of(cell) is not None and self._identified(cell)[0] != digest:
                raise MediaError("changed while it was read: run again when its copy is done")
            return key, decoded
        except MediaError as error:
            self.reasons[row] = error.reason
            return Sheaf()

    def _identified(self, cell: object) -> tuple[bytes, object]:
        """The digest of a cell's file, and the cell with all that had to be read to tell it. *Raises* MediaError."""
        if span_of(cell) is not None:  # of a long recording only the clip is read again
            return self.recall.clip_digest(cell), cell
        stamp = stamp_of(cell, self.column.folder)
        content = media_bytes(cell, self.column.folder)
        digest = self.recall.digest(content, stamp)
        return digest, cell if is_grey_levels(cell) else {"bytes": content, "path": media_name(cell)}

    def _block(self, cell: Tensor) -> Tensor:
        """A buffer for a batch of cells, reused for every batch of a stream; photos with their channels last."""
        shape = (self.engine.batch_rows, *cell.shape)
        layout = torch.channels_last if cell.ndim == 3 else torch.contiguous_format
        return torch.zeros(shape, dtype=cell.dtype).contiguous(memory_format=layout)

    def _run(self, block: Tensor) -> np.ndarray:
        with self.lock:
            if self.runner is None:
                shaped = (self.engine.name, tuple(block.shape))
                self.runner = once(self.backbone, shaped, lambda: self.engine.prepare(self.backbone, block))
        return self.runner(block).numpy()

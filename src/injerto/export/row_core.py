"""What a network of rows computes between the nodes before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from injerto.export.answer import Answer
from injerto.export.entry import Entry
from injerto.export.file_entry import FileEntry
from injerto.export.plain import plain
from injerto.network import Batch, Network


class RowCore(nn.Module):
    """A network of vectors with its preprocessing before it and its calibration behind it."""

    def __init__(self, network: Network, entries: Sequence[Entry[Any]], answers: Sequence[Answer[Any]]) -> None:
        """`entries` in the order of the network's features, `answers` in that of its targets."""
        super().__init__()
        self.entries, self.answers = entries, answers
        self.network = plain(network)
        # Whether it speaks is known now; within a graph nothing may hang on it.
        self.named = self.network.named if network.named is not None and bool(network.named.say) else None
        self.network.named = None

    def forward(self, *given: Tensor) -> dict[str, Tensor]:
        """What the nodes before it give, entry by entry, to the answers by name."""
        batch = self._batch(list(given))
        outputs = self.network(batch)
        if self.named is not None:
            told = self.named(self.network.called(batch))[:, None]
            outputs = {name: output + told for name, output in outputs.items()}
        trust = self.network.trust(batch)
        found: dict[str, Tensor] = {}
        for answer in self.answers:
            found |= answer.tensors(answer.head.trusted(outputs[answer.head.name], trust))
        return found

    def _batch(self, given: list[Tensor]) -> Batch:
        scalars, vectors = {}, {}
        left, entries = list(given), iter(self.entries)
        for block in self.network.blocks:
            encoded = []
            for _ in block.features:
                entry = next(entries)
                own = [left.pop(0) for _ in entry.examples(1)]
                values = entry.encode(own)
                if isinstance(entry, FileEntry):
                    vector = self.network.media[block.key].backbone.vector(values)
                    vectors[block.key] = torch.where(entry.empty(own)[:, None], torch.nan, vector)
                else:
                    encoded.append(values if values.ndim > 1 else values[:, None])
            if encoded:
                scalars[block.key] = torch.cat(encoded, dim=1)
        return Batch(scalars, vectors)

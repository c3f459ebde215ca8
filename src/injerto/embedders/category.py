"""Categories to a vector: a lookup whose rare rows lean on UNKNOWN."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.draws import kept
from injerto.embedders.embedder import Embedder
from injerto.features.category import FIRST, UNKNOWN, CategoryFeature

WIDTH = 8
"""Values a level becomes."""
HIDDEN = 13
"""Of 256 ids, those hidden as UNKNOWN while training, so that the UNKNOWN row is trained on honest examples: one in twenty."""
TRUST_ROWS = 50.0
"""A level seen this often leans half on its own offset and half on UNKNOWN."""


class CategoryEmbedder(Embedder):
    """The lookups of all category columns in one matrix. A level's row is UNKNOWN's row plus its own offset.

    Offsets start at zero and are scaled by count / (count + 50): a level seen twice stays near UNKNOWN, a frequent one is free.
    This is the shrinkage of a random effect in a mixed model, and why a column of thousands of levels costs nothing.
    """

    first: Tensor
    trust: Tensor

    def __init__(self, features: Sequence[CategoryFeature]) -> None:
        super().__init__()
        self.names = [feature.name for feature in features]
        self.rows = [feature.rows for feature in features]
        counts = [torch.tensor(feature.counts_, dtype=torch.float32) for feature in features]
        trust = torch.cat([count / (count + TRUST_ROWS) for count in counts])
        first = torch.tensor([0, *self.rows[:-1]]).cumsum(0)
        trust[first + UNKNOWN] = 0  # UNKNOWN has no offset from itself
        self.register_buffer("first", first.to(torch.int32))
        self.register_buffer("trust", trust[:, None])
        self.unknown = nn.Parameter(torch.empty(len(features), WIDTH).normal_(std=WIDTH**-0.5))
        self.offset = nn.Parameter(torch.zeros(sum(self.rows), WIDTH))
        self.width = len(features) * WIDTH

    def forward(self, block: Tensor) -> Tensor:
        """Ids (B,F) to (B, F*8)."""
        if self.training:
            seen = torch.from_numpy(kept(block.shape, HIDDEN)).to(block.device)
            block = block.where(seen | (block < FIRST), UNKNOWN)
        place = (block + self.first).flatten().long()
        # Trusting every row of a small table once is cheaper than those of a batch, which come again and again.
        whole = len(place) > len(self.offset)
        table = self.offset * self.trust if whole else self.offset
        trust = None if whole else self.trust.index_select(0, place)
        rows: Tensor = _Rows.apply(self.unknown, table, place, trust)  # type: ignore[no-untyped-call]
        return rows.flatten(1)

    def matrix(self, name: str) -> Tensor:
        """The learned rows of one column: UNKNOWN, MISSING, then its levels in order. *Shape* (levels + 2, 8)."""
        index = self.names.index(name)
        start = int(self.first[index])
        rows = slice(start, start + self.rows[index])
        return (self.unknown[index] + self.offset[rows] * self.trust[rows]).detach()


class _Rows(torch.autograd.Function):
    """UNKNOWN's rows (F,W) plus the levels' own at `place` (B*F) of the table, as far as these are trusted: (B,F,W).

    One thread sums the table's gradient: two write into the same lines of memory and take up to four times as long;
    functional.embedding is as slow.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, unknown: Tensor, table: Tensor, place: Tensor, trust: Tensor | None) -> Tensor:
        ctx.save_for_backward(place)
        ctx.trust, ctx.shape = trust, table.shape  # type: ignore[attr-defined]
        rows = table.index_select(0, place)
        return (rows if trust is None else rows.mul_(trust)).view(-1, *unknown.shape).add_(unknown)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, None, None]:
        (place,), trust = ctx.saved_tensors, ctx.trust  # type: ignore[attr-defined]
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            of_rows = grad.flatten(0, 1) if trust is None else grad.flatten(0, 1) * trust
            of_table = grad.new_zeros(ctx.shape).index_add_(0, place, of_rows)  # type: ignore[attr-defined]
            return grad.sum(0), of_table, None, None
        finally:
            torch.set_num_threads(threads)

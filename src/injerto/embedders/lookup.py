"""The lookup: an id is a row of a learned matrix. Rare rows lean on UNKNOWN, and a long matrix learns by rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.embedders.pages import roomy
from injerto.features.levels import LevelsFeature
from injerto.features.vocabulary import UNKNOWN

TRUST_ROWS = 50.0
"""A level seen this often leans half on its own offset and half on UNKNOWN."""
LONG_ROWS = 100_000
"""From so many rows on, a gradient holds only the rows of its batch, and only these move."""
KEPT_VALUES = 2**26
"""Values of the largest matrix that is made once and kept for answering: 256 MB."""
NEAR_VALUES = 2**18
"""Values of a matrix that the processor's caches hold, so that no row is waited for: 1 MB."""


class Lookup(nn.Module):
    """The rows of several columns in one matrix of one width. A level's row is UNKNOWN's row plus its own offset.

    Offsets start at zero and are scaled by count / (count + 50): a level seen twice stays near UNKNOWN, a frequent one is free.
    This is the shrinkage of a random effect in a mixed model, and why a column of thousands of levels costs nothing.
    Columns of one vocabulary share their rows, UNKNOWN's too.
    """

    trust: Tensor
    first: Tensor
    owner: Tensor
    vocabulary: Tensor

    def __init__(self, features: Sequence[LevelsFeature]) -> None:
        super().__init__()
        width = features[0].width_
        self.planted = features[0].options.plant is not None
        self.multiplier = features[0].options.plant_multiplier if self.planted else 1.0
        """Of the embedders' learning rate."""
        own = [feature.options.vocabulary or f"column {feature.name}" for feature in features]
        shared = {key: feature for key, feature in zip(reversed(own), reversed(features), strict=True)}
        vocabularies = list(dict.fromkeys(own))
        starts, trusts, start = {}, [], 0
        for key in vocabularies:
            count = torch.tensor(shared[key].counts_, dtype=torch.float32)
            trust = count / (count + TRUST_ROWS)
            trust[UNKNOWN] = 0  # UNKNOWN has no offset from itself
            trusts.append(trust)
            starts[key], start = start, start + len(count)
        self.names = {feature.name: (key, starts[key], feature.rows) for feature, key in zip(features, own, strict=True)}
        self.vocabularies = vocabularies
        owners = [vocabularies.index(key) for feature, key in zip(features, own, strict=True) for _ in range(feature.places_)]
        self.register_buffer("owner", torch.tensor(owners), persistent=False)
        self.register_buffer("first", torch.tensor([starts[vocabularies[owner]] for owner in owners]), persistent=False)
        self.register_buffer("trust", torch.cat(trusts)[:, None])
        lengths = torch.tensor([len(trust) for trust in trusts])
        self.register_buffer("vocabulary", torch.arange(len(trusts)).repeat_interleave(lengths), persistent=False)
        self.unknown = nn.Parameter(torch.empty(len(vocabularies), width).normal_(std=width**-0.5))
        self.offset = nn.Parameter(torch.zeros(start, width))
        self.alone = owners == list(range(len(vocabularies)))
        self.single = len(owners) == 1
        self.long = start >= LONG_ROWS
        self._made: tuple[tuple[int, ...], Tensor] | None = None

    def forward(self, ids: Tensor) -> Tensor:
        """Ids (B,P) of the columns' places to rows (B,P,width)."""
        place = ids.flatten() if self.single else (ids + self.first).flatten()
        if not torch.is_grad_enabled() and self.offset.numel() <= KEPT_VALUES and not self.offset.is_inference():
            return _picked(self._whole(), place).view(*ids.shape, -1)
        if len(place) > len(self.offset) and not self.long:
            rows: Tensor = RowsOfSmall.apply(self.unknown, self.offset, self.trust, self.vocabulary, place)  # type: ignore[no-untyped-call]
        else:
            unknown = self.unknown if self.alone else self.unknown.index_select(0, self.owner)
            trust = self.trust.index_select(0, place)
            rows = _RowsOfLarge.apply(unknown, self.offset, trust, place, self.long)  # type: ignore[no-untyped-call]
        return rows.view(*ids.shape, -1)

    def train(self, mode: bool = True) -> Self:
        """As every module's; what was kept for answering is made anew, for some optimizers write without a trace."""
        self._made = None
        return super().train(mode)

    def _whole(self) -> Tensor:
        """Every row as it is looked up, (rows, width). Kept until one of its parts is written to or replaced."""
        parts = (self.unknown, self.offset, self.trust)
        state = tuple(number for part in parts for number in (part.data_ptr(), part._version))
        made = self._made  # another thread that asks the same model may take it away at any moment
        if made is None or made[0] != state:
            with torch.inference_mode(False), torch.no_grad():  # what is kept may serve outside of inference, too
                made = self._made = state, self._every_row()
        return made[1]

    def _every_row(self) -> Tensor:
        rows = roomy(*self.offset.shape) if self.offset.is_cpu and self.offset.dtype == torch.float32 else None
        return torch.addcmul(self.unknown.index_select(0, self.vocabulary), self.offset, self.trust, out=rows)

    def matrix(self, name: str) -> Tensor:
        """The learned rows of one column: UNKNOWN, MISSING, then its levels in order. *Shape* (levels + 2, width)."""
        key, start, count = self.names[name]
        rows = slice(start, start + count)
        unknown = self.unknown[self.vocabularies.index(key)]
        return (unknown + self.offset[rows] * self.trust[rows]).detach()

    @torch.no_grad()
    def plant(self, name: str, rows: Tensor, found: Tensor) -> None:
        """Put `rows` (levels + 2, width), UNKNOWN's first, in the places of one column that are `found` (levels + 2,).

        They are trusted whole, however seldom the level is seen here: what they know was learned elsewhere.
        """
        key, start, count = self.names[name]
        self.unknown[self.vocabularies.index(key)] = rows[UNKNOWN]
        place = torch.arange(start, start + count)[found]
        self.offset[place] = rows[found] - rows[UNKNOWN]
        self.trust[place] = 1.0
        self.trust[start + UNKNOWN] = 0.0

    def trusted(self, name: str) -> Tensor:
        """How far each row of a column is its own, (levels + 2,): 0 is UNKNOWN's, 1 is free of it."""
        _, start, count = self.names[name]
        return self.trust[start : start + count, 0]


class RowsOfSmall(torch.autograd.Function):
    """Every row of a small table made once, UNKNOWN's and its own as far as it is trusted, then picked at `place` (N,): (N,W).

    Cheaper than making those of a batch, which come again and again.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, unknown: Tensor, offset: Tensor, trust: Tensor, vocabulary: Tensor, place: Tensor) -> Tensor:
        ctx.save_for_backward(trust, vocabulary, place)
        ctx.shape = unknown.shape  # type: ignore[attr-defined]
        return _picked(torch.addcmul(unknown.index_select(0, vocabulary), offset, trust), place)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        trust, vocabulary, place = ctx.saved_tensors  # type: ignore[attr-defined]
        of_rows = _summed(grad, place, len(trust))
        return _summed(of_rows, vocabulary, ctx.shape[0]), of_rows * trust, None, None, None  # type: ignore[attr-defined]


class _RowsOfLarge(torch.autograd.Function):
    """UNKNOWN's rows (P,W) plus those at `place` (B*P) of the table, as far as these are trusted: (B*P,W).

    A `long` table's gradient is sparse: 10 million rows of 16 would be 640 MB a step.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, unknown: Tensor, offset: Tensor, trust: Tensor, place: Tensor, long: bool) -> Tensor:
        ctx.save_for_backward(trust, place)
        ctx.shape, ctx.columns, ctx.long = offset.shape, len(unknown), long  # type: ignore[attr-defined]
        return _picked(offset, place).mul_(trust).view(-1, *unknown.shape).add_(unknown).flatten(0, 1)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        trust, place = ctx.saved_tensors  # type: ignore[attr-defined]
        of_unknown, of_rows = grad.unflatten(0, (-1, ctx.columns)).sum(0), grad * trust  # type: ignore[attr-defined]
        if ctx.long:  # type: ignore[attr-defined]
            # The forward lookup has just used these places: they are within the table.
            sparse = torch.sparse_coo_tensor(place[None], of_rows, ctx.shape, check_invariants=False)  # type: ignore[attr-defined]
            return of_unknown, sparse, None, None, None
        return of_unknown, _summed(of_rows, place, ctx.shape[0]), None, None, None  # type: ignore[attr-defined]


def _picked(table: Tensor, place: Tensor) -> Tensor:
    """The rows of `table` at `place` (N,). numpy copies rows that lie near faster than index_select, but widens short places.

    A far row is waited for; a bag of one level asks for the next ones meanwhile, in a third of numpy's time.
    """
    near = table.numel() <= NEAR_VALUES
    if not table.is_cpu or (near and place.dtype == torch.int32):
        return table.index_select(0, place)
    if near:
        return torch.from_numpy(np.take(table.numpy(), place.numpy(), axis=0))
    return torch.embedding_bag(table, place, _bags_of_one(len(place), place.dtype))[0]


@lru_cache(maxsize=4)
def _bags_of_one(count: int, dtype: torch.dtype) -> Tensor:
    """Where each of so many bags of a single level starts."""
    with torch.inference_mode(False):  # a later call may stand outside of it
        return torch.arange(count, dtype=dtype)


def _summed(rows: Tensor, place: Tensor, count: int) -> Tensor:
    """A table of `count` rows to which `rows` (N,W) are added at `place` (N,).

    By one thread: two write into the same lines of memory and take up to four times as long; functional.embedding is as slow.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return rows.new_zeros(count, rows.shape[1]).index_add_(0, place, rows)
    finally:
        torch.set_num_threads(threads)

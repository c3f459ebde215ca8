"""The body: many small networks that share most of their weights, for rows with table columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

MEMBERS = 8
"""Networks in the ensemble. On flights a single one loses 0.008 AUC against 8."""
WIDTHS = (128, 128)
"""Channels of each layer of a member."""
DROPPED = 26
"""Of 256 channels, those that training leaves out: one in ten."""
LOUDER = 256 / (256 - DROPPED)
"""Factor on the channels that stay, so that the mean stays."""
MANY_ROWS = 512
"""Rows of a training batch from which products are worth rounding to bfloat16."""
SHORT_PRODUCTS = bool(torch.cpu.get_capabilities().get("avx512_bf16", False))
"""Whether this processor multiplies bfloat16 itself: three times as fast as float32, and half the memory to move."""


class TabMBody(nn.Module):
    """An ensemble of `members` multi-layer perceptrons in one. Each member answers; the answers are averaged.

    All members share each layer's weight W; a member scales what goes in (r) and what comes out (s), and has a bias of its own.
    The random signs of the first r make the members differ.

    *Source*: Gorishniy et al., TabM, ICLR 2025; Wen et al., BatchEnsemble, ICLR 2020, equation 5.
    """

    def __init__(self, width_in: int, *, members: int = MEMBERS, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.members, self.width = members, widths[-1]
        self.layers = nn.ModuleList(
            SharedLinear(size_in, size_out, members, signs=index == 0 and members > 1)
            for index, (size_in, size_out) in enumerate(zip([width_in, *widths[:-1]], widths, strict=True))
        )

    def forward(self, vector: Tensor) -> Tensor:
        """(B, width_in) to (B, members*width), member by member."""
        short = self.training and SHORT_PRODUCTS and len(vector) >= MANY_ROWS
        inside = (vector.bfloat16() if short else vector)[None].expand(self.members, -1, -1)
        for layer in self.layers:
            outside = layer(inside, LOUDER if self.training else 1.0)
            inside = _Thinned.apply(outside) if self.training else outside.relu()  # type: ignore[no-untyped-call]
        return inside.transpose(0, 1).flatten(1).to(vector.dtype)


class SharedLinear(nn.Module):
    """One dense layer for `members` networks that share its weight."""

    def __init__(self, width_in: int, width_out: int, members: int, *, signs: bool) -> None:
        super().__init__()
        bound = width_in**-0.5
        self.weight = nn.Parameter(torch.empty(width_in, width_out).uniform_(-bound, bound))
        self.r = nn.Parameter(torch.randint(0, 2, (members, width_in)) * 2.0 - 1 if signs else torch.ones(members, width_in))
        self.s = nn.Parameter(torch.ones(members, width_out))
        self.bias = nn.Parameter(torch.empty(width_out).uniform_(-bound, bound).repeat(members, 1))

    def forward(self, inside: Tensor, factor: float = 1.0) -> Tensor:
        """(members, B, width_in) to (members, B, width_out), `factor` times as large, in the precision of `inside`."""
        # Scaling the small weight, not the large batch: the same product, in 0.85 of the time of tabm's LinearBatchEnsemble.
        weight = self.r[:, :, None] * self.weight * (self.s * factor)[:, None, :]
        bias = self.bias[:, None, :] * factor
        return torch.baddbmm(bias.to(inside.dtype), inside, weight.to(inside.dtype))


class _Thinned(torch.autograd.Function):
    """ReLU that leaves some places out, in the place of its input.

    What is left out is 0 like what ReLU cuts, so one look at the output serves both on the way back. With `LOUDER` in the
    small weight, a layer's batch is passed over 3 times instead of 5.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, inside: Tensor) -> Tensor:
        inside.mul_(_kept(inside)).relu_()
        ctx.mark_dirty(inside)
        ctx.save_for_backward(inside)
        return inside

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> Tensor:
        (outside,) = ctx.saved_tensors  # type: ignore[attr-defined]
        return torch.ops.aten.threshold_backward(grad, outside, 0.0)  # type: ignore[no-any-return]


def _kept(like: Tensor) -> Tensor:
    """A dropout mask: 0 for about 26 of 256 places, else 1.

    Eight places share one draw of 64 bits. torch's own dropout draws once a place, which took a sixth of a training step.
    """
    draws = torch.empty(-(-like.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
    places = draws.view(torch.uint8)[: like.numel()].view(like.shape)
    # numpy compares and widens bytes in a fifth of torch's time.
    return torch.from_numpy((places.numpy() >= DROPPED).astype(np.float32)).to(like.dtype)

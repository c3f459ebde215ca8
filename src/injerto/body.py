"""The body: many small networks that share most of their weights, for rows with table columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.draws import kept, whole

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
    The random signs of the first r make the members differ. A single member is an ordinary network, without r and s.

    *Source*: Gorishniy et al., TabM, ICLR 2025; Wen et al., BatchEnsemble, ICLR 2020, equation 5.
    """

    def __init__(self, width_in: int, *, members: int = MEMBERS, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.members, self.width = members, widths[-1]
        self.layers = nn.ModuleList(
            SharedLinear(size_in, size_out, members, signs=index == 0)
            for index, (size_in, size_out) in enumerate(zip([width_in, *widths[:-1]], widths, strict=True))
        )

    def forward(self, vector: Tensor) -> Tensor:
        """(B, width_in) to (B, members, width)."""
        short = self.training and SHORT_PRODUCTS and whole(len(vector)) >= MANY_ROWS
        inside = vector.bfloat16() if short else vector
        for layer in self.layers:
            inside = layer(inside, thin=self.training)
        # Members outermost in memory, as products of many small matrices read and write them.
        return inside.transpose(0, 1).to(vector.dtype)


class SharedLinear(nn.Module):
    """One dense layer, ReLU behind it, for `members` networks that share its weight."""

    def __init__(self, width_in: int, width_out: int, members: int, *, signs: bool) -> None:
        super().__init__()
        bound = width_in**-0.5
        self.weight = nn.Parameter(torch.empty(width_in, width_out).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(width_out).uniform_(-bound, bound).repeat(members, 1))
        if members > 1:
            self.r = nn.Parameter(
                torch.randint(0, 2, (members, width_in)) * 2.0 - 1 if signs else torch.ones(members, width_in)
            )
            self.s = nn.Parameter(torch.ones(members, width_out))

    def forward(self, inside: Tensor, *, thin: bool = False) -> Tensor:
        """(B, width_in) for all members or (members, B, width_in) to (members, B, width_out), in the precision of `inside`.

        `thin` drops channels and raises the others by `LOUDER`.
        """
        weight, bias = self.of_members(LOUDER if thin else 1.0)
        output: Tensor = _Dense.apply(inside, weight.to(inside.dtype), bias.to(inside.dtype), thin)  # type: ignore[no-untyped-call]
        return output

    def of_members(self, factor: float = 1.0) -> tuple[Tensor, Tensor]:
        """Each member's own weight (members, width_in, width_out) and bias (members, 1, width_out), `factor` times as large."""
        bias = self.bias[:, None, :] * factor
        if len(self.bias) == 1:
            return self.weight[None] * factor, bias
        # Scaling the small weight, not the large batch: the same product, in 0.85 of the time of tabm's LinearBatchEnsemble.
        return self.r[:, :, None] * self.weight * (self.s * factor)[:, None, :], bias


class _Dense(torch.autograd.Function):
    """Product, ReLU and dropout in one, in the place of the product.

    What is left out is 0 like what ReLU cuts, so one look at the output serves both on the way back. With `LOUDER` in the
    small weight, a layer's batch is passed over 3 times instead of 5.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, inside: Tensor, weight: Tensor, bias: Tensor, thin: bool) -> Tensor:
        shared = inside.ndim == 2
        outside = torch.baddbmm(bias, inside[None].expand(len(weight), -1, -1) if shared else inside, weight)
        if thin:
            # numpy widens bytes in a fifth of torch's time.
            stay = torch.from_numpy(kept(outside.shape, DROPPED, rows=1).astype(np.float32))
            outside.mul_(stay.to(outside.device, outside.dtype))
        outside.relu_()
        ctx.save_for_backward(inside, weight, outside)
        return outside

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor | None, Tensor, Tensor, None]:
        inside, weight, outside = ctx.saved_tensors  # type: ignore[attr-defined]
        shared = inside.ndim == 2
        grad = torch.ops.aten.threshold_backward(grad.contiguous(), outside, 0.0)
        back = inside.t().expand(len(weight), -1, -1) if shared else inside.transpose(1, 2)
        of_weight, of_bias = torch.bmm(back, grad), grad.sum(1, keepdim=True)
        if not ctx.needs_input_grad[0]:  # type: ignore[attr-defined]
            return None, of_weight, of_bias, None
        turned = weight.transpose(1, 2)
        # Summed over members within the product, not in a batch for each of them: 0.7 of the time.
        of_inside = torch.addbmm(inside.new_zeros(()), grad, turned, beta=0) if shared else torch.bmm(grad, turned)
        return of_inside, of_weight, of_bias, None

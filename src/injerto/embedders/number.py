"""Numbers to a vector: waves of learned lengths, the number itself, and what it means when it comes again and again."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.embedders.embedder import Embedder
from injerto.embedders.repeats import Repeats
from injerto.features.number import NumberFeature

WIDTH = 8
"""Values a number becomes."""
WAVES = 16
"""Wave lengths a number has."""
FREQUENCY = 0.2
"""Deviation of the first frequencies, in turns a unit of spread: the first waves are some five spreads long."""
BOUND = 3.0
"""Beyond three spreads a number flattens, so that one wild cell cannot drive the answer."""


class NumberEmbedder(Embedder):
    """Periodic embeddings of all number columns, side by side. A missing number is the median plus a learned vector.

    Piecewise-linear embeddings with 48 and 12 bins were tried on flights and did a little worse (0.722 against 0.726 AUC).

    *Source*: Gorishniy et al. 2022, On Embeddings for Numerical Features in Tabular Deep Learning, section 3.3.
    """

    def __init__(self, features: Sequence[NumberFeature]) -> None:
        super().__init__()
        count = len(features)
        self.frequency = nn.Parameter(torch.randn(count, WAVES) * FREQUENCY)
        self.weight = nn.Parameter(torch.empty(count, 2 * WAVES, WIDTH).uniform_(-1, 1) * (2 * WAVES) ** -0.5)
        # NOTE differs from the paper: the number itself is added, as a network that sees waves alone must build a line of them.
        self.straight = nn.Parameter(torch.empty(count, WIDTH).uniform_(-1, 1))
        self.bias = nn.Parameter(torch.empty(count, WIDTH).uniform_(-1, 1))
        self.missing = nn.Parameter(torch.zeros(count, WIDTH))
        self.repeats = Repeats(features, WIDTH)
        self.width = count * WIDTH

    def forward(self, block: Tensor) -> Tensor:
        """(B,F) with NaN for missing, to (B, F*8)."""
        # Columns, waves, rows: with rows innermost the small products run 1.7 times as fast as with rows outermost.
        block = block.t().contiguous()
        missing = block.isnan()
        own = self.repeats(block)
        value = block.nan_to_num(0.0).clamp(-1e15, 1e15)
        value = value / torch.sqrt(1 + (value / BOUND) ** 2)
        weight = torch.cat([self.weight, self.straight[:, None], self.missing[:, None]], dim=1).transpose(1, 2)
        made: Tensor = _Embedded.apply(self.frequency, weight, self.bias, own, value, missing)  # type: ignore[no-untyped-call]
        return made


class _Embedded(torch.autograd.Function):
    """Sines, cosines, the value itself and whether it is missing, each weighed, and its own offset, summed, behind a ReLU.

    In one, as sine and cosine are each other's derivative and torch's own take both anew on the way back; and as they are
    written side by side at once instead of being copied there.
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx, frequency: Tensor, weight: Tensor, bias: Tensor, own: Tensor, value: Tensor, missing: Tensor
    ) -> Tensor:
        """Frequencies (F,W), weights (F,8,2W+2), biases (F,8), offsets (B,F,8) and values (F,B) to (B, F*8)."""
        count = frequency.shape[1]
        turn = (2 * math.pi * frequency)[:, :, None] * value[:, None]
        waves = turn.new_empty(len(value), 2 * count + 2, value.shape[1])
        torch.sin(turn, out=waves[:, :count])
        torch.cos(turn, out=waves[:, count:-2])
        waves[:, -2], waves[:, -1] = value, missing
        outside = (own + torch.baddbmm(bias[:, :, None], weight, waves).permute(2, 0, 1)).relu_()
        ctx.save_for_backward(weight, waves, outside)
        return outside.flatten(1)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, None, None]:
        weight, waves, outside = ctx.saved_tensors  # type: ignore[attr-defined]
        count = waves.shape[1] // 2 - 1
        of_own = torch.ops.aten.threshold_backward(grad.reshape(outside.shape), outside, 0.0)
        grad = of_own.permute(1, 2, 0).contiguous()
        of_waves = torch.bmm(weight[:, :, :-2].transpose(1, 2), grad)
        of_turn = (of_waves[:, :count] * waves[:, count:-2]).addcmul_(of_waves[:, count:], waves[:, :count], value=-1)
        of_frequency = 2 * math.pi * torch.bmm(of_turn, waves[:, -2, :, None])[:, :, 0]
        return of_frequency, torch.bmm(grad, waves.transpose(1, 2)), grad.sum(2), of_own, None, None

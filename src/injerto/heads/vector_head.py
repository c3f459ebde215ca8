"""Heads on vectors: 1x1 convolutions that give a class for the file, a number for the row, and on a map the same by place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Self

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.heads.head import Head, Labels
from injerto.heads.held_out import Grades, HeldOut
from injerto.schema.schema import Target
from injerto.table.column import Column


class VectorHead(Head, ABC):
    """`convolve` is a stack of 1x1 convolutions, built once width and outputs are known. Outputs are (N, members, K).

    `members` heads of an ensembled body stand side by side as the groups of one convolution.
    """

    uncalibrated: ClassVar[Mapping[str, float]] = {}
    """Buffers that calibration fits, and the values at which they do nothing."""

    def __init__(self, name: str, options: Target) -> None:
        super().__init__(name, options)
        self.held_out: HeldOut | None = None
        self.members, self.corrects = 1, False
        self.convolve = nn.Conv2d(1, 1, kernel_size=1)

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Channels K a member puts out, known after `fit`."""

    @abstractmethod
    def prior(self) -> Tensor:
        """The output (K,) that answers best when nothing is known of the row: the bias a new head starts with."""

    @abstractmethod
    def calibrate(self, output: Tensor, labels: Labels, unit: Tensor | None = None) -> None:
        """Fit what turns outputs (N, ...) of rows not trained on into honest answers; kept in buffers.

        `unit` (N,), codes from 0 on, says which rows came together and tell as much as one.
        """

    @abstractmethod
    def grade(self, answer: Tensor, truth: Tensor) -> Grades:
        """Answers (n,...) beside what is true (n,...), both as metrics take them."""

    def learned_truth(self, column: Column) -> Labels:
        """As `truth`, but labels that training did not show are not known: nobody who learned could answer them."""
        return Labels(self.truth(column).value, self.encode(column).known)

    @property
    def rows_held_out(self) -> tuple[int, float] | None:
        return None if self.held_out is None else (len(self.held_out), self.held_out.together)

    @contextmanager
    def plain(self) -> Iterator[None]:
        """Within, it answers as if it had never been calibrated."""
        kept = {name: float(self.get_buffer(name)) for name in self.uncalibrated}
        try:
            for name, value in self.uncalibrated.items():
                self.get_buffer(name).fill_(value)
            yield
        finally:
            for name, value in kept.items():
                self.get_buffer(name).fill_(value)

    def graft(self, width: int, members: int = 1, *, corrects: bool = False) -> Self:
        """Build the 1x1 convolution on `members` groups of `width` channels each: weights zero, bias the prior.

        A head that `corrects` another's answer starts by leaving it alone: its bias is zero too.
        """
        self.members, self.corrects = members, corrects
        self.convolve = nn.Conv2d(members * width, members * self.outputs, kernel_size=1, groups=members)
        return self.reset()

    @torch.no_grad()
    def reset(self) -> Self:
        """Forget what was learned."""
        self.convolve.weight.zero_()
        self.bias.copy_(self.prior().float().repeat(self.members) * (not self.corrects))
        return self

    @property
    def bias(self) -> Tensor:
        """The bias (members*K) of the convolution."""
        assert self.convolve.bias is not None
        return self.convolve.bias

    def forward(self, embedded: Tensor) -> Tensor:
        """(B, C) of one member or (B, members, C) to (B, members, K); a map (B, members*C, H, W) to (B, members, K, H, W).

        The weights are the same.
        """
        if embedded.ndim < 4:
            # On one place a 1x1 convolution is a matrix product, and that is several times faster said so.
            weight = self.convolve.weight.flatten(1).unflatten(0, (self.members, self.outputs))
            rows = embedded if embedded.ndim == 3 else embedded.unflatten(1, (self.members, -1))
            output: Tensor = _Narrow.apply(rows, weight, self.bias.unflatten(0, (self.members, -1)))  # type: ignore[no-untyped-call]
            return output
        return self.convolve(embedded).unflatten(1, (self.members, self.outputs))  # type: ignore[no-any-return]


class _Narrow(torch.autograd.Function):
    """Rows (B,M,C) times weights (M,K,C) plus biases (M,K) to (B,M,K), with rows innermost.

    A product with few columns of output, such as that of an ordinary layer of K = 2 and its gradients, runs at a tenth of a
    processor's speed: with 8 members it took 5 ms of a training step, and takes a tenth of that with K outermost.
    """

    @staticmethod
    def forward(ctx: FunctionCtx, rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(rows, weight)
        return torch.baddbmm(bias[:, :, None], weight, rows.permute(1, 2, 0)).permute(2, 0, 1)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor | None, Tensor, Tensor]:
        rows, weight = ctx.saved_tensors  # type: ignore[attr-defined]
        turned = grad.permute(1, 2, 0).contiguous()
        asked = ctx.needs_input_grad[0]  # type: ignore[attr-defined]
        of_rows = torch.bmm(turned.transpose(1, 2), weight).transpose(0, 1) if asked else None  # frozen rows ask for none
        return of_rows, torch.bmm(turned, rows.transpose(0, 1)), turned.sum(2)

"""The contract of every target column: labels in, a stack of 1x1 convolutions, answers out in the user's units."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import polars as pl
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from injerto.schema.schema import Target
from injerto.table.column import Column


@dataclass(frozen=True)
class Labels:
    """Encoded labels (N, ...) and which of them are known (N,). A missing label costs nothing."""

    value: Tensor
    known: Tensor
    mixed: Mixed | None = None
    """While learning: what else is heard or seen in these rows."""
    weight: Tensor | None = None
    """How much each row (N,) counts in a loss; None where all count alike."""

    def take(self, indices: Tensor) -> Labels:
        """The labels at `indices`."""
        weight = None if self.weight is None else self.weight.index_select(0, indices)
        return Labels(self.value.index_select(0, indices), self.known.index_select(0, indices), weight=weight)

    def part(self, rows: slice) -> Labels:
        """The labels of neighbouring rows, without a copy."""
        weight = None if self.weight is None else self.weight[rows]
        return Labels(self.value[rows], self.known[rows], weight=weight)

    def where(self, mask: Tensor) -> Labels:
        """The labels of the rows that `mask` (N,) bool marks."""
        return self.take(mask.nonzero()[:, 0])


@dataclass(frozen=True)
class Mixed:
    """Labels of rows that lie over others, which keep `share` of the picture or the sound."""

    labels: Labels
    share: float


class Head(nn.Module, ABC):
    """One target column. `convolve` is a stack of 1x1 convolutions, built once width and outputs are known.

    `members` heads of an ensembled body stand side by side as the groups of one convolution.
    """

    kind: ClassVar[str]
    strange_fate: ClassVar[str] = "are left out of the figures"
    """What becomes of labels that are `strange`, in words."""

    def __init__(self, name: str, options: Target) -> None:
        super().__init__()
        self.name = name
        self.options = options
        self.members, self.corrects = 1, False
        self.convolve = nn.Conv2d(1, 1, kernel_size=1)

    @property
    def cost(self) -> str:
        """The loss its answers are trained by, a key of `LOSSES`."""
        return self.kind

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Channels K a member puts out, known after `fit`."""

    @abstractmethod
    def fit(self, column: Column) -> Self:
        """Learn levels or scale from training rows only. *Raises* TrainingError when nothing can be learned."""

    @abstractmethod
    def prior(self) -> Tensor:
        """The output (K,) that answers best when nothing is known of the row: the bias a new head starts with."""

    @abstractmethod
    def encode(self, column: Column) -> Labels:
        """Labels as tensors; what is missing, or not seen in training, is masked, not guessed."""

    @abstractmethod
    def truth(self, column: Column) -> Labels:
        """Labels as the metrics compare them with answers: in the user's units, unseen classes known and wrong."""

    @abstractmethod
    def strange(self, column: Column) -> pl.Series:
        """The labels, one an occurrence, that training did not show, so that no answer can be them."""

    @abstractmethod
    def calibrate(self, output: Tensor, labels: Labels) -> None:
        """Fit what turns outputs (N, members, K) of rows not trained on into honest answers; kept in buffers."""

    @abstractmethod
    def answer(self, output: Tensor) -> Tensor:
        """Outputs (N, members, K) to calibrated answers as the metrics of this kind take them."""

    def trusted(self, output: Tensor, trust: Tensor | None) -> Tensor:
        """Answers, those of rows with little `trust` (N,) drawn towards the baseline; a number has no certainty to lose."""
        answer = self.answer(output)
        if trust is None or answer.ndim == 1:
            return answer
        return torch.lerp(self.baseline(len(answer)).to(answer.dtype), answer, trust.to(answer.dtype)[:, None])

    @abstractmethod
    def baseline(self, count: int) -> Tensor:
        """The same answer for `count` rows from the training labels alone: what any model must beat."""

    @abstractmethod
    def decode(self, answer: Tensor) -> dict[str, pl.Series]:
        """Answers to the columns a user reads, in the user's units."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What `fit` learned, as JSON."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> Self:
        """Take over what `state` gave."""

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
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows, weight = ctx.saved_tensors  # type: ignore[attr-defined]
        turned = grad.permute(1, 2, 0).contiguous()
        of_rows = torch.bmm(turned.transpose(1, 2), weight).transpose(0, 1)
        return of_rows, torch.bmm(turned, rows.transpose(0, 1)), turned.sum(2)

"""Moments of sound that teach, and the 1x1 convolution they teach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from injerto.heads.hearing import Hearing
from injerto.learning.threads import threads_for

PENALTY = 0.01
"""Loss = mean loss + penalty / 2 * |weights|^2. Three times as much or as little made no difference of note."""


@dataclass(frozen=True)
class Moments:
    """What was heard at N moments: channels (N,C) float32, classes (N,), the fold (N,) of each, -1 where it is of none."""

    channels: Tensor
    classes: Tensor
    folds: Tensor

    @classmethod
    def of(cls, blocks: Tensor, classes: Tensor, folds: Tensor) -> Self:
        """Those moments of blocks (B,C,1,T) of `folds` (B,) whose classes (B,T) are not -1."""
        known = classes >= 0
        return cls(along(blocks)[known].float(), classes[known], folds[:, None].expand_as(classes)[known])

    def without(self, fold: int) -> Moments:
        """Every other moment of all folds but one: neighbours say nearly the same, and this head is judged, not kept."""
        kept = (self.folds != fold).nonzero()[::2, 0]
        return Moments(self.channels[kept], self.classes[kept], self.folds[kept])

    def beside(self, other: Moments) -> Moments:
        """These and others."""
        return Moments(
            torch.cat([self.channels, other.channels]),
            torch.cat([self.classes, other.classes]),
            torch.cat([self.folds, other.folds]),
        )


def along(blocks: Tensor) -> Tensor:
    """Blocks (B,C,1,T) as rows (B,T,C)."""
    return blocks[:, :, 0].transpose(1, 2)


def solve(hearing: Hearing, moments: Moments) -> None:
    """Fit the convolution. Convex: L-BFGS on all moments at once (Nocedal & Wright, chapter 7)."""
    hearing.standardise(moments.channels)
    rows, classes = (moments.channels - hearing.mean) / hearing.scale, moments.classes
    weight = torch.zeros(len(hearing.names), rows.shape[1], requires_grad=True)
    shares = torch.bincount(classes, minlength=len(weight)).double() + 1
    bias = (shares / shares.sum()).log().float().requires_grad_()
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(functional.linear(rows, weight, bias), classes)
        loss = loss + PENALTY / 2 * weight.square().sum()
        loss.backward()
        return loss

    with threads_for(rows.numel() * len(weight)):
        optimizer.step(closure)
    hearing.take(weight.detach(), bias.detach())

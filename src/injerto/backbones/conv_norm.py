"""The building block of every convolutional backbone: convolution, batch-norm, activation."""

from __future__ import annotations

import math
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.batch_norm import BatchNorm2d
from injerto.precision import all_bits

Activation = Literal["none", "relu", "relu6", "hardswish"]
Padding = Literal["same", "centred"]
"""What a strided convolution's grid is anchored to: TensorFlow's networks to the end of the picture, PyTorch's to its start."""


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after an axis so that it shrinks by exactly `stride`, the surplus after it (TensorFlow's SAME).

    Example:
        >>> same_padding(224, 3, 2), same_padding(15, 3, 2)
        ((0, 1), (1, 1))
    """
    surplus = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    return surplus // 2, surplus - surplus // 2


def margins(size: int, kernel: int, stride: int, padding: Padding) -> tuple[int, int]:
    """Zeros before and after an axis of `size`; centred: as many on both sides, whatever the stride."""
    return same_padding(size, kernel, stride) if padding == "same" else (kernel // 2, kernel // 2)


def one_padding(x: Tensor, kernel: int, stride: int, padding: Padding = "same", zero: int = 0) -> tuple[Tensor, int, int]:
    """The margins of both axes as one pair; where the axes differ, `x` (B,C,H,W) padded with `zero`, and nothing left."""
    before, after = margins(x.shape[2], kernel, stride, padding)
    left, right = margins(x.shape[3], kernel, stride, padding)
    if (before, after) == (left, right):
        return x, before, after
    return functional.pad(x, (left, right, before, after), value=zero), 0, 0


def even_kernel(weight: Tensor, before: int, after: int) -> Tensor:
    """The kernel with one zero row and column before it, where SAME pads more after the picture than before.

    oneDNN pads both sides alike. With this kernel the surplus is symmetric: cheaper than copying the picture into a larger one.
    """
    return functional.pad(weight, (1, 0, 1, 0)) if before < after else weight


class ConvNorm(nn.Module):
    """Convolution without bias, batch-norm, activation; `quicken` puts its fast twin in its place."""

    all_bits = False
    """Set by `keep_bits` where half the bits cost accuracy."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        groups: int = 1,
        activation: Activation,
        epsilon: float,
        padding: Padding = "same",
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = BatchNorm2d(outputs, eps=epsilon)
        self.kernel, self.stride, self.groups, self.activation = kernel, stride, groups, activation
        self.padding: Padding = padding

    def forward(self, x: Tensor, add: Tensor | None = None) -> Tensor:
        """(B,inputs,H,W) to (B,outputs,ceil(H/stride),ceil(W/stride)); `add` joins after the norm, then the activation."""
        if self.kernel > 1:
            top, bottom = margins(x.shape[2], self.kernel, self.stride, self.padding)
            left, right = margins(x.shape[3], self.kernel, self.stride, self.padding)
            x = functional.pad(x, (left, right, top, bottom))
        if self.all_bits:
            with all_bits():
                x = self.norm(self.conv(x.float()))
        else:
            x = self.norm(self.conv(x))
        return activated(x if add is None else x + add, self.activation)


def keep_bits(*parts: nn.Module) -> None:
    """Mark every ConvNorm in `parts`: it computes in float32, whatever the others do, and so does its fast twin."""
    for part in parts:
        for unit in part.modules():
            if isinstance(unit, ConvNorm):
                unit.all_bits = True


def activated(x: Tensor, activation: Activation) -> Tensor:
    """The activation by name."""
    match activation:
        case "relu":
            return functional.relu(x)
        case "relu6":
            return functional.relu6(x)
        case "hardswish":
            return functional.hardswish(x)
        case "none":
            return x

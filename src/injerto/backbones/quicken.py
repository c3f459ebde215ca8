"""A copy of a backbone for computing only: batch-norm folded, activation and addition fused, half the bits where native."""

from __future__ import annotations

import copy
import functools
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from injerto.backbones.band_power import BandPower
from injerto.backbones.conv_norm import ConvNorm, activated, even_kernel, margins, one_padding
from injerto.backbones.quick_band_power import QuickBandPower

M = TypeVar("M", bound=nn.Module)
_POST = {"none": ("none", []), "relu": ("relu", []), "relu6": ("hardtanh", [0.0, 6.0]), "hardswish": ("hardswish", [])}


def quicken(module: M, dtype: torch.dtype, *, fused: bool) -> M:
    """A copy whose ConvNorms are replaced by fast twins: oneDNN's fused operators, or torch's own where those are missing."""
    quick = copy.deepcopy(module).eval().requires_grad_(False)
    for name, part in list(quick.named_modules()):
        if isinstance(part, ConvNorm):
            bits = torch.float32 if part.all_bits and dtype == torch.bfloat16 else dtype
            quick.set_submodule(name, FusedConv(part, bits) if fused else FoldedConv(part, bits))
        elif isinstance(part, BandPower):
            quick.set_submodule(name, QuickBandPower(part))
    return quick


def keeps_bits(module: nn.Module) -> bool:
    """Whether some of its layers are to stay in float32."""
    return any(isinstance(part, ConvNorm) and part.all_bits for part in module.modules())


class FoldedConv(nn.Module):
    """A ConvNorm as one convolution with a bias, channels last."""

    def __init__(self, unit: ConvNorm, dtype: torch.dtype) -> None:
        super().__init__()
        folded = fuse_conv_bn_eval(unit.conv, unit.norm).to(dtype)
        folded.weight.data = folded.weight.data.contiguous(memory_format=torch.channels_last)
        self.conv = folded
        self.kernel, self.stride, self.activation, self.padding = unit.kernel, unit.stride, unit.activation, unit.padding

    def forward(self, x: Tensor, add: Tensor | None = None) -> Tensor:
        """As ConvNorm.forward."""
        x = x.to(self.conv.weight.dtype)
        if self.kernel > 1:
            top, bottom = margins(x.shape[2], self.kernel, self.stride, self.padding)
            left, right = margins(x.shape[3], self.kernel, self.stride, self.padding)
            x = functional.pad(x, (left, right, top, bottom))
        x = self.conv(x)
        return activated(x if add is None else x.add_(add), self.activation)


class FusedConv(nn.Module):
    """A ConvNorm as one call of oneDNN: convolution, bias, addition and activation in a single pass over memory.

    The operators are those torch's own compiler emits for CPUs; calling them costs nothing to compile.
    """

    def __init__(self, unit: ConvNorm, dtype: torch.dtype) -> None:
        super().__init__()
        folded = fuse_conv_bn_eval(unit.conv, unit.norm)
        if folded.bias is None:
            raise TypeError("a folded convolution has a bias")
        self.dtype, self.bias = dtype, folded.bias.detach().to(dtype)
        self.kernel, self.stride, self.groups, self.padding = unit.kernel, unit.stride, unit.groups, unit.padding
        self.post, self.numbers = _POST[unit.activation]
        self.weight = folded.weight.detach().to(dtype)
        self.packed: dict[tuple[tuple[int, ...], int], Tensor] = {}

    def forward(self, x: Tensor, add: Tensor | None = None) -> Tensor:
        """As ConvNorm.forward."""
        x, before, after = one_padding(x.to(self.dtype), self.kernel, self.stride, self.padding)
        weight = self._packed(tuple(x.shape), before, after)
        shape = (self.bias, [after] * 2, [self.stride] * 2, [1, 1], self.groups)
        if add is None:
            done: Tensor = torch.ops.mkldnn._convolution_pointwise(x, weight, *shape, self.post, self.numbers, "")
            return done
        post = None if self.post == "none" else self.post
        joined: Tensor = torch.ops.mkldnn._convolution_pointwise.binary(
            x, add.to(self.dtype), weight, *shape, "add", 1.0, post, self.numbers, ""
        )
        return joined

    def _packed(self, shape: tuple[int, ...], before: int, after: int) -> Tensor:
        """The weight in the layout oneDNN likes best for an input of `shape`; another shape's may be ten times slower."""
        place = (shape, after)
        if place not in self.packed:
            weight = even_kernel(self.weight, before, after).contiguous(memory_format=torch.channels_last)
            self.packed[place] = torch.ops.mkldnn._reorder_convolution_weight(
                weight, [after] * 2, [self.stride] * 2, [1, 1], self.groups, list(shape)
            )
        return self.packed[place]


@functools.cache
def fused_works() -> bool:
    """Whether this build of torch has oneDNN's fused operators and they compute what they should."""
    unit = ConvNorm(8, 8, 3, stride=2, activation="relu6", epsilon=1e-3).eval()
    picture = torch.linspace(-4, 4, 8 * 64).reshape(1, 8, 8, 8).contiguous(memory_format=torch.channels_last)
    try:
        with torch.inference_mode():
            return bool(torch.allclose(FusedConv(unit, torch.float32)(picture), unit(picture), atol=1e-4))
    except (AttributeError, RuntimeError, TypeError):
        return False  # another processor, or operators that were renamed: torch's own convolution does it


@functools.cache
def half_is_native() -> bool:
    """Whether the processor multiplies bfloat16 itself; elsewhere it would be emulated, slower than float32."""
    try:
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    except AttributeError:
        return False

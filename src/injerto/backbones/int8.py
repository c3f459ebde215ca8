"""Inverted residuals in whole numbers of eight bits, for processors that do not multiply bfloat16.

Inside a block everything is 8 bits; between blocks, in the stem and in the head it stays float32. No picture is needed to
choose the steps: a ReLU6 ends at 6, batch-norm tells the rest. A photo's vector does not depend on the table around it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from injerto.backbones.conv_norm import ConvNorm, even_kernel, one_padding
from injerto.backbones.efficientnet_lite import InvertedResidual
from injerto.backbones.moments import RELU6_TOP, Moments
from injerto.backbones.quicken import quicken

M = TypeVar("M", bound=nn.Module)
DEVIATIONS = 4.0
"""Values beyond so many standard deviations of the widest channel are cut."""
WEIGHT_STEPS = 63
"""Weights have 7 bits: two products of 8 and 7 bits still fit the 16 in which processors without VNNI add them up."""
VALUE_STEPS = 255
RELU6_STEP = RELU6_TOP / VALUE_STEPS


def narrow(network: M, *, emulated: bool, fused: bool) -> M:
    """A copy for computing only, as `quicken` makes it, its inverted residuals in 8 bits. All else stays float32.

    `emulated` computes the same with float32 numbers that are rounded alike: what a compiler such as OpenVINO reads.
    """
    quick = quicken(network, torch.float32, fused=fused)
    for name, block, inputs in _blocks(network):
        steps = NarrowResidual(block, inputs)
        quick.set_submodule(name, EmulatedResidual(steps) if emulated else steps)
    return quick


@dataclass(frozen=True)
class Inputs:
    """What a block is given: the mean of each channel, (C,) float64, and the least and the greatest value of all."""

    mean: Tensor
    low: float
    high: float


def _blocks(network: nn.Module) -> Iterator[tuple[str, InvertedResidual, Inputs]]:
    """Every inverted residual that can be narrowed, and what it is given, in the order in which values flow."""
    flow: Moments | None = None
    cut = False
    for name, part in _units(network):
        if isinstance(part, ConvNorm):
            flow, cut = Moments.normed(part), part.activation == "relu6"
        elif flow is not None:
            given = Inputs(flow.relu6_mean(), 0.0, RELU6_TOP) if cut else Inputs(flow.mean, *flow.span(DEVIATIONS))
            if cut or isinstance(part.expand, ConvNorm):  # a depthwise convolution pads with zeros: they must be steps too
                yield name, part, given
            after = Moments.normed(part.project)
            flow, cut = (flow.plus(after) if part.residual else after), False


def _units(network: nn.Module, prefix: str = "") -> Iterator[tuple[str, ConvNorm | InvertedResidual]]:
    """Inverted residuals whole, and the units outside of them."""
    for name, part in network.named_children():
        if isinstance(part, ConvNorm | InvertedResidual):
            yield f"{prefix}{name}", part
        else:
            yield from _units(part, f"{prefix}{name}.")


class NarrowConv(nn.Module):
    """A ConvNorm folded to 8-bit values times 7-bit weights, summed exactly; a ReLU6's answer is 8 bits too."""

    def __init__(self, unit: ConvNorm, input_mean: Tensor, step: float, zero: int) -> None:
        super().__init__()
        folded = fuse_conv_bn_eval(unit.conv, unit.norm)
        if folded.bias is None:
            raise TypeError("a folded convolution has a bias")
        weight = folded.weight.detach()
        self.step, self.zero = step, zero
        self.scale = (weight.abs().amax(dim=(1, 2, 3)) / WEIGHT_STEPS).clamp_min(1e-12)
        spread = self.scale[:, None, None, None]
        self.weight = (weight / spread).round().to(torch.int8)
        surplus = (self.weight * spread - weight).sum(dim=(2, 3)).double()
        # Rounding shifts each output's mean by its weights' errors times their inputs' means; left in, the shift costs
        # 0.7 points of a probe's accuracy (cosine 0.982 in place of 0.996).
        inputs = input_mean[:, None] if unit.groups > 1 else input_mean[None]
        self.bias = (folded.bias.detach() - (surplus * inputs).sum(dim=1)).float()
        self.kernel, self.stride, self.groups, self.activation = unit.kernel, unit.stride, unit.groups, unit.activation
        self.packed: dict[tuple[tuple[int, ...], int], Tensor] = {}

    def forward(self, x: Tensor) -> Tensor:
        """(B,inputs,H,W) uint8 to (B,outputs,H',W'), uint8 in steps of a ReLU6 or float32."""
        x, before, after = one_padding(x, self.kernel, self.stride, zero=self.zero)
        weight, no_zeros = self._packed(tuple(x.shape), before, after), torch.zeros(len(self.scale), dtype=torch.int32)
        given = (x, self.step, self.zero, weight, self.scale, no_zeros, self.bias)
        shape = ([self.stride] * 2, [after] * 2, [1, 1], self.groups)
        # Steps end at 255, which is 6: the upper half of the ReLU6 costs nothing.
        steps = (1.0, 0, torch.float32, "none") if self.activation == "none" else (RELU6_STEP, 0, torch.uint8, "relu")
        done: Tensor = torch.ops.onednn.qconv_pointwise(*given, *shape, *steps, [], "")
        return done

    def _packed(self, shape: tuple[int, ...], before: int, after: int) -> Tensor:
        """The weight in the layout oneDNN wants for an input of `shape`."""
        place = (shape, after)
        if place not in self.packed:
            weight = even_kernel(self.weight, before, after)
            given = ([self.stride] * 2, [after] * 2, [1, 1], self.groups, list(shape))
            self.packed[place] = torch.ops.onednn.qconv_prepack(weight, self.scale, self.step, self.zero, *given)
        return self.packed[place]


class NarrowResidual(nn.Module):
    """An InvertedResidual with 8 bits inside and float32 at both ends."""

    def __init__(self, block: InvertedResidual, inputs: Inputs) -> None:
        super().__init__()
        self.step = (inputs.high - inputs.low) / VALUE_STEPS
        self.zero = round(-inputs.low / self.step)
        self.expand, wide = None, inputs.mean
        if isinstance(block.expand, ConvNorm):
            self.expand = NarrowConv(block.expand, inputs.mean, self.step, self.zero)
            wide = Moments.normed(block.expand).relu6_mean()
        step, zero = (RELU6_STEP, 0) if self.expand else (self.step, self.zero)
        self.depthwise = NarrowConv(block.depthwise, wide, step, zero)
        self.project = NarrowConv(block.project, Moments.normed(block.depthwise).relu6_mean(), RELU6_STEP, 0)
        self.residual = block.residual

    def forward(self, x: Tensor) -> Tensor:
        """As InvertedResidual.forward."""
        inner = torch.mul(x, 1.0 / self.step).add_(self.zero + 0.5).clamp_(0, VALUE_STEPS).to(torch.uint8)
        if self.expand is not None:
            inner = self.expand(inner)
        narrowed: Tensor = self.project(self.depthwise(inner))
        return narrowed.add_(x) if self.residual else narrowed


class EmulatedConv(nn.Module):
    """A NarrowConv's sums in float32."""

    def __init__(self, unit: NarrowConv) -> None:
        super().__init__()
        # Constants, not computed in `forward`: OpenVINO takes 8 bits only where it sees a plain constant rounded once.
        self.weight = unit.weight.float() * unit.scale[:, None, None, None]
        self.scale, self.no_zeros, self.bias = unit.scale, torch.zeros(len(unit.scale), dtype=torch.int32), unit.bias
        self.kernel, self.stride, self.groups, self.activation = unit.kernel, unit.stride, unit.groups, unit.activation

    def forward(self, x: Tensor) -> Tensor:
        """As NarrowConv.forward, values that stand for 8 bits in place of 8 bits."""
        x, before, after = one_padding(x, self.kernel, self.stride)
        weight = even_kernel(self.weight, before, after)
        weight = torch.fake_quantize_per_channel_affine(weight, self.scale, self.no_zeros, 0, -WEIGHT_STEPS, WEIGHT_STEPS)
        x = functional.conv2d(x, weight, self.bias, self.stride, after, groups=self.groups)
        if self.activation == "none":
            return x
        return torch.fake_quantize_per_tensor_affine(functional.relu6(x), RELU6_STEP, 0, 0, VALUE_STEPS)


class EmulatedResidual(nn.Module):
    """The same sums with float32 numbers rounded to the same steps: a compiler finds the 8 bits in them."""

    def __init__(self, block: NarrowResidual) -> None:
        super().__init__()
        self.step, self.zero, self.residual = block.step, block.zero, block.residual
        self.expand = EmulatedConv(block.expand) if block.expand else None
        self.depthwise, self.project = EmulatedConv(block.depthwise), EmulatedConv(block.project)

    def forward(self, x: Tensor) -> Tensor:
        """As InvertedResidual.forward."""
        inner = torch.fake_quantize_per_tensor_affine(x, self.step, self.zero, 0, VALUE_STEPS)
        if self.expand is not None:
            inner = self.expand(inner)
        narrowed: Tensor = self.project(self.depthwise(inner))
        return narrowed + x if self.residual else narrowed


@functools.cache
def int8_works() -> bool:
    """Whether this build of torch has oneDNN's 8-bit operators, this processor runs them, and they add up exactly."""
    if torch.backends.cpu.get_cpu_capability() not in {"AVX2", "AVX512"}:
        return False  # never measured there
    block = InvertedResidual(8, 8, 6, 3, 1).eval()
    steps = NarrowResidual(block, Inputs(torch.zeros(8).double(), -4.0, 4.0))
    picture = torch.linspace(-4, 4, 8 * 64).reshape(1, 8, 8, 8).contiguous(memory_format=torch.channels_last)
    try:
        with torch.inference_mode():
            return bool(torch.allclose(steps(picture), EmulatedResidual(steps)(picture), atol=0.05))
    except (AttributeError, RuntimeError, TypeError):
        return False  # another processor, or operators that were renamed: float32 does it

"""What batch-norm knows of a network's values before any picture is shown: their mean and spread, channel by channel.

*Source*: Nagel et al. 2019, Data-Free Quantization, arXiv 1906.04721, sections 4.2 and 5.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from injerto.backbones.conv_norm import ConvNorm

RELU6_TOP = 6.0


@dataclass(frozen=True)
class Moments:
    """Mean and variance of each channel's values, (C,) float64."""

    mean: Tensor
    variance: Tensor

    @classmethod
    def normed(cls, unit: ConvNorm) -> Self:
        """After the norm, before the activation: batch-norm's shift and the square of its scale."""
        return cls(unit.norm.bias.detach().double(), unit.norm.weight.detach().double() ** 2)

    def plus(self, other: Self) -> Moments:
        """Of the sum of two values that know nothing of each other."""
        return Moments(self.mean + other.mean, self.variance + other.variance)

    def relu6_mean(self) -> Tensor:
        """(C,) means once values below 0 and above 6 are cut, the values taken for normal."""
        spread = self.variance.sqrt().clamp_min(1e-12)
        low, high = (0.0 - self.mean) / spread, (RELU6_TOP - self.mean) / spread
        between = _below(high) - _below(low)
        return self.mean * between + spread * (_density(low) - _density(high)) + RELU6_TOP * (1.0 - _below(high))

    def span(self, deviations: float) -> tuple[float, float]:
        """The least and the greatest value of all channels, so many standard deviations out; zero lies always within."""
        reach = deviations * self.variance.sqrt()
        return min(0.0, float((self.mean - reach).min())), max(0.0, float((self.mean + reach).max()))


def _below(x: Tensor) -> Tensor:
    """The share of a standard normal below x."""
    share: Tensor = torch.special.ndtr(x)
    return share


def _density(x: Tensor) -> Tensor:
    """A standard normal's density."""
    return torch.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)

"""The head that runs along time: which class sounds at each moment of a recording, or none.

A head that learned from whole clips can be asked of a whole clip; where in it the sound begins and ends it never learned.
This one learns from moments: those at which a clip sounds over a background, and those at which the background is alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Self

import torch
from torch import Tensor, nn

from injerto.events.rule import SILENT, EventRule
from injerto.heads.temperature import best_temperature


class Hearing(nn.Module):
    """Channels (B,C,1,T) of `Along` to calibrated shares (B,T,K) of `names`, of which one is 'none'."""

    mean: Tensor
    scale: Tensor
    temperature: Tensor

    def __init__(self, names: Sequence[str], width: int, seconds: float, rule: EventRule | None = None) -> None:
        super().__init__()
        self.names = tuple(names) if SILENT in names else (*names, SILENT)
        self.silent = self.silent_of(names)
        """The place of 'none' among the names."""
        self.seconds, self.rule = seconds, rule or EventRule()
        """Seconds of the blocks it learned from, and the rule under which its shares were the best events."""
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(()))
        self.register_buffer("temperature", torch.ones(()))
        self.convolve = nn.Conv2d(width, len(self.names), kernel_size=1)

    @staticmethod
    def silent_of(names: Sequence[str]) -> int:
        """The place of 'none' among `names`, or where it will be."""
        return names.index(SILENT) if SILENT in names else len(names)

    def take(self, weight: Tensor, bias: Tensor) -> None:
        """Learned weights (K,C) and biases (K,)."""
        self.convolve.load_state_dict({"weight": weight[:, :, None, None], "bias": bias})

    def standardise(self, moments: Tensor) -> None:
        """Learn each channel's mean and one scale for all from moments (N,C)."""
        self.mean.copy_(moments.mean(dim=0))
        self.scale.copy_((moments - self.mean).square().mean().sqrt().clamp_min(1e-6))

    def scores(self, moments: Tensor) -> Tensor:
        """Moments (N,C) to scores (N,K) before calibration."""
        found: Tensor = self.convolve(((moments - self.mean) / self.scale)[:, :, None, None])
        return found[:, :, 0, 0]

    def forward(self, channels: Tensor) -> Tensor:
        """Along a block."""
        scaled = (channels - self.mean[:, None, None]) / self.scale
        shares: Tensor = (self.convolve(scaled)[:, :, 0] / self.temperature).softmax(dim=1)
        return shares.transpose(1, 2)

    def calibrate(self, scores: Tensor, classes: Tensor) -> None:
        """Find the temperature at which `scores` (N,K) of moments not learned from are as sure as they are right."""

        def loss(temperature: float) -> float:
            return float(nn.functional.cross_entropy(scores / temperature, classes))

        self.temperature.fill_(best_temperature(loss, len(classes)))

    def state(self) -> dict[str, Any]:
        """All but the tensors, as JSON."""
        return {"names": list(self.names), "width": len(self.mean), "seconds": self.seconds, "rule": asdict(self.rule)}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Self:
        """The head that `state` tells of, its tensors still to be read."""
        rule = EventRule(**state["rule"] | {"ignore": tuple(state["rule"]["ignore"])})
        return cls(state["names"], int(state["width"]), float(state["seconds"]), rule)

"""What a pretrained network calls a sound by itself: the classes that it was trained to tell apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

AUDIOSET = Path(__file__).with_name("audioset.txt")
"""The 527 classes of AudioSet by their places, a line each. *Source*: Gemmeke et al. 2017, Audio Set, ICASSP; CC BY 4.0."""


@cache
def audioset() -> tuple[str, ...]:
    """The names of AudioSet's classes, several in one divided by commas."""
    return tuple(AUDIOSET.read_text(encoding="utf-8").splitlines())


class OwnLabels(nn.Module):
    """The published classifier: a hidden layer on the mean over all places, then an output a class. It never learns here.

    Without weights, as in files kept before it was looked at, it says nothing of any class.
    """

    hidden: Tensor
    hidden_bias: Tensor
    label: Tensor
    label_bias: Tensor

    def __init__(self, channels: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("hidden", torch.zeros(hidden, channels))
        self.register_buffer("hidden_bias", torch.zeros(hidden))
        self.register_buffer("label", torch.zeros(labels, hidden))
        self.register_buffer("label_bias", torch.zeros(labels))

    def forward(self, mean: Tensor) -> Tensor:
        """Means over all places (B,C) to one output (B,labels) a class, before its sigmoid."""
        inside = functional.hardswish(functional.linear(mean, self.hidden, self.hidden_bias))
        return functional.linear(inside, self.label, self.label_bias)

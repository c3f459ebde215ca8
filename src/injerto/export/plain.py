"""A copy of a network without what was made for speed in training: operators that can be written into a graph."""

from __future__ import annotations

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.band_power import BandPower
from injerto.embedders.lookup import Lookup
from injerto.embedders.repeats import Repeats

N = TypeVar("N", bound=nn.Module)


class PlainLookup(nn.Module):
    """`Lookup` with every row made beforehand."""

    rows: Tensor
    first: Tensor

    def __init__(self, lookup: Lookup) -> None:
        super().__init__()
        rows = lookup.unknown[lookup.vocabulary] + lookup.offset * lookup.trust
        self.register_buffer("rows", rows.detach().clone())
        self.register_buffer("first", lookup.first.clone())

    def forward(self, ids: Tensor) -> Tensor:
        """Ids (B,P) to rows (B,P,width)."""
        return functional.embedding(ids + self.first, self.rows)


class PlainRepeats(nn.Module):
    """`Repeats` with every row made beforehand."""

    number: Tensor
    start: Tensor
    rows: Tensor

    def __init__(self, repeats: Repeats) -> None:
        super().__init__()
        self.register_buffer("number", repeats.number.clone())
        self.register_buffer("start", repeats.start.clone())
        self.register_buffer("rows", (repeats.offset * repeats.trust).detach().clone())

    def forward(self, value: Tensor) -> Tensor:
        """Encoded numbers (F,B) to offsets (B,F,width), zero where the number does not repeat."""
        place = torch.searchsorted(self.number, value).clamp_max(self.number.shape[1] - 1)
        found = self.number.gather(1, place) == value
        return functional.embedding((place + self.start).where(found, 0).t(), self.rows)


class PlainBandPower(nn.Module):
    """`BandPower` by the operator of ONNX for spectra over time."""

    window: Tensor
    filters: Tensor

    def __init__(self, power: BandPower) -> None:
        super().__init__()
        self.hop = power.hop
        self.register_buffer("window", power.window)
        self.register_buffer("filters", power.filters)

    def forward(self, samples: Tensor) -> Tensor:
        """(B,n) samples to (B,frames,bands)."""
        size = len(self.window)
        spectrum = torch.stft(samples, size, self.hop, window=self.window, center=False, onesided=True, return_complex=True)
        parts = torch.view_as_real(spectrum).square().sum(dim=3)
        bands: Tensor = parts.transpose(1, 2) @ self.filters
        return bands


def plain(network: N) -> N:
    """A copy in float32 that only answers."""
    copied = copy.deepcopy(network).eval().requires_grad_(False)
    for name, part in list(copied.named_modules()):
        if isinstance(part, Lookup):
            copied.set_submodule(name, PlainLookup(part))
        elif isinstance(part, Repeats):
            copied.set_submodule(name, PlainRepeats(part))
        elif isinstance(part, BandPower):
            copied.set_submodule(name, PlainBandPower(part))
    return copied

"""Samples to a log-mel picture, inside the network, so that training and serving cannot differ."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from injerto.backbones.band_power import BandPower
from injerto.backbones.front_end import FrontEnd


class PowerMel(FrontEnd):
    """Power in mel bands over time: (B,n) samples to (B,frames,bands).

    *Units*: HTK mels; each band's triangle sums to 1 over the bins, so that a band is a mean of powers.
    """

    def __init__(self, *, rate_hz: int, window: int, hop: int, bands: int, low_hz: float, high_hz: float) -> None:
        super().__init__()
        self.margin = window // 2
        self.power = BandPower(torch.hann_window(window), triangles(rate_hz, window, bands, low_hz, high_hz), hop)

    def forward(self, samples: Tensor) -> Tensor:
        """Frames are centred on multiples of the hop; the ends see silence."""
        power: Tensor = self.power(functional.pad(samples, (self.margin, self.margin)))
        return power


def triangles(rate_hz: int, window: int, bands: int, low_hz: float, high_hz: float) -> Tensor:
    """Mel filters (bins, bands), equally wide in HTK mels, each summing to 1."""
    edges_mel = torch.linspace(_mel(low_hz), _mel(high_hz), bands + 2, dtype=torch.float64)
    edges_hz = 700 * (10 ** (edges_mel / 2595) - 1)
    bins_hz = torch.linspace(0, rate_hz / 2, window // 2 + 1, dtype=torch.float64)[:, None]
    left, middle, right = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rising, falling = (bins_hz - left) / (middle - left), (right - bins_hz) / (right - middle)
    filters = torch.minimum(rising, falling).clamp(min=0)
    # A narrow band low in the scale may hold no bin at all; it stays silent.
    return (filters / filters.sum(dim=0).clamp(min=1e-12)).float()


def _mel(hz: float) -> float:
    return float(2595 * torch.log10(torch.tensor(1 + hz / 700, dtype=torch.float64)))

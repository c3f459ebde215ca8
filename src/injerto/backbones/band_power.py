"""Power in bands of frequency over time: what every log-mel picture is made of."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from injerto.precision import all_bits


class BandPower(nn.Module):
    """Windows of a sound, their spectra, sums of power over the bins of each band; `quicken` puts its fast twin in its place.

    *Shape*: `window` (N,), `filters` (N/2+1,bands); (B,n) samples, N or more, to (B,frames,bands) with 1 + (n-N) // hop frames.
    """

    window: Tensor
    filters: Tensor

    def __init__(self, window: Tensor, filters: Tensor, hop: int) -> None:
        super().__init__()
        self.hop = hop
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """A frame starts at every multiple of the hop that leaves room for a whole window."""
        spectrum = torch.fft.rfft(samples.unfold(1, len(self.window), self.hop) * self.window)
        power = spectrum.real.square() + spectrum.imag.square()
        with all_bits():
            bands: Tensor = power @ self.filters
        return bands

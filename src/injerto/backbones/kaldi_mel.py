"""Samples to log-mel frames as Kaldi computes them: pre-emphasis, a window shorter than its transform, triangles in mels.

*Source*: kaldi-asr, feat/mel-computations; the settings are those of Schmid et al. 2023, arXiv 2211.04772.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

PRE_EMPHASIS = 0.97
FLOOR = 1e-5
"""Added to each band's power before the logarithm: a silent band stands at log(1e-5)."""


class KaldiMel(nn.Module):
    """The logarithm of the power in mel bands over time: (B,n) samples to (B,bands,frames). Filters and window are buffers."""

    window: Tensor
    filters: Tensor

    def __init__(self, *, rate_hz: int, window: int, transform: int, hop: int, bands: int, high_hz: float) -> None:
        super().__init__()
        self.hop, self.transform = hop, transform
        margin = (transform - window) // 2
        shape = functional.pad(torch.hann_window(window, periodic=False), (margin, transform - window - margin))
        self.register_buffer("window", shape, persistent=False)
        self.register_buffer("filters", kaldi_triangles(rate_hz, transform, bands, high_hz), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """Frames are centred on multiples of the hop; beyond the ends the sound is mirrored."""
        emphasised = samples[:, 1:] - PRE_EMPHASIS * samples[:, :-1]
        margin = self.transform // 2
        framed = functional.pad(emphasised, (margin, margin), mode="reflect").unfold(1, self.transform, self.hop)
        spectrum = torch.fft.rfft(framed * self.window)
        power = spectrum.real.square() + spectrum.imag.square()
        frames: Tensor = (power @ self.filters + FLOOR).log()
        return frames.transpose(1, 2)


def kaldi_triangles(rate_hz: int, transform: int, bands: int, high_hz: float) -> Tensor:
    """Filters (bins, bands) from 0 to `high_hz`: straight lines on the mel axis, each with a peak of 1, the last bin silent."""
    edges = torch.linspace(0, float(_mel(torch.tensor(high_hz))), bands + 2, dtype=torch.float64)
    bins = _mel(torch.arange(transform // 2 + 1, dtype=torch.float64) * rate_hz / transform)[:, None]
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - left) / (middle - left), (right - bins) / (right - middle)
    filters = torch.minimum(rising, falling).clamp(min=0)
    filters[-1] = 0
    return filters.float()


def _mel(hz: Tensor) -> Tensor:
    return 1127 * (1 + hz.double() / 700).log()

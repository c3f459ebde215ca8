"""Samples to log-mel frames as Kaldi computes them: pre-emphasis, a window shorter than its transform, triangles in mels.

*Source*: kaldi-asr, feat/mel-computations; the settings are those of Schmid et al. 2023, arXiv 2211.04772.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from injerto.backbones.band_power import BandPower
from injerto.backbones.front_end import FrontEnd

PRE_EMPHASIS = 0.97
FLOOR = 1e-5
"""Added to each band's power before the logarithm: a silent band stands at log(1e-5)."""


class KaldiMel(FrontEnd):
    """The logarithm of the power in mel bands over time: (B,n) samples to (B,bands,frames)."""

    def __init__(self, *, rate_hz: int, window: int, transform: int, hop: int, bands: int, high_hz: float) -> None:
        super().__init__()
        self.margin = transform // 2
        before = (transform - window) // 2
        shape = functional.pad(torch.hann_window(window, periodic=False), (before, transform - window - before))
        self.power = BandPower(shape, kaldi_triangles(rate_hz, transform, bands, high_hz), hop)

    def forward(self, samples: Tensor) -> Tensor:
        """Frames are centred on multiples of the hop; beyond the ends the sound is mirrored.

        A sound too short for a mirror of half a transform is followed by silence.
        """
        missing = max(0, self.margin + 2 - samples.shape[1])
        samples = functional.pad(samples, (0, missing)) if missing else samples
        emphasised = torch.sub(samples[:, 1:], samples[:, :-1], alpha=PRE_EMPHASIS)
        # Three parts put together: torch's own mirror takes three times as long.
        before = emphasised[:, 1 : self.margin + 1].flip(1)
        after = emphasised[:, -self.margin - 1 : -1].flip(1)
        power: Tensor = self.power(torch.cat([before, emphasised, after], dim=1))
        return power.transpose(1, 2).add_(FLOOR).log_()


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

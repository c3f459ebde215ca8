"""Changes to sounds that leave their label true, drawn afresh in every epoch of fine-tuning."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

GAIN_DECIBEL = 6.0
FASTEST = 1.1
LEAST_KEPT = 0.7
"""Share of a clip that a crop keeps at least; silence takes the place of the rest."""
NEAREST_DECIBEL, FARTHEST_DECIBEL = 3.0, 25.0
"""How far below the clip a background lies."""


def vary_sounds(samples: Tensor, generator: torch.Generator, background: Tensor | None = None) -> Tensor:
    """(B,n) to the same shape: played up to a tenth faster or slower, cropped, moved along time, over a background, louder or
    quieter by up to 6 dB.

    `background` (M,n) is drawn from; without it the background of a clip is another clip of the batch, far below it.
    """
    played = paced(samples, generator)
    moved = shifted(cropped(played, generator), generator)
    over = backed(moved, samples if background is None else background, generator)
    gain_decibel = GAIN_DECIBEL * (2 * torch.rand(len(samples), 1, generator=generator) - 1)
    return over * 10 ** (gain_decibel / 20)


def paced(samples: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) played faster or slower, all of a batch at one pace; silence follows what has become shorter."""
    pace = FASTEST ** (2 * float(torch.rand((), generator=generator)) - 1)
    size = samples.shape[1]
    played = functional.interpolate(samples[:, None], size=round(size / pace), mode="linear", align_corners=False)[:, 0]
    return functional.pad(played[:, :size], (0, max(0, size - played.shape[1])))


def cropped(samples: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) with silence before and after a stretch of at least 70 %."""
    count, size = samples.shape
    kept = ((LEAST_KEPT + (1 - LEAST_KEPT) * torch.rand(count, 1, generator=generator)) * size).round()
    start = (torch.rand(count, 1, generator=generator) * (size - kept + 1)).floor()
    place = torch.arange(size)[None]
    return samples * ((place >= start) & (place < start + kept))


def shifted(samples: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) moved along time, what falls off put back in front."""
    shifts = torch.randint(samples.shape[1], (len(samples),), generator=generator)
    return torch.stack([clip.roll(int(shift)) for clip, shift in zip(samples, shifts, strict=True)])


def backed(samples: Tensor, background: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) over rows drawn from `background` (M,n), each 3 to 25 dB below its clip; half of the clips stay as they are."""
    picked = background[torch.randint(len(background), (len(samples),), generator=generator)]
    below = NEAREST_DECIBEL + (FARTHEST_DECIBEL - NEAREST_DECIBEL) * torch.rand(len(samples), 1, generator=generator)
    share = loudness(samples) / loudness(picked).clamp_min(1e-8) * 10 ** (-below / 20)
    drawn = torch.rand(len(samples), 1, generator=generator) < 0.5
    return samples + picked * share * drawn


def loudness(samples: Tensor) -> Tensor:
    """(B,1) root mean square of (B,n)."""
    return samples.square().mean(dim=1, keepdim=True).sqrt()

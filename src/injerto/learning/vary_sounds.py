"""Changes to sounds that leave their label true, drawn afresh in every epoch of fine-tuning."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.draws import own, uniform, whole

GAIN_DECIBEL = 6.0
FASTEST = 1.2
"""Three half-tones: what stands between one voice and another, and less than between most calls."""
NEAREST_DECIBEL, FARTHEST_DECIBEL = 3.0, 25.0
"""How far below the clip a background lies."""


def vary_sounds(samples: Tensor, generator: torch.Generator, background: Tensor | None = None) -> Tensor:
    """(B,n) to the same shape: played up to a fifth faster or slower, moved along time, over a background, louder or quieter by
    up to 6 dB.

    `background` (M,n) is drawn from; without it the background of a clip is another clip of the batch, far below it.
    """
    # Clips were cropped to 70 % here once: that makes "even" of "seven". Masks on the log-mel picture hide less.
    moved = shifted(paced(samples, generator), generator)
    # Clips as they were would stand still behind clips that move, so that a network could learn them by heart: on spoken digits
    # the mean over speakers left out was 0.87 with those, 0.92 with varied ones.
    over = backed(moved, moved if background is None else background, generator)
    gain_decibel = GAIN_DECIBEL * (2 * uniform(len(samples), 1, generator=generator) - 1)
    return over * 10 ** (gain_decibel / 20)


def paced(samples: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) played faster or slower, each clip at a pace of its own; silence follows what has become shorter."""
    size = samples.shape[1]
    pace = FASTEST ** (2 * uniform(len(samples), 1, generator=generator) - 1)
    place = torch.arange(size) * pace
    before = place.long().clamp(max=size - 1)
    after = (before + 1).clamp(max=size - 1)
    low = samples.gather(1, before)
    played = low + (place - before) * (samples.gather(1, after) - low)
    return played * (place <= size - 1)


def shifted(samples: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) moved along time within the silence after it, so that no sound is torn; where there is none it stays.

    Clips that fill their place were moved round its ends once, which made two halves of many a word.
    """
    size = samples.shape[1]
    silence = (samples != 0).flip(1).int().argmax(dim=1)
    shifts = (uniform(len(samples), generator=generator) * (silence + 1)).long()
    return samples.gather(1, (torch.arange(size) - shifts[:, None]) % size)


def backed(samples: Tensor, background: Tensor, generator: torch.Generator) -> Tensor:
    """(B,n) over rows drawn from `background` (M,n), each 3 to 25 dB below its clip; half of the clips stay as they are."""
    picked = background[own(torch.randint(len(background), (whole(len(samples)),), generator=generator))]
    below = NEAREST_DECIBEL + (FARTHEST_DECIBEL - NEAREST_DECIBEL) * uniform(len(samples), 1, generator=generator)
    share = loudness(samples) / loudness(picked).clamp_min(1e-8) * 10 ** (-below / 20)
    drawn = uniform(len(samples), 1, generator=generator) < 0.5
    return samples + picked * share * drawn


def loudness(samples: Tensor) -> Tensor:
    """(B,1) root mean square of (B,n)."""
    return samples.square().mean(dim=1, keepdim=True).sqrt()

"""Log-mel pictures with their frequencies stretched while a network learns: one throat is longer than another.

*Source*: Jaitly & Hinton 2013, Vocal Tract Length Perturbation, ICML workshop on deep learning for audio, speech and language.
"""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.draws import uniform

WIDEST = 0.15
"""Share by which frequencies are stretched or pressed at most."""


def warped(picture: Tensor, generator: torch.Generator) -> Tensor:
    """(B,F,T) with the bands of each picture higher or lower by one factor of its own; the highest band fills what is left.

    NOTE differs from the paper: the factor acts on mels, not on Hz, which is one line instead of a bank of filters a factor.
    """
    factor = 1 + WIDEST * (2 * uniform(len(picture), 1, generator=generator) - 1)
    return at_bands(picture, torch.arange(picture.shape[1]) * factor)


def stretched(picture: Tensor, factor: float) -> Tensor:
    """(B,F,T) with the bands of all pictures higher or lower by one `factor`."""
    return at_bands(picture, (torch.arange(picture.shape[1]) * factor)[None].expand(len(picture), -1))


def at_bands(picture: Tensor, place: Tensor) -> Tensor:
    """(B,F,T) read at the bands `place` (B,F), between two bands in proportion."""
    place = place.to(picture.device).clamp(max=picture.shape[1] - 1)[:, :, None]
    below = place.long()
    above = (below + 1).clamp(max=picture.shape[1] - 1)
    share = place - below
    low = picture.gather(1, below.expand_as(picture))
    return low + share * (picture.gather(1, above.expand_as(picture)) - low)

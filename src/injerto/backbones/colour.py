"""Log-mel pictures in another colour while a network learns: another microphone, another room, the same sound.

A band's level over the whole clip says as much of the microphone as of the sound. Taking each band's mean away would also take
steady sounds away, a hum, a cicada; colours drawn afresh only teach not to lean on it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from injerto.draws import own, whole

DEEPEST_DECIBEL = 12.0
"""How far the ends of the slope, and the crests of the wave, lie from where they were at most."""
MOST_WAVES = 1.0
"""Waves over all bands: microphones and rooms colour broadly."""


def coloured(decibel: Tensor, generator: torch.Generator) -> Tensor:
    """(B,F,T) in decibel, with a slope and a wave over the bands added, drawn for each picture."""
    count, bands, _ = decibel.shape
    slope, crest, waves, phase = own(torch.rand(4, whole(count), 1, generator=generator), axis=1)
    band = torch.linspace(0, 1, bands)
    wave = torch.cos(2 * math.pi * (MOST_WAVES * waves * band + phase))
    colour: Tensor = DEEPEST_DECIBEL * ((2 * slope - 1) * (2 * band - 1) + crest * wave)
    return decibel + colour.to(decibel.device)[:, :, None]

"""What a photo looks like as a whole, to a network that otherwise asks what is where on it."""

from __future__ import annotations

import torch
from torch import Tensor


def look_of(places: Tensor) -> Tensor:
    """The mean and the spread of each channel over the places of maps (B,C,H,W): (B,2C).

    *Source*: the style of a picture as statistics of channels, Huang & Belongie 2017, Arbitrary Style Transfer in Real-time,
    ICCV, section 3.
    """
    return torch.cat([places.mean(dim=(2, 3)), places.std(dim=(2, 3), correction=0)], dim=1)

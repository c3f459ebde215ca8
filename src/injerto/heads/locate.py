"""From a map of a photo to where each point is: three heads of 1x1 convolutions.

All three give logits over bins of x and of y, (B,K,2,n), whose expectation is the place; the plain regression has one bin,
and that is the number itself. Bins reach `reach` beyond both edges of the photo, in shares of its side.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.schema.schema import PointHead

PARTS = 4
"""A side of the grid whose means the plain regression reads."""
BINS_A_PLACE = 2
"""Bins of an axis that each column, or row, of the map votes for in SimCC."""


class Locator(nn.Module, ABC):
    """`convolve` is a 1x1 convolution on the map."""

    def __init__(self, width: int, points: int, channels_a_point: int) -> None:
        super().__init__()
        self.points = points
        self.convolve = nn.Conv2d(width, points * channels_a_point, kernel_size=1)

    @abstractmethod
    def forward(self, places: Tensor) -> Tensor:
        """A map (B,C,H,W) with H = W to logits (B,K,2,n), those of x first."""


class HeatmapLocator(Locator):
    """A map of logits a point; those of x and y are its marginals: softmax, sum over the other axis, logarithm.

    *Source*: Sun et al., Integral Human Pose Regression, ECCV 2018, for the expectation; here each axis is told what is right.
    """

    def __init__(self, width: int, points: int) -> None:
        super().__init__(width, points, 1)

    def forward(self, places: Tensor) -> Tensor:
        heat = self.convolve(places).float()
        return torch.stack([heat.logsumexp(dim=2), heat.logsumexp(dim=3)], dim=2)


class SimccLocator(Locator):
    """One classification an axis: each place votes for two bins within its column, and two within its row.

    *Source*: Li et al., SimCC, ECCV 2022. NOTE differs from the paper: votes are gathered over the other axis in place of a
    dense layer over all places, so that the head is a 1x1 convolution and serves any size of photo.
    """

    def __init__(self, width: int, points: int) -> None:
        super().__init__(width, points, 2 * BINS_A_PLACE)

    def forward(self, places: Tensor) -> Tensor:
        votes = self.convolve(places).float().unflatten(1, (self.points, 2, BINS_A_PLACE))
        across, down = votes.unbind(dim=2)  # (B,K,r,H,W)
        axes = [across.logsumexp(dim=3), down.logsumexp(dim=4)]
        return torch.stack([axis.transpose(2, 3).flatten(2) for axis in axes], dim=2)


class RegressionLocator(Locator):
    """The means over 4 x 4 parts of the photo, then two numbers a point: 0.5 is the middle.

    The mean over all of it would forget where things are.
    """

    def __init__(self, width: int, points: int) -> None:
        super().__init__(width * PARTS**2, points, 2)

    def forward(self, places: Tensor) -> Tensor:
        parts = functional.adaptive_avg_pool2d(places.float(), PARTS)
        numbers: Tensor = self.convolve(parts.flatten(1)[:, :, None, None])[:, :, 0, 0]
        places_found: Tensor = 0.5 + numbers.unflatten(1, (self.points, 2, 1)) / 10
        return places_found


LOCATORS: dict[PointHead, type[HeatmapLocator | SimccLocator | RegressionLocator]] = {
    "heatmap": HeatmapLocator,
    "simcc": SimccLocator,
    "regression": RegressionLocator,
}


def centres(count: int, reach: float) -> Tensor:
    """The middles (n,) of `count` bins from -reach to 1 + reach."""
    return (torch.arange(count) + 0.5) / count * (1 + 2 * reach) - reach


def expected(logits: Tensor, reach: float) -> tuple[Tensor, Tensor]:
    """Logits (...,2,n) to the places (...,2) in shares of the side, and how far they spread (...,): a standard deviation.

    A plain regression knows nothing of how sure it is: its spread is 1. Its number is a share of what the bins would cover.
    """
    if logits.shape[-1] == 1:
        return logits[..., 0] * (1 + 2 * reach) - reach, torch.ones_like(logits[..., 0, 0])
    shares, middles = logits.softmax(dim=-1), centres(logits.shape[-1], reach).to(logits.device)
    place = (shares * middles).sum(dim=-1)
    spread = (shares * (middles - place[..., None]).square()).sum(dim=-1)
    return place, spread.sum(dim=-1).sqrt()

"""From a map to a vector: what a backbone's places together say of a file. One rule an entry of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from torch import Tensor

Pooling = Literal["mean", "root of mean", "maximum"]

FLAT = 1e-4
"""Added below a root, whose slope at zero would otherwise be infinite: fine-tuning goes through it."""


def mean(places: Tensor) -> Tensor:
    """The mean over the places of a map (B,C,H,W): (B,C)."""
    return places.mean(dim=(2, 3))


def root_of_mean(places: Tensor) -> Tensor:
    """The square root of the mean, with its sign: (B,C,H,W) to (B,C).

    Channels after a ReLU are zero mostly and large at times; their roots lie more evenly, and a linear head does better.

    *Source*: the signed square root of Perronnin et al. 2010, Improving the Fisher Kernel, ECCV, section 3.3. NOTE differs from
    the paper: no unit length afterwards, which on sounds helped one table and cost on another; and a finite slope at zero.

    Example:
        >>> import torch
        >>> root_of_mean(torch.tensor([[[[0.5, 0.0]], [[-9.0, 1.0]]]])).round(decimals=2)
        tensor([[ 0.4900, -1.9900]])
    """
    whole = mean(places)
    root: Tensor = whole.sign() * ((whole.abs() + FLAT).sqrt() - FLAT**0.5)
    return root


def mean_of_root(root: Tensor) -> Tensor:
    """The mean that a `root_of_mean` was made of.

    Example:
        >>> import torch
        >>> mean_of_root(root_of_mean(torch.tensor([[[[0.5, 0.0]], [[-9.0, 1.0]]]]))).round(decimals=4)
        tensor([[ 0.2500, -4.0000]])
    """
    whole: Tensor = root.sign() * ((root.abs() + FLAT**0.5).square() - FLAT)
    return whole


def maximum(places: Tensor) -> Tensor:
    """The greatest value of all places: (B,C,H,W) to (B,C). Silence beside a short sound does not thin it out."""
    return places.amax(dim=(2, 3))


POOLINGS: dict[Pooling, Callable[[Tensor], Tensor]] = {"mean": mean, "root of mean": root_of_mean, "maximum": maximum}

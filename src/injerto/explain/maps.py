"""Where a network looked: three ways to tell how much each place of a file speaks for an answer.

*Source*: the head's own map is the class activation map of Zhou et al. 2016, Learning Deep Features for Discriminative
Localization, CVPR; Selvaraju et al. 2017, Grad-CAM, ICCV; Draelos and Carin 2020, Use HiResCAM instead of Grad-CAM,
arXiv 2011.08891.
"""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.explain.asked import Asked
from injerto.network import Batch, Network


def own_map(network: Network, key: str, places: Tensor, batch: Batch, asked: Asked) -> Tensor:
    """The head's weights, which are those of 1x1 convolutions, on each place of the map `places` (C,H,W): (H,W).

    A place gets the score of a file that has only this place, less that of the average training file: above 0 it speaks for
    the answer. Where the backbone's vector is the mean over the places, their mean is exactly what this file adds. `batch` is
    the row (1), for what else its answer takes in.
    """
    with torch.no_grad():
        embedder = network.media[key]
        alone = embedder.backbone.pool(places.flatten(1).T[:, :, None, None])
        asked_of = torch.cat([alone, embedder.mean[None]])
        rows = _repeated(batch, len(asked_of), key, asked_of)
        score = asked.score(network.from_files(rows)[asked.head.name])
        by_place: Tensor = (score[:-1] - score[-1]).unflatten(0, places.shape[1:])
        return by_place


def slopes(network: Network, key: str, grid: Tensor, batch: Batch, asked: Asked) -> Tensor:
    """How the whole network's score changes with each value of the grid (1,D,H,W) of one file of the row `batch` (1)."""
    backbone = network.media[key].backbone
    grid = grid.detach().requires_grad_(True)
    with torch.enable_grad():
        vector = backbone.pool(backbone.gather(grid))
        output = network(_repeated(batch, 1, key, vector))[asked.head.name]
        (slope,) = torch.autograd.grad(asked.score(output).sum(), grid)
    return slope


def grad_cam(values: Tensor, slope: Tensor) -> Tensor:
    """Values (D,H,W) of a map and their slopes to what speaks for the answer by place (H,W), never below 0.

    Each channel counts by its mean slope.

    Example:
        >>> grad_cam(torch.tensor([[[1.0, 2.0]], [[3.0, 0.0]]]), torch.tensor([[[1.0, 3.0]], [[-1.0, -1.0]]])).tolist()
        [[0.0, 4.0]]
    """
    return (slope.mean(dim=(1, 2), keepdim=True) * values).sum(dim=0).relu()


def carried_back(values: Tensor, slope: Tensor) -> Tensor:
    """Values (D,H,W) times their slopes, summed over the channels (H,W), at the scale of the whole file's score.

    Where all that follows is linear this is what each place adds; their mean is what they add together.

    Example:
        >>> carried_back(torch.tensor([[[1.0, 2.0]], [[3.0, 0.0]]]), torch.tensor([[[1.0, 3.0]], [[-1.0, -1.0]]])).tolist()
        [[-4.0, 12.0]]
    """
    return (slope * values).sum(dim=0) * values[0].numel()


def _repeated(batch: Batch, count: int, key: str, vectors: Tensor) -> Batch:
    """The row of `batch` (1) `count` times, with `vectors` (count,C) in the place of one file's."""
    return Batch(
        {name: values.expand(count, *values.shape[1:]) for name, values in batch.scalars.items()},
        {name: values.expand(count, -1) for name, values in batch.vectors.items()} | {key: vectors},
    )

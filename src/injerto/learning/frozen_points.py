"""What a ridge on frozen features tells of the points of every photo, before any network is trained."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from injerto.backbones.pyramid import Pyramid
from injerto.backbones.quicken import fused_works, quicken
from injerto.learning.division import Division
from injerto.learning.ridge_points import RidgePoints, ridge_points
from injerto.network import PHOTO
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.progress import Progress

NAME = "ridge on frozen features"
PLACES = 6
"""A side of the map that the ridge reads; a finer one is averaged down to it."""
BATCH_PHOTOS = 32


def frozen_points(
    network: PointNetwork, photos: Photos, division: Division, *, seed: int, progress: Progress
) -> RidgePoints | None:
    """The ridge of the rows that do not test, told of all rows (N,); NaN for a photo that cannot be read.

    The pyramid of `network` must still be as it was pretrained. None where nothing could be left out to judge by.
    """
    usable = np.flatnonzero(photos.usable)
    teaches = np.isin(usable, np.concatenate([division.rows.train, division.rows.tune]))
    xy_unit = photos.labels[network.head.name].value[:, :, :2]
    features = photo_features(network.pyramid, photos, torch.from_numpy(usable), progress)
    found = ridge_points(features, xy_unit[usable], division.unit[usable], teaches, seed=seed)
    if found is None:
        return None
    told = torch.full_like(xy_unit, torch.nan)
    told[usable] = found.xy_unit
    return RidgePoints(told, found.penalty, found.errors, found.rows)


@torch.inference_mode()
def photo_features(pyramid: Pyramid, photos: Photos, rows: Tensor, progress: Progress) -> Tensor:
    """An early map of each photo in `rows` (n,), flattened: (n,C*H*H), H at most `PLACES`, in half the bits."""
    quick = quicken(deepcopy(pyramid).eval(), torch.float32, fused=fused_works())
    found = []
    with progress.step("reading frozen features", len(rows)) as bar:
        for part in rows.split(BATCH_PHOTOS):
            places = quick.early(photos.batch(part).raw[PHOTO])
            if places.shape[3] > PLACES:
                places = functional.adaptive_avg_pool2d(places, PLACES)
            found.append(places.flatten(1).half())
            bar.advance(len(part))
    return torch.cat(found) if found else torch.zeros(0, 1)

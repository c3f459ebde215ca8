"""The start of loose marks: places of photos are looked at along the axes in which frozen maps differ most."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor

from injerto.backbones.quicken import fused_works, quicken
from injerto.backbones.streams import streamed
from injerto.embedders.places import Places
from injerto.individual_network import IndividualNetwork
from injerto.network import PHOTO
from injerto.photos import Photos
from injerto.progress import Progress

MOST_PHOTOS = 512
"""A hundred thousand places say well enough how places differ."""
_BATCH_PHOTOS = 32


@torch.no_grad()
def start_places(network: IndividualNetwork, photos: Photos, rows: Tensor, seed: int, progress: Progress) -> None:
    """Let `network` look at places as differently as those of the named `rows` (n,) are."""
    assert isinstance(network.marks, Places)
    some = rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))][:MOST_PHOTOS]
    trunk = quicken(deepcopy(network.trunk).eval(), torch.float32, fused=fused_works())
    found = []
    with progress.step("looking at photos before training", len(some)) as bar:
        for maps in streamed(trunk, [photos.batch(part).raw[PHOTO] for part in some.split(_BATCH_PHOTOS)]):
            found.append(maps.permute(0, 2, 3, 1).flatten(0, 2))
            bar.advance(len(maps))
    network.marks.start(torch.cat(found))

"""The start of a network of individuals: marks and centres from frozen maps, before any step is taken."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor
from torch.nn import functional

from injerto.backbones.quicken import fused_works, quicken
from injerto.backbones.streams import streamed
from injerto.draws import seeded
from injerto.embedders.marks import WIDTH, Marks
from injerto.individual_network import IndividualNetwork
from injerto.learning.discriminant import discriminant
from injerto.learning.start_places import start_places
from injerto.learning.vary_marks import vary_marks
from injerto.network import PHOTO
from injerto.photos import Photos
from injerto.progress import Progress

VARIED = 2
"""Views of each photo, half of them in the mirror, beside the photo and its mirror image: what a mark looks like otherwise."""
MOST_BYTES = 1024**3
"""Of maps; with more photos than these hold, some of them tell of all."""
_BATCH_PHOTOS = 32


@torch.no_grad()
def start_marks(network: IndividualNetwork, photos: Photos, rows: Tensor, seed: int, progress: Progress) -> None:
    """Let `network` read where the individuals of the named `rows` (n,) differ, and put every centre where its photos lie;
    loose marks are started by how places differ.

    From random weights nothing was learned of whales in ten minutes; from these, training starts where others end.
    """
    if not network.head.centred:
        start_places(network, photos, rows, seed, progress)
        return
    assert isinstance(network.marks, Marks)
    head, labels = network.head, photos.labels[network.head.name].value[:, 0]
    codes: list[Tensor] = []
    generator = torch.Generator().manual_seed(seed)
    rows = rows[torch.randperm(len(rows), generator=generator)]
    some = rows[: max(2, MOST_BYTES // (4 * (2 + VARIED) * network.marks.read.in_features))]
    # One table, filled and then worked on in place: a second copy is what a laptop's memory has no room for.
    features, filled = torch.empty((2 + VARIED) * len(some), network.marks.read.in_features), 0
    trunk = quicken(deepcopy(network.trunk).eval(), torch.float32, fused=fused_works())
    # Views are drawn one after the other, so that they do not depend on how many threads look at them.
    with progress.step("looking at photos before training", (2 + VARIED) * len(some)) as bar:
        for view in range(2 + VARIED):
            parts = []
            for part in some.split(_BATCH_PHOTOS):
                pixels = photos.batch(part).raw[PHOTO]
                mirror = torch.rand(len(part), generator=generator) < 0.5 if view > 1 else torch.full((len(part),), view == 1)
                pixels = torch.where(mirror[:, None, None, None], pixels.flip(3), pixels)
                parts.append(vary_marks(pixels, generator) if view > 1 else pixels)
                codes.append(labels[part] + len(head.classes_) * mirror)
            for maps in streamed(trunk, parts):
                features[filled : filled + len(maps)] = maps.flatten(1)
                filled += len(maps)
                bar.advance(len(maps))
    everybody = torch.cat(codes)
    with seeded(seed):
        found = discriminant(features, everybody, WIDTH)
    if not found.weight.any():
        return  # photos that are all the same; vectors of length 0 could not be learned from
    network.marks.start(found.weight, found.bias)
    sums = torch.zeros_like(head.centres).index_add_(0, everybody, functional.normalize(found.vectors, dim=1))
    seen = sums.norm(dim=1) > 0
    head.centres[seen] = functional.normalize(sums[seen], dim=1)

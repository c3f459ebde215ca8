"""All that a network of individuals says of photos, in batches."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.backbones.settled import once
from injerto.backbones.streams import streamed
from injerto.individual_network import IndividualNetwork
from injerto.photos import Photos
from injerto.progress import Progress

BATCH_PHOTOS = 32


def seen(network: IndividualNetwork, photos: Photos, rows: Tensor, progress: Progress) -> dict[str, Tensor]:
    """By target: unit vectors (n,D) of the individual, outputs (n,...) of the others, for the usable rows at `rows` (n,)."""
    quick = once(network, "quick", network.quick)
    parts: dict[str, list[Tensor]] = {}
    with progress.step("looking at photos", len(rows)) as bar:
        batches = rows.split(BATCH_PHOTOS) if len(rows) else ()
        whole = streamed(lambda part: quick.seen_and_look(photos.batch(part)), batches)
        for part, (outputs, look) in zip(batches, whole, strict=True):
            photos.remember(network, part, look)
            for name, output in outputs.items():
                parts.setdefault(name, []).append(output)
            bar.advance(len(next(iter(outputs.values()))))
    return {name: torch.cat(found) for name, found in parts.items()} or network.nothing()

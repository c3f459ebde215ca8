"""Batches of photos of individuals for training: varied, half of them mirrored and then somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from injerto.draws import uniform
from injerto.heads.head import Labels
from injerto.individual_network import IndividualNetwork
from injerto.learning.source import Source
from injerto.learning.vary_marks import vary_marks
from injerto.network import PHOTO, Batch
from injerto.photos import Photos
from injerto.together import part_of, turn_to

MARGIN_RADIANS = 0.1
"""How much nearer its own centre a photo must lie than any other's. Wider margins serve millions of faces; of a whale there are
seven photos."""


class IndividualSource(Source):
    """The rows of `photos`; varied while training with `augment`."""

    shared = True

    def __init__(self, network: IndividualNetwork, photos: Photos, *, augment: bool) -> None:
        self.network, self.photos, self.augment, self.labels = network, photos, augment, photos.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        generator = torch.Generator().manual_seed(seed)
        head = self.network.head
        for whole in rows.split(batch_rows):
            part = part_of(whole)
            turn_to(len(whole))
            pixels = self.photos.batch(part).raw[PHOTO]
            labels = {name: labels.take(part) for name, labels in self.labels.items()}
            code, margin = labels[head.name].value[:, 0], torch.zeros(len(part))
            if training:
                margin = margin + MARGIN_RADIANS
                mirror = uniform(len(part), generator=generator) < 0.5
                pixels = torch.where(mirror[:, None, None, None], pixels.flip(3), pixels)
                code = code + len(head.classes_) * mirror
                if self.augment:
                    pixels = vary_marks(pixels, generator)
            value = torch.stack([code.double(), margin.double()], dim=1)
            yield Batch({}, raw={PHOTO: pixels}), labels | {head.name: Labels(value, labels[head.name].known)}

"""Batches of photos with their points for training: both varied together, and told in what the map of the network covers."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from injerto.affine import mirrored, swapped
from injerto.heads.head import Labels
from injerto.learning.source import Source
from injerto.learning.vary_points import Strength, vary_points
from injerto.network import PHOTO, Batch
from injerto.photos import Photos
from injerto.point_network import MATRIX, PointNetwork
from injerto.together import part_of, turn_to


class PointSource(Source):
    """The rows of `photos`, varied while training if `strength` is given."""

    shared = True

    def __init__(self, network: PointNetwork, photos: Photos, strength: Strength | None) -> None:
        self.network, self.photos, self.strength, self.labels = network, photos, strength, photos.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        generator = torch.Generator().manual_seed(seed)
        name = self.network.head.name
        for whole in rows.split(batch_rows):
            part = part_of(whole)
            turn_to(len(whole))
            batch, labels = self.photos.batch(part), self.labels[name].take(part)
            pixels, value, matrix = batch.raw[PHOTO], labels.value, torch.eye(2, 3).expand(len(part), -1, -1)
            if training and self.strength is not None:
                pixels, value, matrix = self._varied(pixels, value, generator)
            place = self.network.range_of(value[:, :, :2])
            told = Labels(torch.cat([place, value[:, :, 2:]], dim=2), labels.known)
            yield Batch(batch.scalars, raw={PHOTO: pixels, MATRIX: matrix}), {name: told}

    def _varied(self, pixels: Tensor, value: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Photos, labels (B,K,3) and the moves. A point that a move takes out of the picture is not in it any more."""
        swap = self.network.head.swap
        pixels, place, matrix = vary_points(pixels, value[:, :, :2], swap=swap, generator=generator, strength=self.strength)
        state = value[:, :, 2] if swap is None else swapped(value[:, :, 2], mirrored(matrix), swap)
        left = ((place < 0) | (place > 1)).any(dim=2)
        return pixels, torch.cat([place, torch.where(left, 0.0, state)[:, :, None]], dim=2), matrix

"""Batches of photos of individuals that are compared among themselves: some of each individual stand together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from injerto.heads.head import Labels
from injerto.individual_network import IndividualNetwork
from injerto.learning.source import Source
from injerto.learning.vary_marks import LOOSE_STRENGTH, vary_marks
from injerto.network import PHOTO, Batch
from injerto.photos import Photos

TOGETHER = 4
"""Photos of one individual that stand in a batch, of as many sightings as there are: more would leave it fewer others."""


class LooseSource(Source):
    """The rows of `photos`; varied while training with `augment`. A mirrored animal is none that there is."""

    def __init__(self, network: IndividualNetwork, photos: Photos, *, augment: bool) -> None:
        self.network, self.photos, self.augment, self.labels = network, photos, augment, photos.labels

    def batches(self, rows: Tensor, batch_rows: int, *, training: bool, seed: int) -> Iterator[tuple[Batch, dict[str, Labels]]]:
        generator = torch.Generator().manual_seed(seed)
        value = self.labels[self.network.head.name].value[rows].numpy()
        order = torch.from_numpy(arranged(value[:, 0], value[:, 1], np.random.default_rng(seed)))
        for part in rows[order].split(batch_rows):
            pixels = self.photos.batch(part).raw[PHOTO]
            if training and self.augment:
                pixels = vary_marks(pixels, generator, LOOSE_STRENGTH)
            yield Batch({}, raw={PHOTO: pixels}), {name: labels.take(part) for name, labels in self.labels.items()}


def arranged(codes: np.ndarray, sightings: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """An order (n,) in which up to four photos of an individual follow one another, individuals by chance.

    `codes` (n,) are those of individuals; those four are of different `sightings` (n,), -1 where not known, as far as they can.
    """
    bundles: list[np.ndarray] = []
    for code in np.unique(codes):
        own = random.permutation(np.flatnonzero(codes == code))
        turn = _turn(np.where(sightings[own] < 0, -1 - np.arange(len(own)), sightings[own]))
        own = own[np.argsort(turn, kind="stable")]
        bundles += [own[start : start + TOGETHER] for start in range(0, len(own), TOGETHER)]
    return np.concatenate([bundles[place] for place in random.permutation(len(bundles))])


def _turn(groups: np.ndarray) -> np.ndarray:
    """How many of the same group stand before each (n,)."""
    order = np.argsort(groups, kind="stable")
    first = np.searchsorted(groups[order], groups[order], side="left")
    turn = np.empty(len(groups), dtype=np.int64)
    turn[order] = np.arange(len(groups)) - first
    return turn

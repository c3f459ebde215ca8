"""Batches in which photos of an individual stand together."""

import numpy as np
import pytest
import torch

from injerto.learning.loose_source import TOGETHER, LooseSource, arranged
from injerto.network import PHOTO
from made_individuals import Made, made


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("herd"), detail="loose")


def test_everybody_comes_once_in_bundles_of_one_individual() -> None:
    random = np.random.default_rng(0)
    codes = random.integers(0, 9, 100)
    order = arranged(codes, np.full(100, -1), random)
    assert sorted(order.tolist()) == list(range(100))
    bundles = 1 + int((np.diff(codes[order]) != 0).sum())
    assert bundles <= sum(-(-count // TOGETHER) for count in np.bincount(codes))


def test_bundles_hold_as_many_sightings_as_they_can() -> None:
    codes, sightings = np.zeros(8, dtype=np.int64), np.array([0, 0, 0, 0, 0, 1, 2, 3])
    order = arranged(codes, sightings, np.random.default_rng(0))
    shares = [set(sightings[order[start : start + TOGETHER]]) for start in (0, 4)]
    assert {0, 1, 2, 3} in shares
    assert {0} in shares


def test_only_training_varies_and_a_seed_gives_the_same(herd: Made) -> None:
    source, rows = LooseSource(herd.network, herd.photos, augment=True), torch.arange(12)
    plain = list(source.batches(rows, 5, training=False, seed=1))
    first, again = (list(source.batches(rows, 5, training=True, seed=1)) for _ in range(2))
    assert [len(batch.raw[PHOTO]) for batch, _ in plain] == [5, 5, 2]
    for (one, its), (two, _), (still, _) in zip(first, again, plain, strict=True):
        assert torch.equal(one.raw[PHOTO], two.raw[PHOTO])
        assert not torch.equal(one.raw[PHOTO], still.raw[PHOTO].float())
        assert its["animal"].value.shape[1] == 2
    pixels = torch.cat([batch.raw[PHOTO] for batch, _ in plain])
    codes = torch.cat([labels["animal"].value[:, 0] for _, labels in plain])
    every = herd.photos.batch(rows).raw[PHOTO]
    for photo, code in zip(pixels, codes, strict=True):
        (row,) = (every == photo).flatten(1).all(dim=1).nonzero()[0].tolist()
        assert herd.photos.labels["animal"].value[row, 0] == code

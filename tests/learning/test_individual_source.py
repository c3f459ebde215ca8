"""Batches of individuals: who is in the mirror is somebody else, and only training varies."""

from pathlib import Path

import pytest
import torch

from injerto.learning.individual_source import MARGIN_RADIANS, IndividualSource
from injerto.network import PHOTO
from made_animals import animals
from made_individuals import Made, made

ROWS = torch.arange(12)


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("herd"))


def batches(herd: Made, *, training: bool, augment: bool = False, seed: int = 0):
    return list(IndividualSource(herd.network, herd.photos, augment=augment).batches(ROWS, 5, training=training, seed=seed))


def test_in_answering_photos_are_as_they_are_and_there_is_no_margin(herd: Made) -> None:
    found = batches(herd, training=False, augment=True)
    assert [len(labels["animal"].value) for _, labels in found] == [5, 5, 2]
    pixels = torch.cat([batch.raw[PHOTO] for batch, _ in found])
    assert torch.equal(pixels, herd.photos.batch(ROWS).raw[PHOTO])
    value = torch.cat([labels["animal"].value for _, labels in found])
    assert value[:, 0].tolist() == herd.photos.labels["animal"].value[:, 0].tolist()
    assert not value[:, 1].any()


def test_mirrored_rows_get_the_other_code(herd: Made) -> None:
    found = batches(herd, training=True)
    pixels = torch.cat([batch.raw[PHOTO] for batch, _ in found])
    value = torch.cat([labels["animal"].value for _, labels in found])
    upright, own = herd.photos.batch(ROWS).raw[PHOTO], herd.photos.labels["animal"].value[:, 0]
    mirrored = value[:, 0] >= 4
    assert 0 < int(mirrored.sum()) < 12
    for row in ROWS.tolist():
        assert torch.equal(pixels[row], upright[row].flip(2) if mirrored[row] else upright[row])
        assert value[row, 0] == own[row] + 4 * mirrored[row]
    assert value[:, 1].tolist() == pytest.approx([MARGIN_RADIANS] * 12)


def test_the_same_seed_gives_the_same_batches(herd: Made) -> None:
    first, again, other = (batches(herd, training=True, augment=True, seed=seed) for seed in (3, 3, 4))
    assert all(torch.equal(one[0].raw[PHOTO], two[0].raw[PHOTO]) for one, two in zip(first, again, strict=True))
    assert not torch.equal(first[0][0].raw[PHOTO], other[0][0].raw[PHOTO])


def test_other_targets_come_along_and_who_is_unknown_stays_so(tmp_path: Path) -> None:
    columns = animals(tmp_path, individuals=2, each=2)
    columns["animal"][0], columns["size"][3] = None, None
    herd = made(tmp_path, columns)
    (_, labels), *_ = IndividualSource(herd.network, herd.photos, augment=False).batches(
        torch.arange(4), 4, training=True, seed=0
    )
    assert labels["animal"].known.tolist() == [False, True, True, True]
    assert labels["size"].known.tolist() == [True, True, True, False]

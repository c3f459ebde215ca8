"""Copies are found through recompression, size and brightness; flat or merely similar pictures are not."""

import numpy as np
import pytest
from PIL import Image

from injerto.table.near_duplicates import near_duplicate_groups, photo_hash
from made_media import textured

PHOTOS = [textured(seed=seed) for seed in range(30)]


def changed(pixels: np.ndarray) -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [
        pixels.copy(),
        np.asarray(Image.fromarray(pixels).resize((160, 120))),
        (pixels * 0.6).astype(np.uint8),
        np.clip(pixels + random.normal(0, 8, pixels.shape), 0, 255).astype(np.uint8),
        pixels[3:-3, 4:-4],
    ]


def test_copies_are_joined_and_others_are_not() -> None:
    photos = PHOTOS + changed(PHOTOS[4]) + changed(PHOTOS[9])
    groups = near_duplicate_groups([photo_hash(photo) for photo in photos])
    assert np.flatnonzero(groups == groups[4]).tolist() == [4, 30, 31, 32, 33, 34]
    assert np.flatnonzero(groups == groups[9]).tolist() == [9, 35, 36, 37, 38, 39]
    assert (groups >= 0).sum() == 12
    assert groups.max() == 1


def test_a_few_photos_are_compared_as_they_are() -> None:
    groups = near_duplicate_groups([photo_hash(PHOTOS[0]), photo_hash(PHOTOS[1]), photo_hash(changed(PHOTOS[0])[1])])
    assert groups.tolist() == [0, -1, 0]


def test_what_all_photos_share_is_no_likeness() -> None:
    frame = textured(seed=99).astype(np.float64)
    cells = [np.clip(0.8 * frame + 0.2 * photo, 0, 255).astype(np.uint8) for photo in PHOTOS]
    assert (near_duplicate_groups([photo_hash(cell) for cell in [*cells, cells[3]]]) >= 0).sum() == 2


def test_flat_pictures_have_no_hash_and_no_twin() -> None:
    assert photo_hash(np.zeros((30, 40, 3), dtype=np.uint8)) is None
    noise = np.random.default_rng(0).integers(118, 122, (300, 400, 3), dtype=np.uint8)
    assert photo_hash(noise) is None
    assert near_duplicate_groups([None, None, photo_hash(PHOTOS[0])]).tolist() == [-1, -1, -1]


def test_equal_files_are_joined_even_when_flat() -> None:
    assert near_duplicate_groups([None, None, None], ["x", "y", "x"]).tolist() == [0, -1, 0]
    assert near_duplicate_groups([], []).tolist() == []


def test_hashes_are_worked_out_by_hand() -> None:
    pixels = np.zeros((64, 64, 3), dtype=np.uint8)
    pixels[:2, :2] = (255, 0, 0)
    found = photo_hash(pixels)
    assert found is not None
    assert found[0] == pytest.approx(255 * 0.299)
    assert (found[1:] == 0).all()

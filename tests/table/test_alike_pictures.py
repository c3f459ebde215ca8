"""Small pictures are alike when one is moved, enlarged or lighter; others, and negatives, are not."""

import numpy as np
from PIL import Image

from injerto.table.alike_pictures import SIDE, coarse, likeness, spanned, tangents
from made_media import textured


def small(pixels: np.ndarray) -> np.ndarray:
    """A photo as a picture (1,SIDE,SIDE)."""
    grey = pixels.astype(np.float32).mean(axis=2)
    return np.asarray(Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.BOX))[None]


def test_coarse_is_worked_out_by_hand() -> None:
    wave = np.cos(np.pi / SIDE * (np.arange(SIDE) + 0.5))
    wave /= np.linalg.norm(wave)
    found = coarse(np.stack([np.tile(wave, (SIDE, 1)), np.full((SIDE, SIDE), 7.0)]))
    assert found.shape == (2, 63)
    np.testing.assert_allclose(found[0], [np.sqrt(SIDE), *[0] * 62], atol=1e-5)
    np.testing.assert_allclose(found[1], 0, atol=1e-4)  # a level is no shape


def test_a_span_holds_its_picture_and_what_moves_it() -> None:
    picture, other = small(textured(seed=1)), small(textured(seed=2))
    spans = tangents(picture)
    np.testing.assert_allclose(spans[0] @ spans[0].T, np.eye(6), atol=1e-5)
    shapes = np.concatenate([coarse(picture), coarse(other)])
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True)
    own, stranger = spanned(spans, np.array([0, 0]), shapes)
    assert own > 0.9999 and stranger < 0.9


def test_moved_enlarged_lighter_and_cut_levels_are_alike() -> None:
    pixels = textured(seed=3)
    height, width = pixels.shape[:2]
    cropped = pixels[height // 20 :, : -(width // 20)]
    lighter = np.clip(pixels * 1.4, 0, 255)
    one = small(pixels)
    assert likeness(one, one)[0] > 0.99
    assert likeness(one, small(cropped))[0] > 0.95
    assert likeness(one, small(lighter))[0] > 0.95
    assert likeness(one, 0.5 * one + 30)[0] > 0.99


def test_others_and_negatives_are_not_alike() -> None:
    one, other = small(textured(seed=4)), small(textured(seed=5))
    assert likeness(one, other)[0] < 0.9
    assert likeness(one, 255 - one)[0] < 0.5

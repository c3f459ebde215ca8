"""Varied photos of individuals: never mirrored, within the levels of photos, the same from the same seed."""

import torch

from injerto.learning.vary_marks import vary_marks


def varied(pixels: torch.Tensor, seed: int = 0) -> torch.Tensor:
    return vary_marks(pixels, torch.Generator().manual_seed(seed))


def test_levels_are_those_of_photos_and_follow_from_the_seed() -> None:
    pixels = torch.randint(0, 256, (16, 3, 48, 48), dtype=torch.uint8)
    first = varied(pixels)
    assert first.shape == pixels.shape
    assert first.is_floating_point()
    assert 0 <= float(first.min()) <= float(first.max()) <= 255
    assert torch.equal(first, varied(pixels))
    assert not torch.equal(first, varied(pixels, seed=1))


def test_nobody_is_turned_round() -> None:
    pixels = torch.full((64, 3, 48, 48), 40, dtype=torch.uint8)
    pixels[:, :, :, :16] = 220
    moved = varied(pixels).mean(dim=(1, 2))
    assert (moved[:, 4:16].mean(dim=1) > moved[:, 32:44].mean(dim=1)).all()


def test_some_lose_their_colour_and_no_more() -> None:
    pixels = torch.full((200, 3, 16, 16), 60, dtype=torch.uint8)
    pixels[:, 0] = 190
    found = varied(pixels)
    grey = ((found - found[:, :1]).abs().amax(dim=(1, 2, 3)) < 1e-3).sum()
    assert 12 < int(grey) < 55

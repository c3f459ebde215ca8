import pytest
import torch

from injerto.backbones.colour import DEEPEST_DECIBEL, coloured


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_colour_is_the_same_at_every_moment_and_changes_slowly_over_bands() -> None:
    before = torch.rand(100, 64, 20, generator=drawn(1)) * 80
    colour = coloured(before, drawn()) - before
    torch.testing.assert_close(colour, colour[:, :, :1].expand_as(colour), atol=1e-4, rtol=0)
    assert colour.abs().max() <= 2 * DEEPEST_DECIBEL
    assert colour.diff(dim=1).abs().max() < 2.0
    assert colour[:, :, 0].std(dim=0).min() > 2.0  # every band is coloured, and every picture otherwise


def test_a_slope_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the steepest slope and no wave the lowest band falls and the highest rises by 12 dB."""
    draws = torch.tensor([1.0, 0.0, 0.0, 0.0]).reshape(4, 1, 1)
    monkeypatch.setattr(torch, "rand", lambda *shape, generator: draws)
    found = coloured(torch.zeros(1, 3, 2), drawn())
    assert found[0, :, 0].tolist() == [-12.0, 0.0, 12.0]


def test_the_same_draw_gives_the_same_picture() -> None:
    picture = torch.rand(4, 40, 30, generator=drawn(1))
    assert torch.equal(coloured(picture, drawn(3)), coloured(picture, drawn(3)))

import math

import torch

from injerto.learning.vary_sounds import backed, cropped, loudness, paced, shifted, vary_sounds


def clips(count: int = 4, size: int = 800) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(0))


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_crop_keeps_one_stretch_of_at_least_seventy_percent() -> None:
    kept = cropped(torch.ones(50, 800), drawn())
    assert (kept.sum(dim=1) >= 0.7 * 800 - 1).all()
    edges = (kept[:, 1:] != kept[:, :-1]).sum(dim=1)
    assert (edges <= 2).all()
    assert len(kept.sum(dim=1).unique()) > 10


def test_a_shift_loses_nothing() -> None:
    before = clips()
    after = shifted(before, drawn())
    torch.testing.assert_close(after.sort(dim=1).values, before.sort(dim=1).values)
    assert not torch.equal(after, before)


def test_faster_is_shorter_and_higher() -> None:
    tone = torch.sin(2 * math.pi * 40 * torch.arange(800) / 800)[None]
    for seed in range(5):
        played = paced(tone, drawn(seed))
        assert played.shape == tone.shape
        filled = int((played.abs() > 1e-6).nonzero()[-1, 1]) + 1
        crossings = int((played[0, 1:filled] * played[0, : filled - 1] < 0).sum())
        pace = crossings / filled / (80 / 800)
        assert 1 / 1.12 < pace < 1.12
        assert filled == 800 or abs(filled * pace - 800) < 20


def test_a_background_lies_below_its_clip() -> None:
    """Half of the clips stay as they are; what is added to the others is 3 to 25 dB below them."""
    before = clips(200)
    added = backed(before, clips(7) * 100, drawn()) - before
    on = added.abs().sum(dim=1) > 0
    assert 70 < int(on.sum()) < 130
    below = 20 * (loudness(before) / loudness(added).clamp_min(1e-12)).log10()[on]
    assert below.min() > 2.99
    assert below.max() < 25.01


def test_silence_stays_silent() -> None:
    assert not vary_sounds(torch.zeros(3, 800), drawn()).any()


def test_the_same_draw_gives_the_same_sounds() -> None:
    assert torch.equal(vary_sounds(clips(), drawn(3)), vary_sounds(clips(), drawn(3)))
    assert vary_sounds(clips(), drawn(), background=clips(9)).shape == clips().shape

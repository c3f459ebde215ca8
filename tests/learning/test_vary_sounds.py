import math

import pytest
import torch

from injerto.learning import vary_sounds as vary_sounds_file
from injerto.learning.vary_sounds import FASTEST, backed, loudness, paced, shifted, vary_sounds


def clips(count: int = 4, size: int = 800) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(0))


def drawn(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_sound_that_fills_its_place_stays() -> None:
    assert torch.equal(shifted(clips(), drawn()), clips())


def test_a_sound_with_silence_after_it_is_not_torn() -> None:
    words = torch.zeros(200, 100)
    words[:, :30] = torch.arange(1.0, 31.0)
    moved = shifted(words, drawn())
    start = moved.argmax(dim=1) - 29
    for clip, first in zip(moved, start.tolist(), strict=True):
        torch.testing.assert_close(clip[first : first + 30], torch.arange(1.0, 31.0))
        assert clip.count_nonzero() == 30
    assert start.min() < 5
    assert start.max() > 65
    assert start.max() <= 70


def test_a_clip_at_twice_the_pace_holds_every_other_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vary_sounds_file, "FASTEST", 2.0)
    monkeypatch.setattr(torch, "rand", lambda *shape, generator: torch.ones(*shape))
    played = paced(torch.arange(1.0, 10.0)[None], drawn())
    assert played[0].tolist() == [1, 3, 5, 7, 9, 0, 0, 0, 0]


def test_between_two_samples_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vary_sounds_file, "FASTEST", 2.0)
    monkeypatch.setattr(torch, "rand", lambda *shape, generator: torch.zeros(*shape))
    played = paced(torch.arange(1.0, 10.0)[None], drawn())
    assert played[0].tolist() == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]


def test_faster_is_shorter_and_higher() -> None:
    tone = torch.sin(2 * math.pi * 40 * torch.arange(800) / 800).expand(60, 800)
    paces = []
    for played in paced(tone, drawn()):
        filled = int((played.abs() > 1e-6).nonzero()[-1]) + 1
        crossings = int((played[1:filled] * played[: filled - 1] < 0).sum())
        paces.append(crossings / filled / (80 / 800))
        assert filled == 800 or abs(filled * paces[-1] - 800) < 20
    assert 1 / FASTEST - 0.02 < min(paces) < 0.87
    assert 1.15 < max(paces) < FASTEST + 0.02


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


def test_without_a_background_a_clip_lies_over_clips_that_were_varied_too() -> None:
    clip = torch.sin(torch.arange(200.0) / 3)[None]
    clip[:, 120:] = 0
    for seed in range(8):
        generator = torch.Generator().manual_seed(seed)
        moved = shifted(paced(clip, generator), generator)
        varied = vary_sounds(clip, torch.Generator().manual_seed(seed))
        # The only other clip is itself: as varied as it is, it can but make it louder.
        share = (varied / moved)[moved.abs() > 1e-3]
        torch.testing.assert_close(share, share.mean().expand_as(share))

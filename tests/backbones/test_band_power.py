import math

import pytest
import torch

from injerto.backbones.band_power import BandPower
from injerto.backbones.kaldi_mel import kaldi_triangles
from injerto.backbones.logmel import triangles
from injerto.backbones.quick_band_power import FRAMES, QuickBandPower

FILTERS = {
    "kaldi": kaldi_triangles(32_000, 1024, 128, 15_000.0),
    "htk": triangles(44_100, 1024, 96, 0.0, 22_050.0),
    "not a multiple": triangles(16_000, 1024, 37, 50.0, 8_000.0),
    "a silent group": torch.cat([torch.zeros(513, 32), triangles(16_000, 1024, 8, 0.0, 8_000.0)], dim=1),
}


def test_a_cosine_by_hand() -> None:
    """One whole wave in a window of 8 without taper: 4 in bin 1, and nothing else; its power is 16."""
    wave = torch.cos(2 * math.pi * torch.arange(8) / 8)
    found = BandPower(torch.ones(8), torch.eye(5), hop=4)(wave.repeat(2)[None])
    torch.testing.assert_close(found, torch.tensor([0.0, 16.0, 0.0, 0.0, 0.0]).expand(1, 3, 5), atol=1e-5, rtol=0)


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("samples", [1024, 5_001, 1024 + 256 * FRAMES, 1024 + 256 * (FRAMES + 1) + 7])
@torch.inference_mode()
def test_the_quick_way_finds_the_same(filters: torch.Tensor, samples: int) -> None:
    plain = BandPower(torch.hann_window(1024), filters, hop=256)
    sound = torch.randn(2, samples, generator=torch.Generator().manual_seed(0))
    expected, found = plain(sound), QuickBandPower(plain)(sound)
    assert found.shape == expected.shape == (2, 1 + (samples - 1024) // 256, filters.shape[1])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_silence_has_no_power() -> None:
    plain = BandPower(torch.hann_window(1024), FILTERS["kaldi"], hop=320)
    assert torch.equal(QuickBandPower(plain)(torch.zeros(1, 4000)), torch.zeros(1, 10, 128))


def test_a_recording_that_was_given_is_left_as_it_was() -> None:
    plain = BandPower(torch.hann_window(1024), FILTERS["kaldi"], hop=320)
    sound = torch.randn(1, 4000)
    before = sound.clone()
    QuickBandPower(plain)(sound)
    assert torch.equal(sound, before)

import math

import pytest
import torch

from injerto.backbones.kaldi_mel import FLOOR, PRE_EMPHASIS, KaldiMel, kaldi_triangles


def mel() -> KaldiMel:
    return KaldiMel(rate_hz=32_000, window=800, transform=1024, hop=320, bands=128, high_hz=15_000)


def test_triangles_by_hand() -> None:
    """Two bands up to 4 kHz: 2146.0 mel of 1127 ln(1 + f / 700) in three equal steps; lines are straight in mels."""
    step = 1127 * math.log(1 + 4000 / 700) / 3
    heights = []
    for hz in (0, 1000, 2000, 3000):
        place = 1127 * math.log(1 + hz / 700) / step
        heights.append([max(0.0, 1 - abs(place - 1)), max(0.0, 1 - abs(place - 2))])
    filters = kaldi_triangles(8000, 8, 2, 4000.0)
    torch.testing.assert_close(filters, torch.tensor([*heights, [0.0, 0.0]]))


def test_silence_stands_on_the_floor() -> None:
    frames = mel()(torch.zeros(1, 32_000))
    assert frames.shape == (1, 128, 100)
    torch.testing.assert_close(frames, torch.full_like(frames, math.log(FLOOR)))


def test_one_frame_by_hand() -> None:
    """A frame in the middle, its transform written out as sums of cosines and sines."""
    samples = torch.randn(1, 4000, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 0.1
    net = mel().double()
    emphasised = samples[0, 1:] - PRE_EMPHASIS * samples[0, :-1]
    start = 6 * 320 - 512
    windowed = emphasised[start + 112 : start + 912] * torch.hann_window(800, periodic=False).double()
    angle = 2 * math.pi * torch.arange(513, dtype=torch.float64)[:, None] * torch.arange(112, 912) / 1024
    power = (windowed * angle.cos()).sum(dim=1).square() + (windowed * angle.sin()).sum(dim=1).square()
    expected = (power @ net.power.filters + FLOOR).log()
    torch.testing.assert_close(net(samples)[0, :, 6], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("hz", [700.0, 3_000.0, 9_000.0])
def test_a_tone_is_loudest_in_its_band(hz: float) -> None:
    tone = torch.sin(2 * math.pi * hz * torch.arange(32_000) / 32_000)[None]
    expected = 129 * math.log(1 + hz / 700) / math.log(1 + 15_000 / 700) - 1
    assert abs(float(mel()(tone)[0, :, 50].argmax()) - expected) <= 1

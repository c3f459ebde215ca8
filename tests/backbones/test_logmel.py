import math

import pytest
import torch

from injerto.backbones.logmel import PowerMel, triangles


def test_triangles_are_means() -> None:
    filters = triangles(44_100, 2048, 96, 0.0, 22_050.0)
    assert filters.shape == (1025, 96)
    assert (filters >= 0).all()
    torch.testing.assert_close(filters.sum(dim=0), torch.ones(96))


def test_triangle_by_hand() -> None:
    """Two bands from 0 to 4000 Hz: 2146.06 mel in three equal steps, so edges at 621, 1791 and 4000 Hz."""
    step = 2595 * math.log10(1 + 4000 / 700) / 3
    edges = [700 * (10 ** (step * k / 2595) - 1) for k in range(4)]
    assert [round(edge) for edge in edges] == [0, 621, 1791, 4000]
    bins = [0, 1000, 2000, 3000, 4000]  # window 8 at 8 kHz
    first = [max(0.0, min(hz / edges[1], (edges[2] - hz) / (edges[2] - edges[1]))) for hz in bins]
    expected = torch.tensor(first) / sum(first)
    torch.testing.assert_close(triangles(8000, 8, 2, 0.0, 4000.0)[:, 0], expected)


@pytest.mark.parametrize("hz", [440.0, 3_000.0, 9_000.0])
def test_a_tone_is_loudest_in_its_band(hz: float) -> None:
    mel = PowerMel(rate_hz=32_000, window=1024, hop=320, bands=64, low_hz=0.0, high_hz=16_000.0)
    tone = torch.sin(2 * math.pi * hz * torch.arange(32_000) / 32_000)[None]
    power = mel(tone)
    assert power.shape == (1, 101, 64)
    mel_per_band = 2595 * math.log10(1 + 16_000 / 700) / 65
    expected = 2595 * math.log10(1 + hz / 700) / mel_per_band - 1  # the band whose peak is nearest
    assert abs(float(power[0, 50].argmax()) - expected) <= 1


def test_twice_as_loud_is_four_times_the_power() -> None:
    mel = PowerMel(rate_hz=8000, window=256, hop=128, bands=16, low_hz=0.0, high_hz=4000.0)
    noise = torch.randn(2, 4000, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(mel(2 * noise), 4 * mel(noise))

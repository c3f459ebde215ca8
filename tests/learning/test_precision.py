"""Half the bits: layers of files alone have them, and a run's losses stay near."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from injerto.backbones.band_power import BandPower
from injerto.backbones.batch_norm import BatchNorm2d
from injerto.backbones.conv_norm import ConvNorm, keep_bits
from injerto.learning import loop
from injerto.precision import all_bits, half_bits, of_files
from made_learners import LEARNERS, losses_of


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["photos, several targets", "sounds from nothing", "every column", "points by heat map", "individuals", "loose marks"],
)
def test_losses_stay_near_with_half_the_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """With the processor's bfloat16 and its rules; `test_device.py` has those of a GPU."""
    whole = losses_of(LEARNERS[name](tmp_path / "whole").go())
    monkeypatch.setattr(loop, "half_bits_on", lambda device: "cpu")
    half = losses_of(LEARNERS[name](tmp_path / "half").go())
    assert not torch.equal(half, whole)
    torch.testing.assert_close(half, whole, rtol=5e-2, atol=0)


def product(left: Tensor) -> torch.dtype:
    return (left @ left).dtype


def test_products_have_half_the_bits_in_layers_of_files_only() -> None:
    square = torch.ones(2, 2)
    with half_bits("cpu"):
        assert product(square) == torch.float32
        with of_files():
            assert product(square) == torch.bfloat16
            with all_bits():
                assert product(square) == torch.float32
        with half_bits(None), of_files():
            assert product(square) == torch.float32
    with of_files():
        assert product(square) == torch.float32


def test_a_mistake_within_ends_it() -> None:
    with pytest.raises(KeyError), half_bits("cpu"):
        raise KeyError
    with of_files():
        assert product(torch.ones(2, 2)) == torch.float32


def seen(module: nn.Module, x: Tensor) -> Tensor:
    with half_bits("cpu"), of_files():
        output: Tensor = module(x)
    return output


def test_layers_that_are_to_keep_all_bits_do() -> None:
    torch.manual_seed(0)
    short, whole = (ConvNorm(2, 3, 3, activation="relu", epsilon=1e-3).eval() for _ in range(2))
    keep_bits(whole)
    picture = torch.randn(1, 2, 5, 5)
    assert seen(short, picture).dtype == torch.bfloat16
    assert torch.equal(seen(whole, picture), whole(picture))
    assert torch.equal(seen(whole, picture.bfloat16()), whole(picture.bfloat16().float()))


def test_power_in_bands_keeps_all_bits() -> None:
    torch.manual_seed(0)
    power, samples = BandPower(torch.hann_window(16), torch.rand(9, 4), 8), torch.randn(1, 64)
    assert torch.equal(seen(power, samples), power(samples))


def test_statistics_keep_all_bits() -> None:
    norm = BatchNorm2d(2)
    batch = torch.randn(4, 2, 3, 3) + 10
    output = seen(norm, batch.bfloat16())
    assert output.dtype == torch.bfloat16
    assert norm.running_mean is not None and norm.running_mean.dtype == torch.float32
    torch.testing.assert_close(norm.running_mean, 0.1 * batch.bfloat16().float().mean(dim=(0, 2, 3)))

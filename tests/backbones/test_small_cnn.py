"""The network that starts from nothing: one look at a varied picture while it learns, the mean of three looks afterwards."""

from __future__ import annotations

import torch

from injerto.backbones.networks import build
from injerto.backbones.small_cnn import RANGE_DECIBEL, STRETCHES, SmallCnn
from injerto.backbones.warp import stretched


def small() -> tuple[SmallCnn, torch.Tensor, torch.Tensor]:
    """A network, two sounds, and their pictures in decibel below the loudest moment."""
    torch.manual_seed(0)
    network = build("small_cnn")
    assert isinstance(network, SmallCnn)
    sounds = 0.1 * torch.randn(2, 16_000)
    decibel = 10 * torch.log10(network.mel(sounds).clamp(min=1e-10)).transpose(1, 2)
    return network, sounds, (decibel - decibel.amax(dim=(1, 2), keepdim=True)).clamp(min=-RANGE_DECIBEL)


@torch.no_grad()
def test_what_is_heard_is_the_mean_of_three_throats() -> None:
    network, sounds, picture = small()
    network.eval()
    wanted = sum(network.places(stretched(picture, one) / RANGE_DECIBEL * 2 + 1) for one in STRETCHES) / len(STRETCHES)
    torch.testing.assert_close(network.map(sounds), wanted, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_while_it_learns_it_looks_once() -> None:
    network, sounds, picture = small()
    network.train()
    torch.testing.assert_close(network.map(sounds), network.places(picture / RANGE_DECIBEL * 2 + 1), rtol=1e-4, atol=1e-5)

"""Networks of sounds along time: when their places are, and means around a moment."""

from __future__ import annotations

import pytest
import torch

from injerto.backbones.along import WIDTHS_S, Along, Ear, means_around
from injerto.backbones.catalogue import CATALOGUE
from injerto.backbones.networks import build

SOUNDS = [name for name, entry in CATALOGUE.items() if entry.kind == "sound"]


def ear(name: str) -> Ear:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Ear(build(name), CATALOGUE[name].resolution)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_pause_is_heard_at_the_place_whose_middle_it_is_at(name: str) -> None:
    one = ear(name)
    noise = 0.1 * torch.randn(1, 9 * one.pace.hop, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        before = one.backbone.map(noise)
        places = before.shape[3]
        place = places // 2
        middle = round(float(one.middles_s(places)[place]) * one.rate_hz)
        paused = noise.clone()
        paused[:, middle - one.pace.hop // 2 : middle + one.pace.hop // 2] = 0
        change = (one.backbone.map(paused) - before).abs().mean(dim=(0, 1, 2))
    around = change[place - 2 : place + 3]
    heart = float((around * torch.arange(-2, 3)).sum() / around.sum())
    assert abs(heart) < 0.4


@pytest.mark.parametrize("name", SOUNDS)
def test_the_places_of_a_map_end_where_the_sound_does(name: str) -> None:
    one = ear(name)
    with torch.inference_mode():
        places = one.backbone.map(torch.zeros(1, 11 * one.pace.hop)).shape[3]
    assert 9 * one.hop_s <= float(one.middles_s(places)[-1]) <= 11 * one.hop_s


def test_a_photo_network_has_no_time() -> None:
    with pytest.raises(TypeError, match="efficientnet_lite0 is no network of sounds"):
        _ = Ear(build("efficientnet_lite0"), 224).hop_s


def test_means_count_a_place_by_how_long_it_lies_within() -> None:
    weights = means_around(torch.tensor([0.0, 1.5]), torch.tensor([0.0, 1.0, 2.0]), hop_s=1.0, width_s=1.0)
    assert weights.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]


def test_a_moment_beyond_all_places_takes_the_nearest() -> None:
    assert means_around(torch.tensor([9.0]), torch.tensor([0.0, 1.0]), hop_s=1.0, width_s=1.0).tolist() == [[0.0, 1.0]]


def test_two_networks_stand_side_by_side_on_the_moments_of_the_finer() -> None:
    along = Along({"small": ear("small_cnn"), "large": ear("mn04")}, seconds=5.01)
    assert along.hop_s == 0.08
    assert along.seconds == pytest.approx(5.04)
    raw = {key: torch.randn(2, along.samples(key)) for key in along.ears}
    channels = along.channels(raw)
    assert channels.shape[:3] == (2, along.width, 1)
    assert along.width == len(WIDTHS_S) * (256 + 768)
    assert channels.shape[3] == along.ears["small"].backbone.map(raw["small"]).shape[3]

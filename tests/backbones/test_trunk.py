"""Stages that learn on photos of one's own: which, with what statistics, and of which networks."""

import pytest
import torch

from injerto.backbones.learning_stages import LearningStages
from injerto.backbones.networks import build
from injerto.backbones.trunk import STRIDES, Trunk
from injerto.errors import BackboneError


class ThreeStages(LearningStages):
    frozen_stages = 2
    wanted = "count rings"


@pytest.fixture
def trunk(one_thread: None) -> Trunk:
    torch.manual_seed(0)
    return Trunk(build("efficientnet_lite0"), "fine")


def test_a_map_has_a_place_for_every_sixteen_pixels(trunk: Trunk) -> None:
    found = trunk(torch.randint(0, 255, (2, 3, 64, 64), dtype=torch.uint8))
    assert found.shape == (2, trunk.width, 64 // STRIDES["fine"], 64 // STRIDES["fine"])
    assert trunk.width == 80


def test_maps_are_those_of_the_network_itself(one_thread: None) -> None:
    network = build("efficientnet_lite0")
    raw = torch.randint(0, 255, (1, 3, 32, 32), dtype=torch.uint8)
    first = network.stages()[0]((raw.float() - network.mean) / network.std)
    second = network.stages()[1](first)
    stages = ThreeStages(network, 2).eval()
    assert len(stages.stages()) == 3
    for found, wanted in zip(stages.maps(raw, [0, 1]), [first, second], strict=True):
        torch.testing.assert_close(found, wanted)


def test_the_first_stages_stay_as_they_are(trunk: Trunk) -> None:
    trunk.learn(True)
    learning = [any(one.requires_grad for one in part.parameters()) for part in trunk.parts]
    assert learning == [False, False, False, True, True]
    trunk.learn(False)
    assert not any(one.requires_grad for one in trunk.parameters())


def test_a_trunk_keeps_its_statistics_while_it_learns(trunk: Trunk) -> None:
    trunk.train()
    trunk.learn(True)
    before = {name: value.clone() for name, value in trunk.named_buffers()}
    trunk(torch.randint(0, 255, (2, 3, 32, 32), dtype=torch.uint8)).sum().backward()
    assert not any(part.training for part in trunk.modules())
    assert all(torch.equal(value, before[name]) for name, value in trunk.named_buffers())


def test_other_stages_learn_with_the_statistics_of_their_batches(one_thread: None) -> None:
    stages = ThreeStages(build("efficientnet_lite0"), 2)
    stages.learn(True)
    assert [part.training for part in stages.parts] == [False, False, True]


@pytest.mark.parametrize("name", ["small_cnn", "logmel_lite0"])
def test_other_networks_are_refused(name: str) -> None:
    with pytest.raises(BackboneError, match=f"'{name}' cannot tell individuals apart.*Choose an EfficientNet-Lite"):
        Trunk(build(name), "fine")
    with pytest.raises(BackboneError, match=f"'{name}' cannot count rings"):
        ThreeStages(build(name), 2)


def test_a_coarse_map_has_a_place_for_every_thirty_two_pixels(one_thread: None) -> None:
    coarse = Trunk(build("efficientnet_lite0"), "coarse").eval()
    assert coarse(torch.randint(0, 255, (1, 3, 64, 64), dtype=torch.uint8)).shape == (1, 320, 2, 2)
    assert coarse.width == 320

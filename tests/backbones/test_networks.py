"""What every backbone of the catalogue promises, with random weights; real weights are in tests/real."""

import pytest
import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import CATALOGUE, Entry
from injerto.backbones.networks import build
from injerto.backbones.pooling import POOLINGS

pytestmark = pytest.mark.usefixtures("one_thread")


def raw_of(entry: Entry, count: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    if entry.kind == "image":
        return torch.randint(0, 256, (count, 3, 40, 33), generator=generator, dtype=torch.uint8)
    return torch.randn(count, round(1.2 * entry.resolution), generator=generator) * 0.1


@pytest.fixture(scope="module", params=CATALOGUE.values(), ids=CATALOGUE)
def pair(request: pytest.FixtureRequest) -> tuple[Entry, Backbone]:
    torch.manual_seed(0)
    return request.param, build(request.param.name)


@torch.no_grad()
def test_vector_is_the_map_pooled(pair: tuple[Entry, Backbone]) -> None:
    entry, backbone = pair
    raw = raw_of(entry)
    features, vector = backbone.map(raw), backbone.vector(raw)
    assert features.ndim == 4
    assert features.shape[:2] == vector.shape == (2, entry.width)
    assert backbone.width == entry.width
    assert backbone.pooling == entry.pooling
    assert torch.equal(POOLINGS[entry.pooling](features.float()), vector)
    assert torch.equal(backbone.pool(features), vector)
    assert torch.equal(backbone(raw), vector)
    assert vector.dtype == torch.float32


def test_stages_hold_every_parameter_once(pair: tuple[Entry, Backbone]) -> None:
    _, backbone = pair
    listed = [id(parameter) for stage in backbone.stages() for parameter in stage.parameters()]
    assert len(listed) == len(set(listed))
    assert set(listed) == {id(parameter) for parameter in backbone.parameters()}
    assert len(backbone.stages()) >= 4


def test_stages_go_from_input_to_output(pair: tuple[Entry, Backbone]) -> None:
    entry, backbone = pair
    seen: list[int] = []
    handles = [
        stage.register_forward_hook(lambda *_, depth=depth: seen.append(depth)) for depth, stage in enumerate(backbone.stages())
    ]
    with torch.no_grad():
        backbone.vector(raw_of(entry, count=1))
    for handle in handles:
        handle.remove()
    assert seen == list(range(len(backbone.stages())))


@torch.no_grad()
def test_rows_do_not_see_each_other(pair: tuple[Entry, Backbone]) -> None:
    entry, backbone = pair
    raw = raw_of(entry)
    assert not any(module.training for module in backbone.modules())
    torch.testing.assert_close(backbone.vector(raw)[:1], backbone.vector(raw[:1]), rtol=1e-4, atol=1e-6)


def test_gradients_reach_the_first_stage(pair: tuple[Entry, Backbone]) -> None:
    entry, backbone = pair
    backbone.vector(raw_of(entry)).square().sum().backward()
    first = next(module for module in backbone.stages()[0].modules() if isinstance(module, nn.Conv2d))
    assert first.weight.grad is not None
    assert first.weight.grad.abs().sum() > 0
    backbone.zero_grad()


def test_a_silent_or_black_file_has_a_vector_and_slopes(pair: tuple[Entry, Backbone]) -> None:
    """Where a map is all zero, a root without care would have an infinite slope."""
    entry, backbone = pair
    vector = backbone.vector(torch.zeros_like(raw_of(entry)))
    assert vector.isfinite().all()
    vector.square().sum().backward()
    slopes = [parameter.grad for parameter in backbone.parameters() if parameter.grad is not None]
    assert slopes
    assert all(slope.isfinite().all() for slope in slopes)
    backbone.zero_grad()


@torch.no_grad()
def test_a_stretch_of_the_map_is_pooled_like_a_whole_one(pair: tuple[Entry, Backbone]) -> None:
    _, backbone = pair
    places = torch.randn(2, backbone.width, 1, 7, generator=torch.Generator().manual_seed(2))
    alone = POOLINGS[backbone.pooling](places[:, :, :, 2:5])
    assert torch.equal(backbone.pool(places[:, :, :, 2:5]), alone)
    assert backbone.pool(places[:, :, :, 2:3]).shape == (2, backbone.width)


def _named(backbone: Backbone) -> list[str]:
    return [f".{key}" for key in backbone.state_dict()]


def test_state_holds_weights_only(pair: tuple[Entry, Backbone]) -> None:
    """Normalisation and filters are facts of the catalogue; in the state they could drift from it."""
    _, backbone = pair
    assert all(key.rsplit(".", 2)[-2] in ("conv", "norm", "narrow", "widen", "tint", "own") for key in _named(backbone))

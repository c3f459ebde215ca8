"""Every backbone of sounds computes fast what it computes plainly, whatever the length of the sound."""

import pytest
import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.backbones.band_power import BandPower
from injerto.backbones.bits import quickest
from injerto.backbones.catalogue import CATALOGUE
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.front_end import FrontEnd, without_front_end
from injerto.backbones.networks import build
from injerto.backbones.quicken import FoldedConv, half_is_native, quicken

pytestmark = pytest.mark.usefixtures("one_thread")

SOUNDS = [name for name, entry in CATALOGUE.items() if entry.kind == "sound"]


def sounds(rate_hz: int) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    lengths = {"odd": round(1.1 * rate_hz) + 1, "shorter than a window": 100, "one sample": 1}
    noise = {name: torch.randn(2, length, generator=generator) * 0.1 for name, length in lengths.items()}
    return {
        **noise,
        "silence": torch.zeros(1, rate_hz // 2),
        "loud after silence": torch.cat([torch.zeros(2, 5_000), noise["odd"]], 1),
    }


@pytest.fixture(scope="module", params=SOUNDS)
def backbone(request: pytest.FixtureRequest) -> Backbone:
    """Batch-norm statistics from noise, so that the features are not all zero."""
    torch.manual_seed(0)
    network = build(request.param)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = None
    with torch.no_grad():
        network.train().vector(torch.randn(4, CATALOGUE[request.param].resolution) * 0.1)
    return network.eval()


@pytest.mark.parametrize("fused", [True, False])
@torch.inference_mode()
def test_map_and_vector_are_the_plain_ones(backbone: Backbone, fused: bool) -> None:
    quick = quicken(backbone, torch.float32, fused=fused)
    for name, raw in sounds(CATALOGUE[backbone.name].resolution).items():
        for found, expected in ((quick.map(raw), backbone.map(raw)), (quick.vector(raw), backbone.vector(raw))):
            scale = float(expected.abs().max())
            torch.testing.assert_close(
                found.float(), expected, rtol=1e-3, atol=2e-4 * scale, msg=lambda text, n=name: f"{n}: {text}"
            )


@torch.inference_mode()
def test_one_row_is_the_same_alone(backbone: Backbone) -> None:
    quick, raw = quicken(backbone, torch.float32, fused=True), sounds(CATALOGUE[backbone.name].resolution)["odd"]
    torch.testing.assert_close(quick.vector(raw)[:1], quick.vector(raw[:1]), rtol=1e-3, atol=1e-4)


@torch.inference_mode()
def test_the_quickest_copy_takes_any_batch(backbone: Backbone) -> None:
    quick, raw = quickest(backbone), sounds(CATALOGUE[backbone.name].resolution)["odd"]
    for batch in (raw[:1], raw, raw.repeat(2, 1)):
        assert quick.vector(batch).shape == (len(batch), backbone.width)
        assert quick.map(batch).isfinite().all()


@torch.inference_mode()
def test_without_its_front_end_a_network_takes_pictures(backbone: Backbone) -> None:
    raw = sounds(CATALOGUE[backbone.name].resolution)["odd"]
    heard, rest = without_front_end(quicken(backbone, torch.float32, fused=True))
    assert not any(isinstance(part, FrontEnd | BandPower) for part in rest.modules())
    torch.testing.assert_close(rest.vector(heard(raw)), quicken(backbone, torch.float32, fused=True).vector(raw))


def test_a_network_of_photos_has_no_front_end() -> None:
    photos, raw = build("efficientnet_lite0"), torch.zeros(1, 3, 8, 8)
    heard, rest = without_front_end(photos)
    assert rest is photos
    assert heard(raw) is raw


def test_first_layers_keep_all_bits() -> None:
    quick = quicken(build("mn04"), torch.bfloat16, fused=False)
    kinds = [part.conv.weight.dtype for part in quick.modules() if isinstance(part, FoldedConv)]
    kept = [part for part in build("mn04").modules() if isinstance(part, ConvNorm) and part.all_bits]
    assert len(kept) == 3
    assert kinds == [torch.float32] * 3 + [torch.bfloat16] * (len(kinds) - 3)


@pytest.mark.skipif(not half_is_native(), reason="this processor would emulate bfloat16")
@torch.inference_mode()
def test_silence_stays_finite_in_half_the_bits(backbone: Backbone) -> None:
    assert quickest(backbone).vector(torch.zeros(2, 8_000)).isfinite().all()

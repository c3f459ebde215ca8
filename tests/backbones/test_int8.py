import pytest
import torch
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.bits import best_bits, in_bits
from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.efficientnet_lite import InvertedResidual
from injerto.backbones.int8 import RELU6_STEP, EmulatedResidual, Inputs, NarrowConv, NarrowResidual, int8_works, narrow
from injerto.backbones.networks import build
from injerto.backbones.quicken import fused_works

pytestmark = pytest.mark.skipif(not int8_works(), reason="this torch or processor lacks oneDNN's 8-bit operators")
NO_MEAN = torch.zeros(1, dtype=torch.float64)


def unit(weight: list[float], bias: float, activation: str = "none") -> ConvNorm:
    """A 1x1 convolution to one channel whose batch-norm only adds `bias`."""
    made = ConvNorm(len(weight), 1, 1, activation=activation, epsilon=0.0).eval()  # type: ignore[arg-type]
    made.conv.weight.data = torch.tensor(weight).reshape(1, -1, 1, 1)
    made.norm.bias.data = torch.tensor([bias])
    return made


def told() -> Backbone:
    """A backbone whose values are what its batch-norms say, as after training: one pass in training mode at full speed."""
    torch.manual_seed(0)
    backbone = build("efficientnet_lite0")
    for part in backbone.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.momentum = 1.0
            torch.nn.init.uniform_(part.bias, -0.5, 1.5)
    backbone.train()
    with torch.no_grad():
        backbone.vector(pictures(8))
    return backbone.eval()


def pictures(count: int, height: int = 64, width: int = 64) -> torch.Tensor:
    """Blots of several sizes and colours."""
    generator = torch.Generator().manual_seed(1)
    coarse = torch.rand(count, 3, 7, 7, generator=generator)
    raw = 255 * functional.interpolate(coarse, (height, width), mode="bicubic").clamp(0, 1)
    return raw.to(torch.uint8).contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def test_a_sum_by_hand() -> None:
    # Weights -0.63 and 0.315 in steps of 0.01; values (40 - 10) and (20 - 10) steps of 0.1: -0.63 * 3 + 0.32 * 1 + 2.
    # 0.315 is 31.5 steps and rounds to the even 32.
    x = torch.tensor([40, 20], dtype=torch.uint8).reshape(1, 2, 1, 1)
    conv = NarrowConv(unit([-0.63, 0.315], 2.0), torch.zeros(2, dtype=torch.float64), 0.1, 10)
    assert conv.weight.flatten().tolist() == [-63, 32]
    assert conv(x).item() == pytest.approx(-1.89 + 0.32 + 2.0, abs=1e-4)


@torch.inference_mode()
def test_a_relu6_answers_in_steps() -> None:
    x = torch.tensor([[0], [100], [255]], dtype=torch.uint8).reshape(3, 1, 1, 1)
    conv = NarrowConv(unit([1.0], -1.0, "relu6"), NO_MEAN, 0.05, 0)
    assert conv(x).flatten().tolist() == [0, round(4.0 / RELU6_STEP), 255]  # 0 - 1 is below zero, 12.75 - 1 above six


@torch.inference_mode()
def test_sums_do_not_overflow_sixteen_bits() -> None:
    """Without VNNI two products are added up in 16 bits: the greatest values and weights must still fit."""
    conv = NarrowConv(unit([1.0] * 64, 0.0), torch.zeros(64, dtype=torch.float64), 1.0, 0)
    x = torch.full((1, 64, 4, 4), 255, dtype=torch.uint8).contiguous(memory_format=torch.channels_last)
    assert conv(x).flatten().tolist() == pytest.approx([64 * 255.0] * 16, rel=1e-5)


def test_rounding_does_not_shift_the_mean() -> None:
    """At the mean of its inputs a convolution answers as before, though each weight is rounded."""
    torch.manual_seed(0)
    for groups in (1, 8):
        plain = ConvNorm(8, 8, 1, groups=groups, activation="none", epsilon=0.0).eval()
        mean = torch.linspace(0.5, 4.0, 8).double()
        conv = NarrowConv(plain, mean, RELU6_STEP, 0)
        rounded = conv.weight.float() * conv.scale[:, None, None, None]
        at_mean = functional.conv2d(mean.float().reshape(1, 8, 1, 1), rounded, conv.bias, groups=groups)
        expected = plain(mean.float().reshape(1, 8, 1, 1))
        torch.testing.assert_close(at_mean, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [(16, 16), (15, 15), (13, 16)])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (5, 2)])
@torch.inference_mode()
def test_emulation_computes_the_same(size: tuple[int, int], kernel: int, stride: int) -> None:
    torch.manual_seed(0)
    block = InvertedResidual(8, 8, 6, kernel, stride).eval()
    steps = NarrowResidual(block, Inputs(torch.zeros(8).double(), -4.0, 4.0))
    x = torch.randn(2, 8, *size).contiguous(memory_format=torch.channels_last)
    narrowed, emulated, plain = steps(x), EmulatedResidual(steps)(x), block(x)
    assert narrowed.shape == plain.shape
    assert (narrowed - emulated).abs().max() < 0.02  # a value exactly between two steps may go either way
    assert functional.cosine_similarity(narrowed.flatten(), plain.flatten(), dim=0) > 0.99


@torch.inference_mode()
def test_a_quarter_of_the_bits_keeps_the_direction() -> None:
    backbone, raw = told(), pictures(8)
    vectors = narrow(backbone, emulated=False, fused=fused_works()).vector(raw)
    assert functional.cosine_similarity(vectors, backbone.vector(raw)).min() > 0.98


@torch.inference_mode()
def test_a_photo_alone_and_among_others() -> None:
    quick, raw = narrow(told(), emulated=False, fused=fused_works()), pictures(4)
    together = quick.vector(raw)
    assert all(torch.equal(quick.vector(raw[row : row + 1])[0], together[row]) for row in range(4))


def test_all_blocks_are_narrow_and_the_original_is_left_alone() -> None:
    backbone = build("efficientnet_lite0")
    before = {key: tensor.clone() for key, tensor in backbone.state_dict().items()}
    quick = narrow(backbone, emulated=False, fused=False)
    kinds = [type(part) for part in quick.modules()]
    assert kinds.count(NarrowResidual) == 16
    assert InvertedResidual not in kinds
    assert all(torch.equal(tensor, before[key]) for key, tensor in backbone.state_dict().items())


def test_a_plain_block_after_signed_values_stays_as_it_is() -> None:
    """Its depthwise convolution pads with zeros, which are no step of such values."""
    chain = torch.nn.Sequential(ConvNorm(3, 8, 1, activation="none", epsilon=1e-3), InvertedResidual(8, 8, 1, 3, 1)).eval()
    assert not any(isinstance(part, NarrowResidual) for part in narrow(chain, emulated=False, fused=False).modules())


def test_float32_where_the_operators_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "DEFAULT")
    monkeypatch.setattr("injerto.backbones.bits.half_is_native", lambda: False)
    for known in (int8_works, best_bits):
        known.cache_clear()
    assert best_bits() == "float32"
    for known in (int8_works, best_bits):
        known.cache_clear()


def test_each_number_of_bits_makes_a_copy() -> None:
    backbone = build("efficientnet_lite0")
    assert any(isinstance(part, NarrowResidual) for part in in_bits(backbone, "int8", fused=False).modules())
    assert in_bits(backbone, "bfloat16", fused=False).stem.conv.weight.dtype == torch.bfloat16
    assert in_bits(backbone, "float32", fused=False).stem.conv.weight.dtype == torch.float32

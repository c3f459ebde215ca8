import pytest
import torch
from torch import nn
from torch.nn import functional

from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.networks import build
from injerto.backbones.quicken import fused_works, half_is_native, quicken

WAYS = [False, pytest.param(True, marks=pytest.mark.skipif(not fused_works(), reason="this torch lacks oneDNN's operators"))]


class Chain(nn.Module):
    """Every case a convolution of the catalogue can be: stem, depthwise, strided, added to its input."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, 16, 3, stride=2, activation="relu6", epsilon=1e-3)
        self.wide = ConvNorm(16, 32, 1, activation="relu", epsilon=1e-3)
        self.around = ConvNorm(32, 32, 5, stride=2, groups=32, activation="relu6", epsilon=1e-3)
        self.narrow = ConvNorm(32, 32, 1, activation="none", epsilon=1e-3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.around(self.wide(self.stem(x)))
        return self.narrow(x, x)


def lived_in(module: nn.Module) -> nn.Module:
    """Batch-norm statistics as after training: none of them zero or one."""
    torch.manual_seed(0)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            for tensor in (part.weight, part.bias, part.running_mean, part.running_var):
                nn.init.uniform_(tensor, 0.5, 1.5)
    return module.eval()


@pytest.mark.parametrize("fused", WAYS)
@pytest.mark.parametrize("size", [(32, 32), (33, 33), (30, 41), (7, 64)])
@torch.inference_mode()
def test_equals_the_plain_network(fused: bool, size: tuple[int, int]) -> None:
    chain = lived_in(Chain())
    raw = torch.randn(2, 3, *size).contiguous(memory_format=torch.channels_last)
    quick = quicken(chain, torch.float32, fused=fused)
    torch.testing.assert_close(quick(raw), chain(raw), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(quick(raw), chain(raw), rtol=1e-4, atol=1e-4)  # again: nothing was changed in place


@pytest.mark.parametrize("fused", WAYS)
@torch.inference_mode()
def test_one_quick_copy_serves_several_sizes(fused: bool) -> None:
    chain = lived_in(Chain())
    quick = quicken(chain, torch.float32, fused=fused)
    for size in (32, 40, 32):
        raw = torch.randn(1, 3, size, size)
        torch.testing.assert_close(quick(raw), chain(raw), rtol=1e-4, atol=1e-4)


def test_the_original_is_left_alone() -> None:
    chain = lived_in(Chain())
    before = {key: tensor.clone() for key, tensor in chain.state_dict().items()}
    quick = quicken(chain, torch.bfloat16, fused=False)
    assert all(torch.equal(tensor, before[key]) for key, tensor in chain.state_dict().items())
    assert all(parameter.requires_grad for parameter in chain.parameters())
    assert not any(parameter.requires_grad for parameter in quick.parameters())


@pytest.mark.skipif(not half_is_native(), reason="this processor would emulate bfloat16")
@pytest.mark.parametrize("fused", WAYS)
@torch.inference_mode()
def test_half_the_bits_keep_the_direction(fused: bool) -> None:
    backbone = build("efficientnet_lite0")
    lived_in(backbone)
    raw = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    quick = quicken(backbone, torch.bfloat16, fused=fused)
    assert functional.cosine_similarity(quick.vector(raw), backbone.vector(raw)).min() > 0.99

import math

import pytest
import torch

from injerto.backbones.conv_norm import ConvNorm
from injerto.backbones.moments import Moments


def moments(mean: list[float], variance: list[float]) -> Moments:
    return Moments(torch.tensor(mean, dtype=torch.float64), torch.tensor(variance, dtype=torch.float64))


def test_read_off_batch_norm() -> None:
    unit = ConvNorm(1, 2, 1, activation="relu6", epsilon=1e-3)
    unit.norm.weight.data = torch.tensor([-2.0, 0.5])
    unit.norm.bias.data = torch.tensor([1.0, 3.0])
    found = Moments.normed(unit)
    assert found.mean.tolist() == [1.0, 3.0]
    assert found.variance.tolist() == [4.0, 0.25]


def test_means_after_a_relu6_by_hand() -> None:
    # A standard normal cut at 0 keeps its density at 0; far above 6 everything is 6, far below 0 everything is 0; in the
    # middle, at 3 with a spread of 1, both cuts take as much; without any spread a value is itself.
    found = moments([0.0, 100.0, -100.0, 3.0, 2.0], [1.0, 1.0, 1.0, 1.0, 0.0]).relu6_mean()
    assert found.tolist() == pytest.approx([1 / math.sqrt(2 * math.pi), 6.0, 0.0, 3.0, 2.0], abs=1e-6)


def test_means_after_a_relu6_against_draws() -> None:
    draws = torch.randn(400_000, generator=torch.Generator().manual_seed(0)).double()
    found = moments([1.0, 4.0, -2.0], [9.0, 4.0, 1.0]).relu6_mean()
    drawn = [(mean + spread * draws).clamp(0, 6).mean().item() for mean, spread in ((1, 3), (4, 2), (-2, 1))]
    assert found.tolist() == pytest.approx(drawn, abs=0.01)


def test_span_and_sum() -> None:
    joined = moments([1.0, -1.0], [4.0, 1.0]).plus(moments([0.5, 0.0], [5.0, 3.0]))
    assert joined.mean.tolist() == [1.5, -1.0]
    assert joined.variance.tolist() == [9.0, 4.0]
    assert joined.span(2.0) == (-5.0, 7.5)
    assert moments([10.0], [1.0]).span(2.0) == (0.0, 12.0)  # zero is within, so that padding is exact

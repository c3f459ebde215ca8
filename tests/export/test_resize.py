import numpy as np
import pytest
import torch

from injerto.export.resize import squeezed, whole_weights
from injerto.features.image import squeezed as by_torch


@pytest.mark.parametrize("side", [32, 224])
@pytest.mark.parametrize("length", [2, 31, 32, 100, 224, 331, 900])
def test_the_very_same_levels_as_torch(side: int, length: int):
    pixels = torch.from_numpy(np.random.default_rng(length).integers(0, 256, (length, length, 3), dtype=np.uint8))
    assert torch.equal(squeezed(pixels.permute(2, 0, 1), side)[0], by_torch(pixels, side))


def test_weights_by_hand():
    """Four pixels to two: the middle of the first is 1, it reaches from 0 to 3, its weights are 0.75, 0.75, 0.25 of 1.75."""
    weights, unit = whole_weights(4, 2)
    assert (weights / unit).round(decimals=3).tolist() == [[0.429, 0.429, 0.143, 0.0], [0.0, 0.143, 0.429, 0.429]]

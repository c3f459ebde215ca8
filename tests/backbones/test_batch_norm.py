"""Batch-norm: alone torch's own, to the bit. What it is of a shared batch stands in `test_together.py`."""

from __future__ import annotations

import torch
from torch import nn

from injerto.backbones.batch_norm import BatchNorm2d


def test_alone_it_is_torchs() -> None:
    torch.manual_seed(0)
    batch = torch.randn(5, 3, 4, 4)
    for training in (True, False):
        own, torchs = BatchNorm2d(3, eps=1e-3).train(training), nn.BatchNorm2d(3, eps=1e-3).train(training)
        assert torch.equal(own(batch), torchs(batch))
        assert all(torch.equal(value, own.state_dict()[key]) for key, value in torchs.state_dict().items())

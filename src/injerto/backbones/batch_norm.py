"""Batch-norm over the whole batch, also where several processes hold a part of it each."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from injerto.draws import whole
from injerto.together import sharing, summed, total


class BatchNorm2d(nn.BatchNorm2d):
    """As torch's. Of a shared batch, mean and variance are those of all its rows; torch's SyncBatchNorm wants a GPU.

    *Source*: Ioffe & Szegedy, Batch Normalization, ICML 2015, algorithm 1.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(B,C,H,W) to the same shape."""
        if not (self.training and sharing()):
            output: Tensor = super().forward(x)
            return output
        places, full = x.shape[2] * x.shape[3], x.float()
        count = total(torch.tensor(len(x) * places, dtype=full.dtype, device=x.device))
        mean = summed(full.sum(dim=(0, 2, 3))) / count
        centred = full - mean[:, None, None]
        variance = summed(centred.square().sum(dim=(0, 2, 3))) / count
        self._remember(mean.detach(), variance.detach(), whole(len(x)) * places)
        factor = self.weight * (variance + self.eps).rsqrt()
        return (centred * factor[:, None, None] + self.bias[:, None, None]).to(x.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Move the running statistics, the variance without its bias, as torch does."""
        assert self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None
        assert self.momentum is not None
        self.num_batches_tracked.add_(1)
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (count / max(1, count - 1)), self.momentum)

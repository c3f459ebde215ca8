"""Fits of heads on disk, each as it is done, so that a run that is killed does not do them again."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from injerto.heads.vector_head import VectorHead
from injerto.learning.checkpoint import Checkpoint


class KeptFits:
    """The weights that each fit of a run ended with, in the order of the fits, which the same command does alike."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        found = checkpoint.load()
        self.checkpoint, self.kept = checkpoint, {} if found is None else found[0]
        self.done = 0

    @torch.no_grad()
    def fitted(self, head: VectorHead, fit: Callable[[], None]) -> None:
        """Bring `head` to where `fit` brings it: from the disk where this fit was done before."""
        weight, bias = f"{self.done} weight", f"{self.done} bias"
        self.done += 1
        if weight in self.kept and self.kept[weight].shape == head.convolve.weight.shape:
            head.convolve.weight.copy_(self.kept[weight])
            head.bias.copy_(self.kept[bias])
            return
        with torch.enable_grad():
            fit()
        fresh: dict[str, Tensor] = {weight: head.convolve.weight.detach().clone(), bias: head.bias.detach().clone()}
        self.kept |= fresh
        self.checkpoint.save(self.kept, {})

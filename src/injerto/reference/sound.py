"""Sounds: how far a sound's vector lies from the nearest training sounds, against how far from noise and chords."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from injerto.embedders.familiarity import CLOSEST
from injerto.reference.photo import PhotoReference


class SoundReference(PhotoReference):
    """As of photos, divided by the distance to noise: rain and surf lie near noise and would vouch for it."""

    noise: Tensor
    """(S,C) float16: directions of noise, silence and chords."""

    def learn(self, cells: Tensor, noise: Tensor | None) -> None:
        self.noise = torch.empty(0, cells.shape[1]).half() if noise is None else functional.normalize(noise).half()

    def distance(self, vectors: Tensor, seen: Tensor, other: Tensor | None) -> Tensor:
        near = super().distance(vectors, seen, other)
        if not len(self.noise):
            return near
        plain = 1 - (vectors @ self.noise.float().T).amax(dim=1)
        return near / (plain.clamp_min(0) + CLOSEST)

    @property
    def tensors(self) -> dict[str, Tensor]:
        return super().tensors | {"noise": self.noise}

    def restore(self, tensors: dict[str, Tensor], *, never_empty: bool) -> Self:
        self.noise = tensors["noise"]
        return super().restore(tensors, never_empty=never_empty)

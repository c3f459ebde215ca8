"""The contract of what stands before the layers of a backbone of sounds: samples in, a picture out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


class FrontEnd(nn.Module, ABC):
    """Samples (B,n) to a picture; nothing in it is learned, and a backbone asks it before all else."""

    @abstractmethod
    def forward(self, samples: Tensor) -> Tensor:
        """(B,n) float32 to (B,..,..) float32."""


def without_front_end(network: M) -> tuple[Callable[[Tensor], Tensor], M]:
    """The front end of a network and the same network, which from now on takes pictures; a network of photos stays as it is.

    For compilers that are slow at Fourier transforms.
    """
    for name, part in network.named_modules():
        if isinstance(part, FrontEnd):
            network.set_submodule(name, nn.Identity())
            return part, network
    return nn.Identity(), network

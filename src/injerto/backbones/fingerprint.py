"""A hash of everything a backbone's numbers depend on, so that cached vectors are never those of other weights."""

from __future__ import annotations

import hashlib
from weakref import WeakKeyDictionary

import torch

from injerto.backbones.backbone import Backbone

_Stamp = tuple[tuple[int, int], ...]
_known: WeakKeyDictionary[Backbone, tuple[_Stamp, str]] = WeakKeyDictionary()


def fingerprint(backbone: Backbone) -> str:
    """The hash of class, parameters and buffers. It changes with every step of fine-tuning.

    Remembered while a quick sum over all bits stays what it was: hashing would take longer than a small table's cached vectors.
    """
    # Torch's own count of changes is no help alone: fused optimizers write without counting.
    tensors = sorted([*backbone.named_parameters(), *backbone.named_buffers()], key=lambda named: named[0])
    stamp = tuple((tensor.data_ptr(), _sum(tensor)) for _, tensor in tensors)
    known = _known.get(backbone)
    if known is None or known[0] != stamp:
        known = _known[backbone] = (stamp, _hashed(backbone, tensors))
    return known[1]


def _sum(tensor: torch.Tensor) -> int:
    """The sum of a tensor's values as whole numbers: any change of training moves it, in a millisecond for a network."""
    bits = {2: torch.int16, 4: torch.int32, 8: torch.int64}[tensor.element_size()]
    return int(tensor.detach().view(bits).sum(dtype=torch.int64))


def _hashed(backbone: Backbone, tensors: list[tuple[str, torch.Tensor]]) -> str:
    content = hashlib.blake2b(type(backbone).__name__.encode(), digest_size=16)
    for name, tensor in tensors:
        content.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
        content.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return content.hexdigest()

"""A hash of everything a backbone's numbers depend on, so that cached vectors are never those of other weights."""

from __future__ import annotations

import hashlib
import zlib
from weakref import WeakKeyDictionary

import torch

from injerto.backbones.backbone import Backbone

_known: WeakKeyDictionary[Backbone, tuple[tuple[int, ...], str]] = WeakKeyDictionary()


def fingerprint(backbone: Backbone) -> str:
    """The hash of class, pooling, parameters and buffers. It changes with every step of fine-tuning.

    Remembered while the checksums of all tensors stay what they were: hashing takes five times as long, which a small table
    whose vectors are cached would feel. Torch's own count of changes will not do: fused optimizers write without counting.
    """
    # What the network calls things by itself is read from its vectors, and no part of them.
    buffers = [(name, buffer) for name, buffer in backbone.named_buffers() if not name.startswith("own.")]
    named = sorted([*backbone.named_parameters(), *buffers], key=lambda pair: pair[0])
    contents = [tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data for _, tensor in named]
    checksums = tuple(zlib.crc32(content) for content in contents)
    known = _known.get(backbone)
    if known is None or known[0] != checksums:
        digest = hashlib.blake2b(f"{type(backbone).__name__}|{backbone.pooling}".encode(), digest_size=16)
        for (name, tensor), content in zip(named, contents, strict=True):
            digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
            digest.update(content)
        known = _known[backbone] = (checksums, digest.hexdigest())
    return known[1]

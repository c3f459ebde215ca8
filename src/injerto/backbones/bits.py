"""How many bits the fast path computes with on this processor."""

from __future__ import annotations

import functools
from typing import Literal

import torch

from injerto.backbones.backbone import Backbone
from injerto.backbones.int8 import int8_works, narrow
from injerto.backbones.quicken import fused_works, half_is_native, quicken

Bits = Literal["bfloat16", "int8", "float32"]


@functools.cache
def best_bits() -> Bits:
    """bfloat16 where the processor multiplies it itself; else 8 bits, nearly twice as fast as float32; else float32."""
    if half_is_native():
        return "bfloat16"
    return "int8" if int8_works() else "float32"


def in_bits(backbone: Backbone, bits: Bits, *, fused: bool) -> Backbone:
    """A copy of the backbone for computing only."""
    if bits == "int8":
        return narrow(backbone, emulated=False, fused=fused)
    return quicken(backbone, torch.bfloat16 if bits == "bfloat16" else torch.float32, fused=fused)


def quickest(backbone: Backbone) -> Backbone:
    """A copy for computing only, as fast as torch alone makes it here; `map` and `vector` take any batch and length."""
    return in_bits(backbone, best_bits(), fused=fused_works())

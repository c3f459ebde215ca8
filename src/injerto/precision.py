"""Half the bits for the layers of files while a GPU learns; everything else keeps all of them.

Nearly all of a step's arithmetic is in the convolutions over photos and sounds, and these bear it. Cosines of individuals, odds
of points, embeddings and losses do not, and are little work. Weights stay in float32: only products are made of fewer bits.

*Source*: Micikevicius et al., Mixed Precision Training, ICLR 2018; bfloat16 has the range of float32, so no loss is scaled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

_halved: list[str] = []
"""The type of device on which layers of files compute in bfloat16 at present, or nothing."""


@contextmanager
def half_bits(device_type: str | None) -> Iterator[None]:
    """Inside, layers of files compute in bfloat16 on devices of this type; with None in all bits."""
    before = list(_halved)
    _halved[:] = [] if device_type is None else [device_type]
    try:
        yield
    finally:
        _halved[:] = before


def of_files() -> AbstractContextManager[object]:
    """To be around the layers of files, and nothing else."""
    return torch.autocast(_halved[0], torch.bfloat16) if _halved else nullcontext()


def all_bits() -> AbstractContextManager[object]:
    """To be around those parts of them that lose by it."""
    return torch.autocast(_halved[0], enabled=False) if _halved else nullcontext()

"""What is drawn for the rows of a batch while training: the same for a row, whether one process holds the batch or several."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

_stream = np.random.SFC64(0)


@dataclass(frozen=True)
class Share:
    """Which of the `rows` of a batch this process holds: every `step`-th from `first` on."""

    rows: int
    first: int
    step: int


_held: list[Share] = []
"""The share of the batch under way, or nothing where one process holds whole batches."""


def hold(share: Share | None) -> None:
    """Draw for `share` of a batch from now on; None for whole batches."""
    _held[:] = [] if share is None else [share]


def whole(count: int) -> int:
    """Rows of the batch that the `count` rows at hand are all or a share of: so many are drawn for."""
    return _held[0].rows if _held else count


def own(drawn: Any, axis: int = 0) -> Any:
    """Of a tensor or an array that was drawn for whole batches, what is the rows' at hand; they lie along `axis`."""
    if not _held or _held[0].step == 1:
        return drawn
    return drawn[(slice(None),) * axis + (slice(_held[0].first, None, _held[0].step),)]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Inside, torch's own draws start from `seed`; afterwards they go on as if nothing had been drawn.

    Those of GPUs are left alone: all that is drawn here is drawn on the processor, so that it is the same on every device.
    """
    before = torch.default_generator.get_state()
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.default_generator.set_state(before)


def start_draws(seed: int) -> None:
    """Start the draws anew, so that a resumed epoch leaves out what it would have left out."""
    _stream.state = np.random.SFC64(seed).state


def uniform(count: int, *more: int, generator: torch.Generator) -> Tensor:
    """Between 0 and 1 for each of the `count` rows at hand, (count, *more)."""
    drawn: Tensor = own(torch.rand(whole(count), *more, generator=generator))
    return drawn


def kept(shape: Sequence[int], dropped: int, *, rows: int = 0) -> np.ndarray:
    """True for the places that stay, an array of `shape`; each is left out with a chance of `dropped` in 256.

    `rows` is the axis along which the rows of the batch lie.

    Eight places share one draw of 64 bits: torch's own dropout draws once a place, which took a sixth of a training step, and
    its 64-bit draws take twice the time of numpy's.
    """
    drawn = (*shape[:rows], whole(shape[rows]), *shape[rows + 1 :])
    count = math.prod(drawn)
    places = _stream.random_raw(-(-count // 8)).view(np.uint8)[:count].reshape(drawn)
    found: np.ndarray = own(places, rows) >= dropped
    return found

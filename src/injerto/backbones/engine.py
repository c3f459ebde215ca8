"""The contract of every way to run a frozen backbone on batches of one shape."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from torch import Tensor

from injerto.backbones.backbone import Backbone

Runner = Callable[[Tensor], Tensor]
"""(batch_rows,...) raw pixels or samples to (batch_rows,C) float32 on the CPU; several threads may call it at once."""


class Engine(ABC):
    """Turns a backbone into something that only computes, fast. Every batch has `batch_rows` rows: one shape, one result."""

    name: str
    """Engines differ in the last digits: the name is part of the key of cached vectors."""
    batch_rows: int
    streams: int
    """Threads that read, decode and compute side by side, each on one core."""

    @abstractmethod
    def prepare(self, backbone: Backbone, example: Tensor) -> Runner:
        """Everything that is done once, for batches shaped like `example`. The backbone itself is left as it is."""

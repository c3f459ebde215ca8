"""A draw of rows, where not all of them are needed."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def some_of(rows: Tensor, most: int, seed: int) -> Tensor:
    """At most so many of `rows` (n,), by chance and in their order."""
    if len(rows) <= most:
        return rows
    return rows[torch.from_numpy(np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False)))]

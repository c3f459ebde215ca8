"""What a reader of any format hands over: the frame, and what a person should know about how it was read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Content:
    """A frame and what a person should know about how it was read."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()
    lines: np.ndarray | None = None
    """Of a text file: the line (N,) on which each row starts, from 1 as editors count; None where there is none."""

"""What a reader of any format hands over: the frame, and what a person should know about how it was read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Content:
    """A frame and what a person should know about how it was read."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()

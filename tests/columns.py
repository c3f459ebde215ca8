"""Columns made in a test, as a table would hand them out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.table.column import Column


def column(values: Sequence[Any], *, name: str = "label", dtype: Any = None) -> Column:
    """A column of `values` whose rows count from 0."""
    return Column(name, pl.Series(name, values, dtype=dtype, strict=False), Path("."), np.arange(len(values)))

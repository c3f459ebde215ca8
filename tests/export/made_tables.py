"""A table with every kind of column that stands in its cells, and every kind of target that does not need a photo."""

from __future__ import annotations

import numpy as np
import polars as pl

from small import birds

SEPARATOR = ";"


def mixed(rows: int = 160, seed: int = 0) -> pl.DataFrame:
    """Inputs mass_g, hour, seen, ring, tags; targets species, weight, and with (several)."""
    generator = np.random.default_rng(seed)
    table = birds(rows, seed)

    def some(levels: list[str], least: int) -> pl.Series:
        counts = generator.integers(least, len(levels), rows)
        return pl.Series([SEPARATOR.join(sorted(generator.choice(levels, count, replace=False))) or None for count in counts])

    return table.with_columns(
        tags=some(["wet", "tall", "old", "near"], 0),
        ring=pl.Series(generator.integers(0, 5, rows)),
        company=some(["ant", "bee", "élan"], 1),
        weight=pl.col("mass_g").fill_null(100) / 100 + pl.Series(generator.normal(size=rows)),
    )


INPUTS = ["mass_g:number", "hour:category", "seen:date", "ring:category", "tags:categories"]
TARGETS = ["species", "weight", "company:classes"]

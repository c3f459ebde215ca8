"""The labels that may be wrong as a table that a person goes through beside the photos or sounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_SCHEMA = {
    "photo": pl.String,
    "row": pl.Int64,
    "point": pl.String,
    "x": pl.Float64,
    "y": pl.Float64,
    "suggested_x": pl.Float64,
    "suggested_y": pl.Float64,
    "times": pl.Float64,
    "reason": pl.String,
}

_LABEL_SCHEMA = {
    "row": pl.Int64,
    "file": pl.String,
    "target": pl.String,
    "label": pl.String,
    "suggested": pl.String,
    "chance": pl.Float64,
    "times": pl.Float64,
    "too_many": pl.String,
    "missing": pl.String,
    "judge": pl.String,
    "corrected": pl.String,
}
_SOMETIMES = ("chance", "times", "too_many", "missing")
"""Columns that are there where a target has them."""
LISTED = ", "
"""Between labels that are too many or missing: they are to be read, `suggested` has the user's own separator."""


def suspects_table(evidence: Mapping[str, Any]) -> pl.DataFrame:
    """One row a label, the most suspicious first; none where the evidence (see `Artifact.evidence`) names none.

    Of all but points, the column `corrected` is empty: a person writes the right label there, and `injerto correct` reads it.
    """
    labels = [
        {**{name: _cell(one[name]) for name in _LABEL_SCHEMA if name in one}, "target": target, "corrected": None}
        for target, shown in evidence.items()
        for one in shown.get("label_doubts", [])
    ]
    if not labels:
        return _points_table(evidence)
    table = pl.DataFrame(labels, schema=_LABEL_SCHEMA)
    return table.drop(name for name in _SOMETIMES if table[name].null_count() == len(table))


def _cell(value: Any) -> Any:
    return LISTED.join(value) if isinstance(value, list) else value


def _points_table(evidence: Mapping[str, Any]) -> pl.DataFrame:
    named = [one for shown in evidence.values() for one in shown.get("suspects", [])]
    rows = [
        {
            "photo": one["photo"],
            "row": one["row"],
            "point": one["point"],
            **dict(zip(("x", "y"), one["truth"], strict=True)),
            **dict(zip(("suggested_x", "suggested_y"), one["answer"], strict=True)),
            "times": one["times"],
            "reason": one["reason"],
        }
        for one in named
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)

"""Cells and numbers as a page shows them: briefly."""

from __future__ import annotations

from injerto.schema.schema import Schema
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table

LONGEST = 120


def short(value: float) -> str:
    """A number with four digits.

    Example:
        >>> short(1234567.0), short(0.25), short(10400.0)
        ('1.235e+06', '0.25', '1.04e+04')
    """
    return f"{value:.4g}"


def shown(cell: object, kind: str = "") -> str:
    """A cell as text, cut where it is long; empty where it holds nothing."""
    if cell is None:
        return ""
    text = media_name(cell) if kind in ("image", "sound") else short(cell) if isinstance(cell, float) else str(cell)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def cells_of(schema: Schema, table: Table) -> list[tuple[str, str]]:
    """The labels, where the table has them, and the inputs of its first row, as text."""
    kinds = {name: "" for name in schema.targets} | {name: one.kind for name, one in schema.inputs.items()}
    kinds |= {time: "" for one in schema.inputs.values() for time in one.times}  # a clip is known by them
    return [(name, shown(table.column(name).cell(0), kind)) for name, kind in kinds.items() if name in table.columns]

"""Of which table the page of a trained model shows rows like the one that is asked about: the one that taught it."""

from __future__ import annotations

import json
from pathlib import Path

from injerto.artifact.place import MARK
from injerto.schema.schema import Schema

MOST_ROWS, MOST_WITH_FILES = 100_000, 2_000
"""Rows that are encoded before the page opens: more, or more photos and sounds, would keep the person waiting."""


def table_alike(model: Path, table: Path) -> Path | None:
    """`table`, if the model can show its rows and there are not too many; else None."""
    schema = Schema.from_toml((model / "schema.toml").read_text(encoding="utf-8"), origin="schema.toml")
    if schema.points is not None or schema.individual is not None or not table.exists():
        return None
    files = any(item.kind in ("image", "sound") for item in schema.inputs.values())
    rows = json.loads((model / MARK).read_text(encoding="utf-8"))["rows"]
    return table if rows <= (MOST_WITH_FILES if files else MOST_ROWS) else None

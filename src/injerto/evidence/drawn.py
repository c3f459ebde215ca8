"""A photo with points as the report draws it: a small picture of the whole photo, and the points where they lie on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from injerto.evidence.rows import described
from injerto.evidence.told import Mark
from injerto.schema.schema import Input
from injerto.table.framing import Framing, framing_of
from injerto.table.table import Table

SIDE = 320
"""Pixels of the longer side of the picture: a screen shows it at two thirds of that, a dense one as it is."""


def drawn(table: Table, photo: tuple[str, Input], index: int, marks: Sequence[Mark]) -> dict[str, Any]:
    """Row `index` of `table`, the picture of its `photo` (a column and what it is declared as), and `points` in pixels from the
    upper left corner of the photo turned upright, which is `width` by `height` pixels. A photo that cannot be read has neither
    a size nor points.
    """
    name, item = photo
    shown = described(table, {name: item}, index, side=SIDE)
    framing = framing_of(table.take(np.array([index])).column(name))
    width, height = framing.upright_sizes[0].tolist()
    if not shown["pictures"] or not np.isfinite(width):
        return {**shown, "pictures": []}
    return {**shown, "width": int(width), "height": int(height), "points": [_point(mark, framing) for mark in marks]}


def _point(mark: Mark, framing: Framing) -> dict[str, Any]:
    answer = _upright(mark.answer, framing)
    truth = None if mark.truth is None else _upright(mark.truth, framing)
    radius = None if mark.radius is None else round(mark.radius, 2)
    return {"name": mark.name, "truth": truth, "answer": answer, "radius": radius, "in_picture": mark.in_picture}


def _upright(place: tuple[float, float], framing: Framing) -> list[float]:
    """Pixels are counted from their centres in tables, and from the corner of the photo where one draws."""
    upright = framing.upright_of(np.array(place, dtype=np.float64)[None, None])[0, 0] + 0.5
    return [round(float(value), 2) for value in upright]

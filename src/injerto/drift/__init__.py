"""Drift: whether a new table is like the one a model was trained on, column by column, and by how much it is not."""

from __future__ import annotations

from injerto.drift.change import Measure
from injerto.drift.date import date_change
from injerto.drift.files import files_change
from injerto.drift.levels import levels_change
from injerto.drift.number import number_change
from injerto.schema.schema import InputKind

CHANGES: dict[InputKind, Measure] = {
    "number": number_change,
    "category": levels_change,
    "categories": levels_change,
    "date": date_change,
    "image": files_change,
    "sound": files_change,
}
"""By kind of column, what holds new cells against those that are kept."""
ANSWER_CHANGES: dict[str, Measure] = {"class": levels_change, "classes": levels_change, "number": number_change}
"""By kind of target, what holds new answers against earlier ones."""

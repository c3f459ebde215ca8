"""Reference: what the rows that taught a model looked like, in little, so that new rows can be held against them."""

from __future__ import annotations

from injerto.reference.column import ColumnReference
from injerto.reference.date import DateReference
from injerto.reference.levels import LevelsReference
from injerto.reference.number import NumberReference
from injerto.reference.photo import PhotoReference
from injerto.reference.sound import SoundReference
from injerto.schema.schema import InputKind

REFERENCES: dict[InputKind, type[ColumnReference]] = {
    "number": NumberReference,
    "category": LevelsReference,
    "categories": LevelsReference,
    "date": DateReference,
    "image": PhotoReference,
    "sound": SoundReference,
}

"""Station 3: every kind of input column, by name."""

from __future__ import annotations

from injerto.features.categories import CategoriesFeature
from injerto.features.category import CategoryFeature
from injerto.features.date import DateFeature
from injerto.features.feature import Feature
from injerto.features.image import ImageFeature
from injerto.features.number import NumberFeature
from injerto.features.sound import SoundFeature

FEATURES: dict[str, type[Feature]] = {
    "number": NumberFeature,
    "category": CategoryFeature,
    "categories": CategoriesFeature,
    "date": DateFeature,
    "image": ImageFeature,
    "sound": SoundFeature,
}

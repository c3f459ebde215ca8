"""Station 5: the embedder of every kind of column that is embedded as one block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from injerto.embedders.categories import CategoriesEmbedder
from injerto.embedders.category import CategoryEmbedder
from injerto.embedders.date import DateEmbedder
from injerto.embedders.embedder import Embedder
from injerto.embedders.number import NumberEmbedder

EMBEDDERS: dict[str, Callable[[list[Any]], Embedder]] = {
    "number": NumberEmbedder,
    "category": CategoryEmbedder,
    "categories": CategoriesEmbedder,
    "date": DateEmbedder,
}
"""Kind to the embedder made from the list of all fitted features of that kind."""

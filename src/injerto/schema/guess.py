"""What a guess is: a kind and its reason, or no kind and the reason why the column is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True)
class Guess(Generic[Kind]):
    """`kind` is None when the column had better be left out."""

    kind: Kind | None
    reason: str
    options: Mapping[str, str] = field(default_factory=dict)
    """What else follows from the cells, such as a separator."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 row, 1,200 rows.

    Example:
        >>> counted(1, "row"), counted(1200, "row"), counted(2, "category", "categories")
        ('1 row', '1,200 rows', '2 categories')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"

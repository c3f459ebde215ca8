"""A column and its kind as a person writes them: `species` or `species:class`."""

from __future__ import annotations

from collections.abc import Collection


def parse_declaration(text: str, columns: Collection[str]) -> tuple[str, str | None]:
    """The column's name and the kind after its last colon, None where no kind is said.

    A column whose whole name is `text` goes first, as names may hold colons themselves.

    Example:
        >>> parse_declaration("species:class", ["species"])
        ('species', 'class')
        >>> parse_declaration("ratio a:b", ["ratio a:b"])
        ('ratio a:b', None)
    """
    if text in columns or ":" not in text:
        return text, None
    name, _, kind = text.rpartition(":")
    return name, kind.strip().lower()

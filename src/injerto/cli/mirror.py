"""Pairs of points as they are written on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from injerto.errors import SchemaError


def mirror_of(pairs: Sequence[str] | None, *, none: bool) -> list[tuple[str, str]] | None:
    """Pairs of names from LEFT:RIGHT; an empty list for `none`, None where nothing is said.

    *Raises* SchemaError for what is no pair, and where both are said.

    Example:
        >>> mirror_of(["left_eye:right_eye"], none=False)
        [('left_eye', 'right_eye')]
    """
    if none and pairs:
        raise SchemaError(
            ["--mirror names points that change places, and --no-mirror says that photos stay. Give one of the two."]
        )
    if none:
        return []
    if not pairs:
        return None
    found = []
    problems = []
    for text in pairs:
        left, colon, right = text.partition(":")
        if not (left and colon and right) or ":" in right:
            problems.append(
                f"--mirror {text}: a pair is two names with a colon between them, as left_eye:right_eye. Names with "
                'colons can be given in a schema, as mirror = [["LEFT", "RIGHT"]].'
            )
        found.append((left, right))
    if problems:
        raise SchemaError(problems)
    return found

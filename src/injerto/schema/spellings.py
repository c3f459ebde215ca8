"""Labels that are one word in several spellings: Wren, wren and WREN."""

from __future__ import annotations

from collections.abc import Iterable

# Signs such as + - < # carry meaning at the end of a label (A+ and A-, <5 and >5), these do not.
_OUTER = " \t.,:;!?'\"()[]{}_"


def spellings(labels: Iterable[str]) -> list[list[str]]:
    """Groups of labels that differ only in case or outer punctuation, sorted.

    Example:
        >>> spellings(["jay", "Wren", "wren.", "A+", "A-"])
        [['Wren', 'wren.']]
    """
    groups: dict[str, set[str]] = {}
    for label in labels:
        plain = label.casefold()
        groups.setdefault(plain.strip(_OUTER) or plain, set()).add(label)
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)

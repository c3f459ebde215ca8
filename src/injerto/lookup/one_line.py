"""A level as one short line of a message or a grid: it may hold newlines, escape codes and ten thousand letters."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str, longest: int = 60) -> str:
    r"""`text` cut to `longest` signs, with control characters spelled out.

    Example:
        >>> one_line("a\nb"), one_line("abcdef", longest=4)
        ('a\\nb', 'abc…')
    """
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], cut)

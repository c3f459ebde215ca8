"""What a request asks beside its rows, in the query of its address."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from starlette.datastructures import QueryParams

from injerto.errors import did_you_mean
from injerto.report.language import LANGUAGES, LanguageCode
from injerto.web.problems import Problem


@dataclass(frozen=True)
class Options:
    """As the options of the same names of `injerto predict`, `identify`, `explain` and `listen`."""

    max_error: float | None = None
    coverage: float | None = None
    unlike: bool = False
    new_share: float | None = None
    pictures: bool = False
    """Whether look-alikes, and maps of an explanation, come as pictures."""
    language: LanguageCode = "en"
    """In which an explanation speaks."""
    threshold: float | None = None
    low: float | None = None
    gap_seconds: float | None = None
    shortest_seconds: float | None = None

    @classmethod
    def of(cls, query: QueryParams, known: Sequence[str]) -> Self:
        """Read what is asked. *Raises* Problem (400) for an option that is not among `known`, or a wrong value."""
        found: dict[str, Any] = {}
        for name, text in query.multi_items():
            if name not in known:
                hint = did_you_mean(name, known) or f" Known are: {', '.join(known)}."
                raise Problem(400, f"'{name[:40]}' is no option of this address.{hint}")
            found[name] = _read(name, text)
        return cls(**found)


TRUTHS = ("unlike", "pictures")
SECONDS = ("gap_seconds", "shortest_seconds")
ASKED_OF = {
    "predict": ("max_error", "coverage", "unlike"),
    "identify": ("new_share", "pictures"),
    "explain": ("max_error", "coverage", "pictures", "language"),
    "listen": ("threshold", "low", "gap_seconds", "shortest_seconds"),
}
"""By verb, the options that it knows."""


def _read(name: str, text: str) -> Any:
    if name in TRUTHS:
        return _truth(name, text)
    if name == "language":
        return _language(text)
    return _number(name, text, math.inf if name in SECONDS else 1.0)


def _language(text: str) -> LanguageCode:
    for code in LANGUAGES:
        if text == code:
            return code
    raise Problem(400, f"language is {text[:40]!r}; it must be {' or '.join(LANGUAGES)}.")


def _number(name: str, text: str, below: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (0 < number < below):
        wanted = "a number of seconds" if math.isinf(below) else f"a number between 0 and {below:g}"
        raise Problem(400, f"{name} is {text[:40]!r}; it must be {wanted}.")
    return number


def _truth(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise Problem(400, f"{name} is {text[:40]!r}; it must be true or false.")
    return text == "true"

"""The language a page is written in. English stands in code and templates; every other language is a catalogue in words/.

`say` looks a message up and fills it in, as gettext does, but with the braces of `str.format`. Which language is spoken is set
by `speaking` around the making of a page, so that no function carries it through.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from markupsafe import Markup, escape

LanguageCode = Literal["en", "es"]
LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)
_WORDS = Path(__file__).parent / "words"
_FOUR_DIGITS = re.compile(r"-?\d,\d{3}(\.\d+)?")


@dataclass(frozen=True)
class Catalogue:
    """One language: translations by English message and by pattern of a note, and how numbers are written."""

    code: LanguageCode = "en"
    messages: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    """Sentences that other stations wrote into the model; see notes.py."""
    thousands: str = ","
    percent: str = "%"


@dataclass(frozen=True)
class Speech:
    """A page in the making: its catalogue, and the notes that had to stay English."""

    catalogue: Catalogue
    untold: list[str] = field(default_factory=list)


_SPEECH: ContextVar[Speech] = ContextVar("speech")
"""Absent outside of `speaking`: English."""


@cache
def catalogue_of(code: LanguageCode) -> Catalogue:
    """The catalogue of a language; English needs none."""
    if code == "en":
        return Catalogue()
    return Catalogue(code, **tomllib.loads((_WORDS / f"{code}.toml").read_text(encoding="utf-8")))


def known_language(code: object) -> LanguageCode:
    """The language that a model folder names; English where there is no catalogue for it, as in a folder of a later version."""
    return next((one for one in LANGUAGES if one == code), "en")


@contextmanager
def speaking(code: LanguageCode | Catalogue) -> Iterator[Speech]:
    """Speak a language until the end of the block."""
    speech = Speech(code if isinstance(code, Catalogue) else catalogue_of(code))
    token = _SPEECH.set(speech)
    try:
        yield speech
    finally:
        _SPEECH.reset(token)


def spoken() -> Speech:
    """What is spoken now."""
    return _SPEECH.get(Speech(Catalogue()))


def say(message: str, /, **values: object) -> str:
    """The `message` in the language that is spoken, filled in with `values`; one that lacks in the catalogue stays English.

    Example:
        >>> say("{right:.1%} of {rows:,} rows", right=0.5, rows=1200)
        '50.0% of 1,200 rows'
    """
    words = spoken().catalogue.messages.get(message, message)
    return _PLAIN.vformat(words, (), values) if values else words


def say_html(message: str, /, **values: object) -> Markup:
    """A message that is HTML: its `values` are escaped, unless they are HTML themselves."""
    words = spoken().catalogue.messages.get(message, message)
    return Markup(_HTML.vformat(words, (), values)) if values else Markup(words)


def several(count: int, one: str, many: str, /, **values: object) -> str:
    """The message for one or for several; `count` is among the values.

    Example:
        >>> several(1, "{count} row", "{count:,} rows"), several(2000, "{count} row", "{count:,} rows")
        ('1 row', '2,000 rows')
    """
    return say(one if count == 1 else many, count=count, **values)


def written(value: Any, form: str = "") -> str:
    """A number as the language writes it. The decimal sign is a point in all, as in the tables that people bring.

    Example:
        >>> with speaking("es"):
        ...     written(1234567, ","), written(1234, ","), written(0.934, ".1%")
        ('1\\u202f234\\u202f567', '1234', '93.4\\xa0%')
    """
    text = format(value, form)
    catalogue = spoken().catalogue
    if catalogue.code == "en" or not isinstance(value, int | float):
        return text
    if "," in form:
        text = text.replace(",", "" if _FOUR_DIGITS.fullmatch(text) else catalogue.thousands)
    return text[:-1] + catalogue.percent if form.endswith("%") else text


class _Plain(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return written(value, format_spec)


class _Html(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return str(escape(value if isinstance(value, Markup) else written(value, format_spec)))


_PLAIN, _HTML = _Plain(), _Html()

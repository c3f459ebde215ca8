"""Sentences that other stations wrote in English, such as why rows were split as they were, in the language of the page.

A model folder keeps them as they were said. A catalogue has patterns under [notes]: a sentence that fits one is said anew with
what stood in its places; one that fits none stays English, is marked as such, and the page says so at its end.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from injerto.report.language import LanguageCode, catalogue_of, say, spoken, written

_END = r"(?<=[.!?])\s+(?=[\"'(]?[A-Z0-9])"
"""Where a sentence ends and another begins; no place of a pattern reaches over it."""
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_SHARE = re.compile(r"(?<=\d)%")


@dataclass(frozen=True)
class Pattern:
    """What fits a note, how its places are taken over, by name, and its translation."""

    fits: re.Pattern[str]
    conversions: dict[str, str | None]
    words: str


def note(text: str) -> Markup:
    """A sentence, or several, of another station."""
    return Markup(" ").join(
        escape(words) if words is not None else Markup('<span lang="en">{}</span>').format(_keep(sentence))
        for sentence, words in _told(text)
    )


def note_text(text: str) -> str:
    """The same where there can be no mark, as in an attribute."""
    return " ".join(words if words is not None else _keep(sentence) for sentence, words in _told(text))


def _told(text: str) -> list[tuple[str, str | None]]:
    """Sentences with their translation, None where there is none; sentences that are one note together stay together."""
    if spoken().catalogue.code == "en" or not text:
        return [(text, text)]
    whole = translated(text)
    if whole is not None:
        return [(text, whole)]
    sentences, found, place = re.split(_END, text), [], 0
    while place < len(sentences):
        for end in range(len(sentences), place, -1):
            part = " ".join(sentences[place:end])
            words = translated(part)
            if words is not None or end == place + 1:
                found.append((part, words))
                place = end
                break
    return found


def translated(text: str) -> str | None:
    """A note, or a part of one, in the language that is spoken; None where no pattern fits."""
    catalogue = spoken().catalogue
    if text in catalogue.notes or text in catalogue.messages:
        return catalogue.notes.get(text) or say(text)
    if not any(sign.isalpha() for sign in text):
        return _numbers(text)
    for pattern in _patterns(catalogue.code):
        if (fit := pattern.fits.fullmatch(text)) is None:
            continue
        parts = {name: _part(value, pattern.conversions.get(name)) for name, value in fit.groupdict().items()}
        if None not in parts.values():
            return pattern.words.format(**parts)
    return None


def _part(value: str, conversion: str | None) -> str | None:
    """What stands in a place: taken over, or translated (`n`), or a list of what is to be translated (`l`)."""
    if conversion == "n":
        return translated(value)
    if conversion == "l":
        each = [translated(one) for one in value.split(", ")]
        return None if None in each else ", ".join(filter(None, each))
    return _numbers(value)


def _numbers(text: str) -> str:
    """1,234 and 5% as the language writes them."""
    catalogue = spoken().catalogue
    text = _THOUSANDS.sub(lambda found: written(int(found[0].replace(",", "")), ","), text)
    return _SHARE.sub(catalogue.percent, text)


def _keep(sentence: str) -> str:
    spoken().untold.append(sentence)
    return sentence


@cache
def _patterns(code: LanguageCode) -> list[Pattern]:
    """Those with most fixed letters first, so that the nearest fits."""
    notes = catalogue_of(code).notes.items()
    fixed = {english: sum(len(literal) for literal, *_ in string.Formatter().parse(english)) for english, _ in notes}
    return [_pattern(english, words) for english, words in sorted(notes, key=lambda one: -fixed[one[0]]) if "{" in english]


def _pattern(english: str, words: str) -> Pattern:
    """A place is one sign at least; one that stands twice must hold the same."""
    conversions: dict[str, str | None] = {}
    parts = []
    for literal, name, _, conversion in string.Formatter().parse(english):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P={name})" if name in conversions else f"(?P<{name}>(?:(?!{_END}).)+?)")
            conversions[name] = conversion
    return Pattern(re.compile("".join(parts), re.DOTALL), conversions, words)

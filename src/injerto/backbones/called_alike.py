"""Which of the sounds that a pretrained network names by itself a table's classes are called like."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ASIDE = re.compile(r"\(.*?\)")
_ENDINGS = ("ings", "ing", "ers", "er", "ed", "es", "s", "e")
_SHORTEST = 3
"""Letters that a word keeps at least when its ending goes."""


def called_alike(classes: Sequence[str], labels: Sequence[str]) -> list[list[int]]:
    """For each class the places of the labels all of whose words are among its own; of these, those with the most words.

    Endings do not count, nor whether two words are written as one. A label has several names, divided by commas.

    Example:
        >>> called_alike(["dog_bark", "CarHorns", "gun shot", "3"], ["Dog", "Bark", "Car", "Honk, car horn", "Gunshot"])
        [[0, 1], [3], [4], []]
    """
    known = [[words(name) for name in _ASIDE.sub("", label).split(",")] for label in labels]
    return [_matches(words(name), known) for name in classes]


def words(name: str) -> list[str]:
    """The words of a name without their endings, in small letters.

    Example:
        >>> words("Air_conditioner"), words("airConditioning")
        (['air', 'condition'], ['air', 'condition'])
    """
    return [_stem(word.lower()) for word in _WORDS.findall(name)]


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= _SHORTEST), "")
    if ending == "s" and word.endswith("ss"):
        ending = ""
    bare = word[: len(word) - len(ending)]
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] == bare[-2] else bare


def _matches(own: list[str], known: list[list[list[str]]]) -> list[int]:
    """The places in `known`, of names as words, that fit the words of a class best."""
    whole = "".join(own)
    fits = [
        max(
            (len(name) if set(name) <= set(own) else len(own) if "".join(name) == whole else 0 for name in names if name),
            default=0,
        )
        for names in known
    ]
    best = max(fits, default=0)
    return [place for place, fit in enumerate(fits) if fit == best and fit > 0] if own else []

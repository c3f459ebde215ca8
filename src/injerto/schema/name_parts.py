"""Ways to read a recording, a sighting or a folder out of the names of files: what stands before a counter of segments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from injerto.table.group_names import part_of

MOST_COUNTERS = 3
"""UrbanSound8K ends its names in three: class, occurrence, slice."""
MOST_VIEWS = 6
"""A last word with so many values at most is a view: left, right, top."""
_FIT = 0.95
"""Share of the names that must be built alike."""
_DENSE = 10
"""A segment's numbers span at most so many times the segments that there are: they count within the recording. The numbers
of photos of one breed or one word, drawn from a large collection, span hundreds of times that."""
_GAP = r"[-_. ]+"
_GAP_OR_FOLDER = r"[-_. /\\]+"
_FIELD = r"[^-_. /\\]+"
_END = r"(\.[A-Za-z]\w*)?$"
_SUFFIX = re.compile(r"\.[A-Za-z]\w*$")
_MOST_DIGITS = re.compile(r"\d{6,}")
"""More digits than a counter has: a time, or a number of its own."""
_NUMBER, _LETTER, _LETTERS_NUMBER, _WORD = r"\d+", r"[A-Za-z]", r"[A-Za-z]+\d+", r"[^\W\d_]+"


@dataclass(frozen=True)
class NamePart:
    """A regular expression whose bracket is what the names of one group share, and that part of each name (N,)."""

    pattern: str
    parts: list[str]

    @property
    def groups(self) -> int:
        """Different parts."""
        return len(set(self.parts))


def counted_parts(names: Sequence[str]) -> list[NamePart]:
    """What stands before one to three counters at the end of the names, the shortest first; without folders, then with.

    The last counter must start anew in every group: its values come again in other names. Or it is one of a few views.
    """
    fields = [re.findall(_FIELD, _SUFFIX.sub("", name)) for name in names]
    endings: list[str] = []
    for place in range(1, MOST_COUNTERS + 1):
        shape = _shape([of[-place] for of in fields if len(of) > place], len(names), last=place == 1)
        if shape is None:
            break
        endings.insert(0, shape + _GAP + endings[0] if endings else shape)
    bare = [_read(rf"([^/\\]+?){_GAP}{ending}{_END}", names) for ending in endings]
    whole = [_read(rf"^(.+?){_GAP_OR_FOLDER}{ending}{_END}", names) for ending in endings]
    # With its folder, a part says more only where two folders hold the same.
    more = [one for one, short in zip(whole, bare, strict=True) if one and not (short and short.groups == one.groups)]
    return [part for part in [*bare, *more] if part is not None and _dense(part.parts, fields)]


def folder_part(names: Sequence[str]) -> NamePart | None:
    """The folder that a file lies in."""
    return _read(r"^(.+)[/\\][^/\\]+$", names)


def word_parts(names: Sequence[str]) -> list[NamePart]:
    """Words between other parts of the names, which may be those of people or places: george in 0_george_7."""
    before = [r"^(?:.*[/\\])?" + (_FIELD + _GAP) * place for place in range(MOST_COUNTERS + 1)]
    found = [_read(start + rf"({_WORD}){_GAP}", names) for start in before]
    return [part for part in found if part is not None]


def _shape(column: Sequence[str], names: int, *, last: bool) -> str | None:
    """The expression that this field of nearly all names fits, where it counts."""
    for shape in (_NUMBER, _LETTER, _LETTERS_NUMBER, _WORD):
        fits = re.compile(shape)
        fitting = sum(fits.fullmatch(field) is not None and _MOST_DIGITS.search(field) is None for field in column)
        if fitting >= _FIT * names:
            break
    else:
        return None
    values = len(set(column))
    if shape == _WORD and values > MOST_VIEWS:
        return None
    return None if last and not 2 <= values <= len(column) / 2 else shape


def _read(pattern: str, names: Sequence[str]) -> NamePart | None:
    fits = re.compile(pattern)
    if sum(fits.search(name) is not None for name in names) < _FIT * len(names):
        return None
    return NamePart(pattern, [part_of(name, fits) for name in names])


def _dense(parts: Sequence[str], fields: Sequence[Sequence[str]]) -> bool:
    """Whether the last numbers of most groups lie near each other."""
    numbers: dict[str, list[int]] = {}
    for part, of in zip(parts, fields, strict=True):
        if of and (tail := re.search(r"\d{1,5}$", of[-1])):
            numbers.setdefault(part, []).append(int(tail.group()))
    spans = [(max(own) - min(own) + 1) / len(own) for own in numbers.values() if len(own) > 1]
    return not spans or float(np.median(spans)) <= _DENSE

"""Audacity label tracks: start, end and label between tabs, and a second line with the edges of a spectral selection.

*Source*: the Audacity manual, "Importing and Exporting Labels". A point has one time twice; -1 is an edge that is not set.
"""

from __future__ import annotations

import re
from dataclasses import replace

from injerto.table.annotations.line import hertz, line_of
from injerto.table.annotations.selection import Annotations, Line, Selection

_LABEL = re.compile(r"\s*-?\d+([.,]\d+)?\s*\t\s*-?\d+([.,]\d+)?\s*(\t|$)")
_EDGES = re.compile(r"\s*\\\s*\t")


def is_audacity(rows: list[tuple[int, list[str]]]) -> bool:
    """Whether most lines begin with two numbers, those with edges left aside."""
    texts = ["\t".join(cells) for _, cells in rows]
    labels = [text for text in texts if not _EDGES.match(text)]
    return sum(_LABEL.match(text) is not None for text in labels) > len(labels) / 2


def read_audacity(rows: list[tuple[int, list[str]]]) -> Annotations:
    """The labels of a track; a line that is none has its reason."""
    found: list[Line] = []
    for place, cells in rows:
        if cells[0] == "\\":
            last = found[-1] if found else None
            if len(cells) < 3 or last is None or last.selection is None:
                found.append(Line(place, "", None, "a line with the edges of a label, but no label above it to belong to"))
                continue
            edges = replace(last.selection, low_hz=hertz(cells[1]), high_hz=hertz(cells[2]))
            found[-1] = replace(last, selection=edges)
        else:
            found.append(line_of(place, "", (cells[0], "".join(cells[1:2])), label=" ".join(cells[2:])))
    return Annotations("audacity", found)


def audacity_text(selections: list[Selection]) -> str:
    """A label track that Audacity imports. Scores have no place in it."""
    lines = []
    for one in selections:
        lines.append(f"{one.start_s:.6f}\t{one.end_s:.6f}\t{' '.join(one.label.split())}")
        if one.low_hz is not None or one.high_hz is not None:
            edges = (-1.0 if edge is None else edge for edge in (one.low_hz, one.high_hz))
            lines.append("\t".join(["\\", *(f"{edge:.6f}" for edge in edges)]))
    return "\n".join([*lines, ""]) if lines else ""

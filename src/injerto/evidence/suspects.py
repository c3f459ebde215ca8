"""Labels of points that may be wrong, as the report shows them: on their photos, beside where other rows tell them to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from injerto.evidence.drawn import drawn
from injerto.evidence.told import Mark
from injerto.schema.schema import Input
from injerto.table.table import Table

SHOWN = 12
"""Photos; one photo may have several such labels, as when left and right are exchanged."""

Suspect = Mapping[str, Any]
"""`row` in the table as given, `point`, `truth` and `answer` in pixels of the photo as stored, `times`, maybe `reason`."""


def drawn_suspects(table: Table, photo: tuple[str, Input], suspects: Sequence[Suspect]) -> list[dict[str, Any]]:
    """`suspects`, the most suspicious first, as evidence: the first of each of the first photos has what draws it beside it."""
    places = {int(row): place for place, row in enumerate(table.rows)}
    first = {id(group[0]): group for group in by_photo(suspects)[:SHOWN]}
    shown = []
    for suspect in suspects:
        group = first.get(id(suspect))
        row = {} if group is None else drawn(table, photo, places[suspect["row"]], [_mark(one) for one in group])
        shown.append({**row, **suspect})
    return shown


def by_photo(suspects: Sequence[Suspect]) -> list[list[Suspect]]:
    """The suspects of each row together, the row with the most suspicious first."""
    groups: dict[int, list[Suspect]] = {}
    for suspect in suspects:
        groups.setdefault(suspect["row"], []).append(suspect)
    return list(groups.values())


def _mark(suspect: Suspect) -> Mark:
    return Mark(suspect["point"], truth=_place(suspect["truth"]), answer=_place(suspect["answer"]))


def _place(xy: Sequence[float]) -> tuple[float, float]:
    return float(xy[0]), float(xy[1])

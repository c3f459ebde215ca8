"""Plain tables of selections: a line each, with columns for the recording, the start, the end and the label."""

from __future__ import annotations

import csv
import io

from injerto.table.annotations.columns import Columns
from injerto.table.annotations.line import line_of
from injerto.table.annotations.selection import Annotations, Recorded

_HEADER = ("recording", "start_s", "end_s", "label", "low_hz", "high_hz", "score")


def is_listed(columns: Columns) -> bool:
    """Whether the columns say where a selection starts and ends."""
    return columns.place("start") is not None and columns.place("end") is not None


def read_listed(columns: Columns, rows: list[tuple[int, list[str]]], label: str | None) -> Annotations:
    """The selections of a table, in seconds of their recordings. *Raises* TableError without a column of labels."""
    if not rows:
        return Annotations("list", [])
    labels = columns.label([cells for _, cells in rows], label)
    start, end, file = columns.place("start"), columns.place("end"), columns.place("file")
    low, high, score = columns.place("low"), columns.place("high"), columns.place("score")
    found = [
        line_of(
            place,
            columns.cell(cells, file),
            (columns.cell(cells, start), columns.cell(cells, end)),
            label=columns.cell(cells, labels),
            hz=(columns.cell(cells, low), columns.cell(cells, high)),
            score=columns.cell(cells, score),
        )
        for place, cells in rows
    ]
    return Annotations("list", found, (f"labels from the column '{columns.header[labels]}'",))


def listed_text(parts: list[Recorded]) -> str:
    """A comma-separated table with everything a selection holds."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_HEADER)
    for part in parts:
        for one in part.selections:
            rest = ("" if value is None else f"{value:.6g}" for value in (one.low_hz, one.high_hz, one.score))
            lines.writerow([part.recording, f"{one.start_s:.6f}", f"{one.end_s:.6f}", one.label, *rest])
    return text.getvalue()

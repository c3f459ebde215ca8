"""Raven selection tables: a line for each view of a selection, and a table may span a whole sequence of recordings.

*Source*: Raven Pro counts `Begin Time (s)` from the start of the sequence that was opened, and `File Offset (s)` from the
start of `Begin File`. Raven Lite and other programs write the first alone, for one recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from injerto.errors import TableError
from injerto.table.annotations.columns import Columns
from injerto.table.annotations.line import line_of, number
from injerto.table.annotations.selection import Annotations, Line, Recorded

_HEADER = (
    "Selection",
    "View",
    "Channel",
    "Begin Time (s)",
    "End Time (s)",
    "Low Freq (Hz)",
    "High Freq (Hz)",
    "Begin File",
    "File Offset (s)",
    "Label",
    "Score",
)


def is_raven(columns: Columns) -> bool:
    """Whether these are the columns of a Raven selection table."""
    return columns.named("begin_time_s") is not None and columns.named("end_time_s") is not None


def read_raven(columns: Columns, rows: list[tuple[int, list[str]]], label: str | None) -> Annotations:
    """The selections of a table, each once, in seconds of its own recording.

    *Raises* TableError without a column of labels, and for a table of several recordings that says only where in the whole
    sequence a selection lies.
    """
    if not rows:
        return Annotations("raven", [])
    labels = columns.label([cells for _, cells in rows], label)
    offsets = columns.named("file_offset_s")
    files = {_file(columns, cells) for _, cells in rows} - {""}
    if len(files) > 1 and offsets is None:
        raise TableError(
            f"it names {len(files)} recordings but has no column 'File Offset (s)', and Raven counts seconds from the start of "
            "the first recording. Choose that measurement in Raven and save the table again."
        )
    found: dict[object, Line] = {}
    for place, cells in rows:
        line = _line(columns, place, cells, labels=labels, offset=columns.cell(cells, offsets) if offsets is not None else None)
        selection, view = columns.cell(cells, columns.named("selection")), line.selection
        times = (view.start_s, view.end_s, view.label) if view else place
        key = (line.recording, selection, times) if selection else place
        found[key] = _completed(found[key], line) if key in found else line
    return Annotations("raven", list(found.values()), (f"labels from the column '{columns.header[labels]}'",))


def raven_text(parts: list[Recorded]) -> str:
    """All lines of `raven_lines`, as one text."""
    return "".join(f"{line}\n" for line in raven_lines(parts))


def raven_lines(parts: Iterable[Recorded]) -> Iterator[str]:
    """A table that Raven opens, for one recording or for a sequence of them in this order, line by line.

    A selection without frequencies reaches from 0 to `top_hz`, as Raven draws no box without edges.
    *Raises* ValueError when there are several recordings and one before the last has no duration.
    """
    yield "\t".join(_HEADER)
    before_s: float | None = 0.0
    count = 0
    for part in parts:
        if before_s is None:
            raise ValueError("A Raven table of several recordings needs the duration of each.")
        for one in part.selections:
            count += 1
            low_hz = 0.0 if one.low_hz is None else one.low_hz
            high_hz = max(part.top_hz, low_hz) if one.high_hz is None else one.high_hz
            times = [f"{before_s + one.start_s:.6f}", f"{before_s + one.end_s:.6f}", f"{low_hz:.3f}", f"{high_hz:.3f}"]
            file = part.recording.replace("\\", "/").rsplit("/", 1)[-1]
            score = "" if one.score is None else f"{one.score:.6g}"
            rest = [file, f"{one.start_s:.6f}", " ".join(one.label.split()), score]
            yield "\t".join([str(count), "Spectrogram 1", "1", *times, *rest])
        before_s = None if part.duration_s is None else before_s + part.duration_s


def _file(columns: Columns, cells: list[str]) -> str:
    """The recording of a line: its path, which tells two recordings of one name apart, or its name."""
    return columns.cell(cells, columns.named("begin_path")) or columns.cell(cells, columns.place("file"))


def _line(columns: Columns, place: int, cells: list[str], *, labels: int, offset: str | None) -> Line:
    """One view of a selection. `offset` is the cell of `File Offset (s)`, or None without that column."""
    file = _file(columns, cells)
    start, end = (columns.cell(cells, columns.named(name)) for name in ("begin_time_s", "end_time_s"))
    start_s, end_s = number(start), number(end)
    if offset is not None and file and start_s is not None and end_s is not None:
        offset_s = number(offset)
        if offset_s is None:
            return Line(place, file, None, f"'File Offset (s)' is no number of seconds: '{offset[:40]}'")
        start, end = repr(offset_s), repr(offset_s + end_s - start_s)
    return line_of(
        place,
        file,
        (start, end),
        label=columns.cell(cells, labels),
        hz=(columns.cell(cells, columns.place("low")), columns.cell(cells, columns.place("high"))),
        score=columns.cell(cells, columns.place("score")),
    )


def _completed(first: Line, second: Line) -> Line:
    """The same selection in another view: a waveform has no frequencies, a spectrogram has them."""
    here, there = first.selection, second.selection
    if here is None or there is None or here.low_hz is not None:
        return first
    return replace(first, selection=replace(here, low_hz=there.low_hz, high_hz=there.high_hz))

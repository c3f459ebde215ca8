"""Text with a delimiter (CSV and its relatives) to a frame of strings; ragged rows are named, not mended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from injerto.errors import TableError
from injerto.table.blanks import tabbed
from injerto.table.dialect import NO_DELIMITER, delimiter_of
from injerto.table.records import exact_columns, records
from injerto.table.text import to_utf8


@dataclass(frozen=True)
class Delimited:
    """Cells as strings, before any of them is understood."""

    frame: pl.DataFrame
    delimiter: str
    notes: tuple[str, ...]
    lines: np.ndarray | None
    """Where (N,) each row starts in the file, from 1; None where that cannot be told."""


def read_delimited(raw: bytes, name: str, *, delimiter: str | None = None) -> Delimited:
    """Read comma, semicolon, tab or pipe separated text of any usual encoding, or columns with blanks between them.

    `delimiter` is that of the table where `raw` is a piece of one.

    *Raises* TableError for no text, no rows, duplicate column names, ragged rows and open quotes.
    """
    content, encoding = to_utf8(raw, name)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")  # files of old Macintosh programs
    text = content.decode("utf-8")
    told, notes = delimiter is not None, []
    delimiter = delimiter or delimiter_of(text)
    if delimiter == NO_DELIMITER and not told and (tabs := tabbed(text, name)) is not None:
        text, content, delimiter = tabs, tabs.encode(), "\t"
        notes.append("The columns have blanks between them, and were read so. Save the table as CSV where they came out wrong.")
    header = [cell.strip() for cell in next(records(text, delimiter))[1]]
    frame = _fast(content, delimiter, len(header))
    if frame is None:
        columns = exact_columns(text, delimiter, name)
        frame = pl.DataFrame({str(at): pl.Series(cells, dtype=pl.String) for at, cells in enumerate(columns)})
    if encoding in ("windows-1252", "latin-1"):
        notes.append(f"The file is not UTF-8; it was read as {encoding}. Check that accents look right.")
    frame = _with_names(frame, header, name, notes)
    if frame.height == 0:
        raise TableError(f"The table {name} has column names ({', '.join(frame.columns[:5])}) but no rows.")
    return Delimited(frame, delimiter, tuple(notes), _lines(text, delimiter, frame.height))


def _lines(text: str, delimiter: str, rows: int) -> np.ndarray | None:
    """The line (rows,) on which each row starts: the next one, unless lines are blank or cells hold several."""
    if text.rstrip("\r\n").count("\n") == rows:
        return np.arange(rows) + 2
    found = np.array([line for line, _ in records(text, delimiter)][1:])
    return found if len(found) == rows else None


def _fast(content: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """What polars reads, or None where it fails or may have filled up a short row."""
    try:
        frame = pl.read_csv(content, separator=delimiter, infer_schema=False, empty_string_is_null=False)
        if frame.width != width:
            return None
        # A short row and a blank line look like empty last cells. Marking the end of every line tells them apart.
        if (frame.to_series(width - 1) == "").any():
            mark = f"{delimiter}#".encode()
            marked = content.replace(b"\r\n", b"\n").rstrip(b"\n").replace(b"\n", mark + b"\n") + mark
            ends = pl.read_csv(marked, separator=delimiter, infer_schema=False, columns=[width]).to_series()
            return frame if len(ends) == frame.height and (ends == "#").all(ignore_nulls=False) else None
    except PolarsError:
        return None  # a ragged row, an open quote, or quoting that polars refuses and other programs write
    return frame


def _with_names(frame: pl.DataFrame, header: list[str], name: str, notes: list[str]) -> pl.DataFrame:
    """Take over the header: a nameless empty last column goes (a trailing delimiter), other nameless ones get a name."""
    while len(header) > 1 and not header[-1] and (frame.to_series(len(header) - 1) == "").all():
        frame, header = frame[:, :-1], header[:-1]
    names, more = named_columns(header, name)
    notes += more
    frame.columns = names
    return frame


def named_columns(header: list[str], table: str) -> tuple[list[str], list[str]]:
    """Names of columns, those without one called after their place, and what to say of them. *Raises* TableError for twins."""
    notes = []
    names = [cell or f"unnamed_{place}" for place, cell in enumerate(header, start=1)]
    unnamed = [new for old, new in zip(header, names, strict=True) if not old]
    if unnamed:
        notes.append(f"Columns without a name were called {', '.join(unnamed)}, after their place.")
    if pl.Series(header).cast(pl.Float64, strict=False).is_not_null().all():
        notes.append(
            "The first line holds only numbers, and was taken for column names. If it is data, add a line of names above."
        )
    refuse_duplicates(names, table)
    return names, notes


def refuse_duplicates(names: list[str], table: str) -> None:
    """*Raises* TableError listing every column name that occurs more than once."""
    twice = [f"'{name}' ({count} times)" for name, count in Counter(names).items() if count > 1]
    if twice:
        raise TableError(
            f"The table {table} has columns of the same name: {', '.join(twice)}. Rename them so that each is unique."
        )

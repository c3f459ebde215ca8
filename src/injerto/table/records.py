"""The exact reader of text tables: slower than polars, it names the line where a row has too few or too many cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from injerto.errors import TableError

# Cells may be long (a picture's grey levels); Python's own limit is 128 KiB.
csv.field_size_limit(2**31 - 1)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with the number of its first line, from 1; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for record in reader:
        if len(record) > 1 or (record and record[0].strip()):
            yield line, record
        line = reader.line_num + 1


def exact_columns(text: str, delimiter: str, name: str) -> list[list[str]]:
    """All cells under the header, column by column.

    *Raises* TableError at a ragged row or at a quote that is never closed.
    """
    rows: list[list[str]] = []
    width, last_line = 0, 1
    for line, record in records(text, delimiter):
        width, last_line = width or len(record), line
        if len(record) != width:
            refuse_open_quote(text, delimiter, name, line)
            what = "too few" if len(record) < width else "too many"
            start = delimiter.join(record)[:60]
            raise TableError(
                f"The table {name} has {width} columns, but line {line} has {len(record)} cells, {what}: {start!r}. "
                "Mend the line, or put quotes around text that holds the delimiter."
            )
        rows.append(record)
    refuse_open_quote(text, delimiter, name, last_line)
    return [list(column) for column in zip(*rows[1:], strict=True)] if len(rows) > 1 else [[] for _ in range(width)]


def refuse_open_quote(text: str, delimiter: str, name: str, line: int) -> None:
    """A quote without its partner swallows the rest of the file into one cell; only the strict reader says so."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as slip:
        if "unexpected end of data" in str(slip):
            raise TableError(f"The table {name} opens a quote on line {line} or after, and never closes it.") from slip

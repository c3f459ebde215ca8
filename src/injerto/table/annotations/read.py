"""A file of selections of any format, recognised by what is in it: names of files are changed, contents are not."""

from __future__ import annotations

import csv
from pathlib import Path

from injerto.errors import TableError
from injerto.table.annotations.audacity import is_audacity, read_audacity
from injerto.table.annotations.cells import cells_of
from injerto.table.annotations.columns import Columns
from injerto.table.annotations.listed import is_listed, read_listed
from injerto.table.annotations.raven import is_raven, read_raven
from injerto.table.annotations.selection import Annotations
from injerto.table.text import to_utf8

SUFFIXES = frozenset({".txt", ".csv", ".tsv", ".tab"})
"""Endings of the files that are opened in a folder of annotations."""

_DELIMITERS = ("\t", ";", ",", "|")
CLIPS_COLUMNS = ("recording", "start_s", "end_s", "label", "source")
"""Of the table that `injerto clips` writes."""
_CLIPS_LINE = ",".join(CLIPS_COLUMNS).encode()


def is_table_of_clips(path: Path) -> bool:
    """Whether a file is a table that `injerto clips` wrote: it may lie beside the annotations it was made from."""
    try:
        with path.open("rb") as file:
            return file.read(len(_CLIPS_LINE)) == _CLIPS_LINE
    except OSError:
        return False  # the reader says why


def read_annotations(path: Path, *, label: str | None = None) -> Annotations:
    """The selections of a Raven table, an Audacity label track, or a plain table; `label` names the column of labels.

    *Raises* TableError when the file is none of these, with what was found in its place. Single lines that cannot be used
    are among the lines, with their reasons.
    """
    try:
        raw = path.read_bytes()
    except OSError as slip:
        raise TableError(f"it cannot be read: {slip.strerror or slip}.") from slip
    if not raw.strip():
        raise TableError(f"it is empty: it has {len(raw)} bytes.")
    text = to_utf8(raw, path.name)[0].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    head = next(line for line in text.split("\n") if line.strip())
    for delimiter in _DELIMITERS:
        columns = Columns(next(csv.reader([head], delimiter=delimiter)))
        if tuple(columns.header) == CLIPS_COLUMNS:
            raise TableError("it is a table of clips as 'injerto clips' writes them. Give the selections they were cut from.")
        reader = read_raven if is_raven(columns) else read_listed if is_listed(columns) else None
        if reader is not None:
            return reader(columns, list(cells_of(text, delimiter, path.name))[1:], label)
    rows = list(cells_of(text, "\t", path.name))
    if is_audacity(rows):
        return read_audacity(rows)
    raise TableError(
        f"it holds no selections that are known: its first line is '{head.strip()[:60]}'. Expected a Raven "
        "selection table (with the columns 'Begin Time (s)' and 'End Time (s)'), an Audacity label track (start, end and label "
        "between tabs), or a table with columns such as recording, start_s, end_s and label."
    )

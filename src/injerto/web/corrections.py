"""What people corrected, as tables to train on: a line each, with their files beside, in a folder for each model."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import soundfile
from PIL import Image

from injerto.errors import OutputError
from injerto.table.quiet import quiet
from injerto.web.fields import Field
from injerto.whole_file import write_whole

TABLE, HISTORY, FILES = "corrections.csv", "history.jsonl", "files"
_ENDINGS = {"JPEG": ".jpg", "MPO": ".jpg", "JPEG2000": ".jp2", "TIFF": ".tif", "OGG": ".ogg"}


class Corrections:
    """The corrections of one model. The table holds what a model learns from and nothing else; when and what the model had
    said stand in `history.jsonl`, as they would give the answer away.
    """

    def __init__(self, folder: Path, fields: Sequence[Field], labels: Sequence[str]) -> None:
        self.folder, self.fields, self.labels = folder, tuple(fields), tuple(labels)
        self._turn = threading.Lock()

    @property
    def columns(self) -> list[str]:
        """The columns of the table."""
        return [*(field.name for field in self.fields), *self.labels]

    def add(self, row: Mapping[str, Any], truth: Mapping[str, Any], said: object) -> int:
        """Write a row down, and what is true of it; how many there are now. Cells are as `cell_of` gives them.

        *Raises* OutputError when it cannot be written; nothing is left half written.
        """
        cells = [self._cell(row.get(field.name), field) for field in self.fields]
        cells += [_text(truth.get(label)) for label in self.labels]
        with self._turn:
            table = self._table()
            append(table, _line(cells))
            told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "table": table.name, "said": said}
            append(self.folder / HISTORY, json.dumps(told, ensure_ascii=False) + "\n")
            with table.open(encoding="utf-8", newline="") as file:
                return sum(1 for _ in csv.reader(file)) - 1

    def _cell(self, cell: Any, field: Field) -> str:
        if isinstance(cell, bytes):
            name = f"{FILES}/{hashlib.sha256(cell).hexdigest()[:24]}{_ending(cell, field)}"
            place = self.folder / name
            if not place.exists():
                write_whole(place, lambda file: file.write(cell))
            return name
        if isinstance(cell, list):
            return f"{field.separator} ".join(cell)
        return _text(cell)

    def _table(self) -> Path:
        """The table with these columns: a model that reads others has one of its own."""
        head = _line(self.columns)
        for number in range(1, 1000):
            place = self.folder / (TABLE if number == 1 else f"{Path(TABLE).stem}-{number}.csv")
            if not place.exists() or not place.stat().st_size:
                append(place, head)
                return place
            with place.open(encoding="utf-8", newline="") as file:
                if next(csv.reader(file), []) == self.columns:
                    return place
        raise OutputError(f"'{self.folder}' holds a thousand tables of other columns. Give --corrections another folder.")


def append(path: Path, text: str) -> None:
    """Write `text` at the end of a file, all of it or nothing, and see it to the disk. *Raises* OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            length = file.seek(0, io.SEEK_END)
            content = text.encode("utf-8", "surrogatepass")
            try:
                if file.write(content) != len(content):
                    raise OSError("no space is left")
                os.fsync(file.fileno())
            except OSError:
                file.truncate(length)
                raise
    except OSError as slip:
        raise OutputError(f"'{path}' cannot be written: {slip.strerror or slip}.") from slip


def _ending(content: bytes, field: Field) -> str:
    """Of the name that a file gets, by what it holds; what a request calls it plays no part."""
    if field.kind == "image":
        with quiet(), Image.open(io.BytesIO(content)) as image:
            format = image.format or "PNG"
    else:
        format = soundfile.info(io.BytesIO(content)).format
    return _ENDINGS.get(format, f".{format.lower()}")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return repr(cell).removesuffix(".0") if isinstance(cell, float) else str(cell)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()

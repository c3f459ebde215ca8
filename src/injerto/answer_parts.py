"""Answers that are written piece by piece: parts on disk that outlive a killed run, joined into one file at the end."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import IO

import polars as pl

from injerto.errors import OutputError
from injerto.table.suffixes import TABLE_SUFFIXES
from injerto.told import Told
from injerto.whole_file import write_whole

_COPIED = 2**24


class AnswerParts:
    """The parts of one answer under way, in a folder beside `out`; a part counts once its note is there."""

    def __init__(self, out: Path, identity: str) -> None:
        """`identity` tells this answer from others: what another command left is removed.

        *Raises* OutputError when the folder cannot be made.
        """
        place = out.resolve()
        self.out, self.folder = out, place.with_name(f".{place.name}.unfinished")
        note = self.folder / "run.json"
        try:
            if not (note.is_file() and json.loads(note.read_text(encoding="utf-8")) == identity):
                shutil.rmtree(self.folder, ignore_errors=True)
                self.folder.mkdir(parents=True)
                note.write_text(json.dumps(identity), encoding="utf-8")
        except (OSError, ValueError) as slip:
            raise OutputError(f"The working folder '{self.folder}' cannot be used: {slip}. Remove it.") from slip
        self._next = self.count

    @property
    def count(self) -> int:
        """How many parts are there without a gap."""
        number = 0
        while self._note(number).is_file():
            number += 1
        return number

    @property
    def rows(self) -> int:
        """How many rows the parts answer."""
        return sum(self._told(number).rows for number in range(self.count))

    def add(self, answers: pl.DataFrame, told: Told) -> None:
        """Write the next part. *Raises* OutputError when the disk is full; what is written stays."""
        whole, number = BytesIO(), self._next
        answers.write_parquet(whole)
        write_whole(self._part(number), lambda file: file.write(whole.getbuffer()))
        write_whole(self._note(number), lambda file: file.write(json.dumps(told.to_json()).encode()))
        self._next += 1

    def join(self) -> Told:
        """Write all parts in order into `out`, and take the folder away. *Raises* OutputError when the disk is full."""
        numbers, told = range(self.count), Told()
        if self.out.suffix.lower() == ".parquet":
            joined = self.folder / "joined.parquet"
            try:
                pl.scan_parquet([self._part(number) for number in numbers]).sink_parquet(joined)
            except (OSError, pl.exceptions.PolarsError) as slip:
                raise OutputError(f"'{self.out}' cannot be written: {slip}. The answers so far are kept.") from slip
            write_whole(self.out, lambda file: _copy(joined, file))
        else:
            write_whole(self.out, self._as_text)
        for number in numbers:
            told.add(self._told(number))
        shutil.rmtree(self.folder, ignore_errors=True)
        return told

    def _as_text(self, file: IO[bytes]) -> None:
        separator = "\t" if self.out.suffix.lower() == ".tsv" else ","
        for number in range(self.count):
            text = BytesIO()
            pl.read_parquet(self._part(number)).write_csv(text, include_header=number == 0, separator=separator)
            file.write(text.getbuffer())

    def _told(self, number: int) -> Told:
        return Told.from_json(json.loads(self._note(number).read_text(encoding="utf-8")))

    def _part(self, number: int) -> Path:
        return self.folder / f"part{number:06}.parquet"

    def _note(self, number: int) -> Path:
        return self.folder / f"part{number:06}.json"


def require_out(out: Path, *, force: bool) -> None:
    """*Raises* OutputError, before the work, when `out` is no table that can be written, or is there and not to be replaced."""
    if out.suffix.lower() not in TABLE_SUFFIXES:
        raise OutputError(
            f"'{out}' does not say how it is to be written. Let its name end in one of: {', '.join(TABLE_SUFFIXES)}."
        )
    if out.exists() and not force:
        raise OutputError(f"'{out}' exists already. Give another name, or force=True to replace it.")


def _copy(path: Path, file: IO[bytes]) -> None:
    with path.open("rb") as source:
        shutil.copyfileobj(source, file, _COPIED)

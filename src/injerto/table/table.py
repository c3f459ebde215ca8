"""Table: rows and columns as they came, with the folder that relative paths of photos and sounds start from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from injerto.errors import ColumnError, TableError, TableNotFoundError, did_you_mean
from injerto.places.address import Address, AddressError, Place, given_place, place_of
from injerto.places.opened import exists, is_folder
from injerto.table.column import Column
from injerto.table.content import Content
from injerto.table.digest import frame_digest
from injerto.table.excel import parted
from injerto.table.folder import read_folder
from injerto.table.formats import READERS, read_file
from injerto.table.frames import frame_of, plain
from injerto.table.not_found import not_found


@dataclass(frozen=True)
class Table:
    """Rows and columns as they came. A table is never changed; `take` gives another.

    Example:
        >>> table = Table.of({"species": ["ant", "bee"], "mass_mg": [3, 90]})
        >>> len(table), table.columns
        (2, ['species', 'mass_mg'])
    """

    frame: pl.DataFrame
    folder: Place
    name: str
    rows: np.ndarray
    """Row numbers (N,) int64, from 0, in the table as it was given."""
    notes: tuple[str, ...] = field(default=())
    """What a person should know about how the table was read."""
    lines: np.ndarray | None = None
    """Of a text file: the line (N,) on which each row starts, from 1 as editors count; None where there is none."""

    @classmethod
    def read(cls, path: str | Path | Address) -> Self:
        """Read a csv, tsv, txt, parquet, arrow, feather, json or Excel file (also packed), or a folder per class.

        field.xlsx#nests is the sheet `nests` of a workbook; without, it is the first that has cells.
        Keypoints in COCO's JSON and in DeepLabCut's CSV are known by their content. An address (s3://, gs://, https://, http://)
        is read as a path is.

        *Raises* TableNotFoundError when nothing is there, TableError when it cannot be read.
        """
        try:
            place = given_place(path)
            if is_folder(place):
                name = place.resolve().name if isinstance(place, Path) else place.name
                return cls._made(read_folder(place), folder=place, name=name)
            if not exists(parted(place)[0]):
                raise TableNotFoundError(not_found(parted(place)[0], READERS))
        except (AddressError, PermissionError, TimeoutError) as slip:
            raise TableError(f"The table {path} cannot be read: {slip.strerror or slip}.") from slip
        return cls._made(read_file(place), folder=place.parent, name=_name(place))

    @classmethod
    def of(cls, data: object, *, folder: str | Path | Address = ".") -> Self:
        """Take in a Table, a path, a dataframe of any Arrow library, a dict of lists, or a 2-D numpy array.

        *Raises* TableError when it is none of these, or has no rows or no columns.
        """
        if isinstance(data, cls):
            return data
        if isinstance(data, str | Path | Address):
            return cls.read(data)
        return cls._made(Content(frame_of(data)), folder=place_of(folder), name="table")

    @classmethod
    def _made(cls, content: Content, *, folder: Place, name: str) -> Self:
        frame = plain(content.frame)
        if frame.width == 0 or frame.height == 0:
            raise TableError(
                f"The table {name} has {frame.height} rows and {frame.width} columns; at least one of each is needed."
            )
        return cls(frame, folder, name, np.arange(frame.height), content.notes, content.lines)

    def __len__(self) -> int:
        return self.frame.height

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.frame.columns

    @property
    def sample(self) -> Self:
        """The rows that are in memory: all of them. Of a long table they are a sample."""
        return self

    def column(self, name: str) -> Column:
        """One column. *Raises* ColumnError with the nearest name."""
        if name not in self.frame.columns:
            known = ", ".join(self.columns[:20]) + (", ..." if len(self.columns) > 20 else "")
            raise ColumnError(
                f"The table {self.name} has no column '{name}'.{did_you_mean(name, self.columns)} Its columns: {known}."
            )
        return Column(name, self.frame[name], self.folder, self.rows)

    def take(self, indices: np.ndarray) -> Self:
        """The rows at `indices`, in that order; `rows` still counts in the table as it was given."""
        lines = None if self.lines is None else self.lines[indices]
        return type(self)(self.frame[indices], self.folder, self.name, self.rows[indices], self.notes, lines)

    def digest(self) -> str:
        """A hash of names, types and values, the same on every machine; the content of media files is not in it."""
        return frame_digest(self.frame)


def _name(path: Place) -> str:
    """The file's name without what says how it is packed and written."""
    return Path(path.name.removesuffix(".gz").removesuffix(".zip")).stem

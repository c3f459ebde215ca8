"""Which of many files is the table, and from which folder its paths of photos and sounds start."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from injerto.errors import InjertoError
from injerto.table.excel import SUFFIXES as EXCEL
from injerto.table.formats import READERS
from injerto.table.suffixes import PHOTO_SUFFIXES, SOUND_SUFFIXES
from injerto.table.table import Table

MOST_TABLES = 500
_MEDIA = PHOTO_SUFFIXES | SOUND_SUFFIXES
_SURE = frozenset({".csv", ".tsv", ".parquet", ".pq", ".arrow", ".feather", *EXCEL})
"""Endings that mean a table; the others may be notes."""
_PACKED = frozenset({".gz", ".zip"})
_SAMPLE, _MOST_FOLDERS = 200, 300


def is_table(path: str) -> bool:
    """Whether a file is a table by its name.

    Example:
        >>> is_table("birds.csv"), is_table("birds.csv.gz"), is_table("photos.zip")
        (True, True, False)
    """
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in READERS


def tables_in(files: Sequence[str]) -> list[str]:
    """The files that are tables by their names, the likeliest alone where there are any; at most 500."""
    found = [path for path in files if is_table(path)]
    sure = [path for path in found if _SURE & {suffix.lower() for suffix in Path(path).suffixes}]
    return sorted(sure or found, key=lambda path: (path.count("/"), path))[:MOST_TABLES]


def photo_folder(folder: Path, files: Sequence[str]) -> str | None:
    """Of an upload without a table: the folder with one folder of photos or sounds for each class, from `folder`.

    None where there is no photo and no sound. A browser sends the name of the folder that was chosen before all names.
    """
    media = [Path(path) for path in files if Path(path).suffix.lower() in _MEDIA]
    if not media:
        return None
    tops = {path.parts[0] for path in media}
    return tops.pop() if len(tops) == 1 and all(len(path.parts) > 1 for path in media) else ""


def settle(root: Path, path: str) -> tuple[str, str]:
    """Move the table `path` of an upload to the folder that its own paths start from; where it is now, and what to say.

    Paths in a table start beside it. A person who drops a table and a folder has not said how the two belong together.
    """
    place = root / path
    try:
        frame = Table.read(place).frame
    except InjertoError:
        return path, ""  # the check says what is wrong with it
    cells = list(_likely_paths(frame))
    if not cells:
        return path, ""
    counts = {folder: _there(folder, cells) for folder in [place.parent, *_folders(root)]}
    best = max(counts, key=lambda folder: counts[folder])  # the first of several: beside the table
    if counts[best] <= counts[place.parent] or (best / place.name).exists():
        return path, ""
    os.replace(place, best / place.name)
    shown = best.relative_to(root).as_posix()
    return (best / place.name).relative_to(root).as_posix(), f"The files that the table names lie in the folder '{shown}'."


def _likely_paths(frame: pl.DataFrame) -> Iterator[str]:
    """Cells that end as photos and sounds do."""
    for name in frame.columns:
        if frame[name].dtype == pl.String:
            some = frame[name].drop_nulls().head(_SAMPLE).to_list()
            yield from (cell for cell in some if Path(cell).suffix.lower() in _MEDIA)


def _there(folder: Path, cells: Sequence[str]) -> int:
    return sum(os.path.isfile(folder / cell) for cell in cells)


def _folders(root: Path) -> Iterator[Path]:
    found = (Path(place) / name for place, names, _ in os.walk(root) for name in sorted(names))
    yield from (folder for _, folder in zip(range(_MOST_FOLDERS), found, strict=False))

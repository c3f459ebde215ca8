"""A folder of photos or sounds to a frame: one row a file, its class the subfolder it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import splitext
from pathlib import Path

import polars as pl

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.table.content import Content
from injerto.table.suffixes import PHOTO_SUFFIXES, SOUND_SUFFIXES
from injerto.table.walk import files_below, folders_below

_SIDES = frozenset({"train", "training", "tune", "val", "valid", "validation", "dev", "test", "testing"})

_LAYOUT = "Expected a folder per class (bees/1.jpg, bees/2.jpg, ants/1.jpg), or a flat folder of photos or sounds to predict."


def read_folder(folder: Place) -> Content:
    """The columns `file` (path from `folder`) and `class` (the top-level subfolder); `file` alone if all files lie flat.

    Folders named train, val and test on top become a column `split`, and the folders in them the classes.
    Hidden files are passed over; files that are neither photos nor sounds, and folders of classes that hold none, are named in
    notes.
    *Raises* TableError when there is nothing to read, or photos and sounds are mixed.
    """
    everything = files_below(folder)
    endings = [splitext(file)[1].lower() for file in everything]
    photos = [file for file, ending in zip(everything, endings, strict=True) if ending in PHOTO_SUFFIXES]
    known = PHOTO_SUFFIXES | SOUND_SUFFIXES
    files = [file for file, ending in zip(everything, endings, strict=True) if ending in known]
    others = [file for file, ending in zip(everything, endings, strict=True) if ending not in known]
    if not files:
        found = f"It holds {_some(others)}." if others else "It is empty."
        raise TableError(f"The folder {folder} has no photos and no sounds. {found} {_LAYOUT}")
    if photos and len(photos) < len(files):
        raise TableError(
            f"The folder {folder} mixes {len(photos)} photos and {len(files) - len(photos)} sounds. "
            "Put each kind in a folder of its own, or write a table with a column for each."
        )
    notes = [f"Left out, being neither photos nor sounds: {_some(others)}."] if others else []
    parts = [file.split("/") for file in files]
    frame: dict[str, Sequence[str | None]] = {"file": files}
    sides = all(len(part) > 2 and part[0].lower() in _SIDES for part in parts)
    if sides:
        frame |= {"class": [part[1] for part in parts], "split": [part[0].lower() for part in parts]}
        notes.append(
            "The top folders are the sides of a split; they became the column 'split', the folders in them the classes."
        )
    elif any(len(part) > 1 for part in parts):
        loose = [file for file, part in zip(files, parts, strict=True) if len(part) == 1]
        frame |= {"class": [part[0] if len(part) > 1 else None for part in parts]}
        if loose:
            notes.append(f"{len(loose)} files lie beside the class folders and have no class: {_some(loose)}.")
    filled = {"/".join(part[: 1 + sides]) for part in parts}
    empty = sorted(set(folders_below(folder, 1 + sides, everything)) - filled) if "class" in frame else []
    if empty:
        notes.append(f"Without any photo or sound, and so no class: {_some([f'{name}/' for name in empty])}.")
    return Content(pl.DataFrame(frame, schema_overrides=dict.fromkeys(frame, pl.String)), tuple(notes))


def sound_files(folder: Place) -> list[Place]:
    """The files below `folder` that are sounds by their names, in one order; hidden ones are passed over.

    *Raises* TableError where a folder cannot be read.
    """
    return [folder / file for file in files_below(folder) if Path(file).suffix.lower() in SOUND_SUFFIXES]


def _some(names: list[str]) -> str:
    """The first few names, and how many more."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")

"""Which files of selections a person means: those named, and in a folder all that could be some."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from injerto.errors import TableError, TableNotFoundError, did_you_mean
from injerto.table.annotations.read import SUFFIXES, is_table_of_clips
from injerto.table.walk import files_below


def annotation_files(given: Sequence[str | Path]) -> tuple[list[Path], list[Path]]:
    """Files of selections, each once and in order, and tables of clips that lay among them in a folder and are passed over.

    *Raises* TableNotFoundError for a path where nothing is, TableError when a folder holds no file that could be one.
    """
    files: dict[str, Path] = {}
    passed_over: list[Path] = []
    for path in (Path(one).expanduser() for one in given):
        if not path.exists():
            names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
            raise TableNotFoundError(f"There are no annotations at {path}.{did_you_mean(path.name, names)}")
        inside = [path]
        if path.is_dir():
            inside = [path / name for name in files_below(path) if Path(name).suffix.lower() in SUFFIXES]
            if not inside:
                raise TableError(f"The folder {path} holds no annotations; they end in {', '.join(sorted(SUFFIXES))}.")
            clips = [file for file in inside if is_table_of_clips(file)]
            passed_over += clips
            inside = [file for file in inside if file not in clips]
        files |= {os.path.realpath(file): file for file in inside}
    if not files:
        raise TableError("No annotations were given." if not passed_over else f"{passed_over[0]} is a table of clips already.")
    return list(files.values()), passed_over

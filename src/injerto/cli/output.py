"""Where results go: refused before the work starts when it cannot be written."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from injerto.errors import OutputError
from injerto.table.suffixes import TABLE_SUFFIXES
from injerto.whole_file import require_here, write_whole

if TYPE_CHECKING:
    import polars as pl


def new_file(path: Path, *, suffixes: tuple[str, ...], force: bool) -> None:
    """Make sure that a file can be written at `path`. *Raises* OutputError with what to do otherwise."""
    require_here(path)
    if path.suffix.lower() not in suffixes:
        found = f"ends in '{path.suffix}'" if path.suffix else "has no ending"
        raise OutputError(f"'{path}' {found}; the format is chosen by it. Use one of: {', '.join(suffixes)}.")
    if path.is_dir():
        raise OutputError(f"'{path}' is a folder. Give the name of a file in it, such as '{path / ('answers' + suffixes[0])}'.")
    if path.exists() and not force:
        raise OutputError(f"'{path}' exists already. Give another name, or --force to replace it.")
    _require_folder(path)


def new_page(path: Path | None, *, force: bool) -> None:
    """Make sure that a page can be written at `path`, where one is asked for. *Raises* OutputError as `new_file` does."""
    if path is not None:
        new_file(path, suffixes=(".html",), force=force)


def new_table(path: Path | None, *, force: bool) -> None:
    """Make sure that a table can be written at `path`, where one is asked for. *Raises* OutputError as `new_file` does."""
    if path is not None:
        new_file(path, suffixes=TABLE_SUFFIXES, force=force)


def new_folder(path: Path, *, force: bool, forced: str = "replace the model in it") -> None:
    """Make sure that a folder can be made at `path`; `forced` is what --force does to one that is there.

    *Raises* OutputError with what to do otherwise.
    """
    require_here(path)
    if path.exists() and not path.is_dir():
        found = "a file" if path.is_file() else "a device or a pipe"
        raise OutputError(f"'{path}' is {found}. Give the name of a folder to be made.")
    if path.is_dir() and any(path.iterdir()) and not force:
        raise OutputError(f"The folder '{path}' exists already. Give another name, or --force to {forced}.")
    _require_folder(path)


def write_table(path: Path, frame: pl.DataFrame) -> None:
    """Write a table whole, in the format that the ending of `path` names. *Raises* OutputError as `write_whole` does."""
    # In memory first: a full disk is then Python's error, and not polars' "Invalid thrift: transport error".
    whole = BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(whole)
    else:
        frame.write_csv(whole, separator="\t" if path.suffix.lower() == ".tsv" else ",")
    write_whole(path, lambda file: file.write(whole.getbuffer()))


def write_page(path: Path, html: str) -> None:
    """Write a page whole. *Raises* OutputError as `write_whole` does."""
    write_whole(path, lambda file: file.write(html.encode()))


def _require_folder(path: Path) -> None:
    folder = path.resolve().parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise OutputError(f"'{path}' cannot be made: '{folder}' is a file, not a folder.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"'{path}' cannot be made: there is no permission to write in '{folder}'.")

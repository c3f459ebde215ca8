"""What a folder from a stranger may hold: plain files of its own, and text that does not fill the memory.

Nothing in a model is executed. What is left to a stranger is to lead a reader elsewhere, to let it wait for ever, or to make
little text into much memory; each is refused before the file is opened.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import polars as pl

from injerto.errors import ArtifactError

TEXT_BYTES = 256 * 1024**2
"""A text of a model larger than this is refused before it is read."""
TOML_BYTES = 4 * 1024**2
"""As TEXT_BYTES, for what declares: it is read by Python itself, slowly."""
VALUES = 20_000_000
"""Values in a JSON file, each of which takes some sixty bytes of memory: more than the vocabularies of any model here."""
ROWS = 500_000_000
"""Rows of a Parquet file: it is packed, and a few bytes could unfold to all of the memory."""


def require_plain(folder: Path) -> None:
    """*Raises* ArtifactError when anything in `folder` is no plain file: links out of it, devices and pipes.

    A link to a file of the folder itself may stay; one to elsewhere would let a model be made of, or shared with, files of
    the reader's own.
    """
    home = folder.resolve()
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        raise ArtifactError(f"'{folder}' cannot be read: {error.strerror or error}.") from error
    for entry in entries:
        place = folder / entry.name
        if entry.is_symlink() and not _below(place, home):
            raise ArtifactError(
                f"{entry.name} in '{folder}' is a link to something outside of the folder, and is not followed. If you trust "
                "whom it comes from, copy the folder with what its links name: cp -rL FOLDER COPY."
            )
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            raise ArtifactError(f"{place} cannot be read: {error.strerror or error}.") from error
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise ArtifactError(f"{entry.name} in '{folder}' is no file, but a device or a pipe. Injerto wrote no such thing.")


def _below(place: Path, home: Path) -> bool:
    try:
        return place.resolve(strict=True).is_relative_to(home)
    except (OSError, RuntimeError):  # it leads nowhere, or in a circle
        return False


def read_text(path: Path, most: int = TEXT_BYTES) -> str:
    """The text of a file of at most so many bytes. *Raises* ArtifactError when it is missing, too large or no text."""
    try:
        size = path.stat().st_size
        if size > most:
            raise ArtifactError(f"{path} has {size / 1024**2:,.0f} MiB, more than {most // 1024**2}: not a file Injerto wrote.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ArtifactError(f"The model lacks its file {path.name}. Copy the whole folder again.") from error
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read: {error}.") from error


def read_json(path: Path) -> Any:
    """What a JSON file holds. *Raises* ArtifactError when it is missing, damaged, too large, or would be in memory."""
    text = read_text(path)
    if sum(map(text.count, ",[{")) > VALUES:
        raise ArtifactError(f"{path} holds more than {VALUES:,} values: not a file Injerto wrote.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{path} cannot be read: {error}.") from error


def read_parquet(path: Path) -> pl.DataFrame:
    """The rows of a Parquet file. *Raises* ArtifactError for more than any table has, PolarsError when it is damaged."""
    rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
    if rows > ROWS:
        raise ArtifactError(f"{path} has {rows:,} rows: not a file Injerto wrote.")
    return pl.read_parquet(path)

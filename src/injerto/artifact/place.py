"""The place of a model folder: whether it is free, and how a finished folder takes it without a moment of nothing safe."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from injerto.errors import OutputError
from injerto.whole_file import require_here

MARK = "injerto.json"
"""The file that makes a folder a model."""


def is_model(folder: Path) -> bool:
    """Whether `folder` holds a model."""
    return os.path.isfile(folder / MARK)  # False, not an error, where a folder may not be entered


def require_place(folder: Path, *, force: bool) -> None:
    """*Raises* OutputError when a model may not be written at `folder`, before any work is done for it.

    A model that stands there is replaced only by `force`; anything else never.
    """
    require_here(folder)
    try:
        taken = folder.exists()
        empty = folder.is_dir() and not any(folder.iterdir())
    except OSError as error:
        raise OutputError(f"'{folder}' cannot be used for a model: {error.strerror or error}.") from error
    if not taken or empty:
        return
    if not folder.is_dir():
        raise OutputError(f"'{folder}' is not a folder. Give the name of a folder to be made for the model.")
    if not is_model(folder):
        raise OutputError(f"'{folder}' exists and is not a model of Injerto: choose another name, nothing was overwritten.")
    if not force:
        raise OutputError(
            f"The model '{folder}' exists already. Give another name, or force=True (on the command line --force) "
            "to replace it."
        )
    if folder.resolve() == Path.cwd():
        raise OutputError(f"'{folder}' is the folder you are in, which cannot be replaced from within. Go to the one above it.")


def aside_of(place: Path) -> Path:
    """Where the model that is being replaced waits until the new one stands."""
    return place.with_name(f".{place.name}.replaced")


def settle(fresh: Path, place: Path) -> None:
    """Put the finished folder `fresh` at `place`. What stood there goes last, and comes back when `fresh` cannot go there."""
    if place.is_dir() and not any(place.iterdir()):
        _fill(place, fresh)
        return
    aside = aside_of(place)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(place, aside)
    try:
        os.replace(fresh, place)
    except OSError:
        if aside.exists():
            os.replace(aside, place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _fill(place: Path, fresh: Path) -> None:
    """Move the files into an empty folder, which stays the same folder: a shell or a mount may hold on to it."""
    names = sorted((file.name for file in fresh.iterdir()), key=lambda name: name == MARK)  # a model only when all is there
    try:
        for name in names:
            shutil.move(fresh / name, place / name)
    except OSError:
        for name in names:
            (place / name).unlink(missing_ok=True)
        raise

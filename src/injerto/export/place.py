"""Where an exported folder goes: whole, or not there."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from injerto.artifact.place import is_model, settle
from injerto.errors import InjertoError, OutputError

MARK = "README.md"


def require_free(folder: Path, *, force: bool) -> None:
    """*Raises* OutputError when nothing may be written at `folder`; `force` replaces what was exported there before."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"'{folder}' is a file. Give the name of a folder to be made.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not force:
        raise OutputError(
            f"The folder '{folder}' exists already. Give another name, or force=True (on the command line --force) to replace "
            "what was exported there."
        )
    if folder.resolve() == Path.cwd():
        raise OutputError(f"'{folder}' is the folder you are in, which cannot be replaced from within. Go to the one above it.")
    if not (folder / "model.onnx").is_file() and not (is_model(folder) and (folder / MARK).is_file()):
        raise OutputError(f"'{folder}' exists and was not exported by Injerto: choose another name, nothing was overwritten.")


@contextmanager
def settled(folder: Path) -> Iterator[Path]:
    """A new folder that takes its place when all went well. *Raises* OutputError when it cannot be written."""
    place = folder.resolve()
    fresh = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        settle(fresh, place)
    except InjertoError:
        raise
    except OSError as error:
        raise OutputError(f"The folder '{folder}' cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)

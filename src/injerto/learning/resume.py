"""A run's working folder: whose it is, so that only the same command goes on where a killed one was."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import torch

from injerto.errors import OutputError
from injerto.progress import Progress
from injerto.schema.schema import Schema
from injerto.table.long_table import LongTable
from injerto.table.table import Table
from injerto.version import __version__


def claim(work: Path | None, table: Table | LongTable, schema: Schema, progress: Progress) -> None:
    """Make `work` this run's folder, and say when an earlier run's checkpoints in it are taken up or removed.

    The same command means the same rows, schema, PyTorch and Injerto. What another command left is removed.
    """
    if work is None:
        return
    identity = _identity(table, schema)
    note = work / "run.json"
    try:
        if note.is_file() and json.loads(note.read_text(encoding="utf-8")).get("identity") == identity:
            if _has_checkpoints(work):
                progress.say("Goes on where an earlier run of the same command was stopped.")
            return
        if _has_checkpoints(work):
            progress.say(f"'{work}' holds an unfinished run of other rows, options or versions; it is removed.")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        note.write_text(json.dumps({"identity": identity}), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise OutputError(
            f"The working folder '{work}' cannot be used: {error}. Remove it, or choose another --out."
        ) from error


def _has_checkpoints(work: Path) -> bool:
    return bool(_kept(work))


def _kept(work: Path) -> list[Path]:
    """What a run has left to go on from: weights, figures of columns, encoded rows."""
    return [file for pattern in ("*.safetensors", "features.json", "*.rows", "*.npz") for file in work.rglob(pattern)]


def leave(work: Path | None, progress: Progress) -> None:
    """Say what stays in the folder of a run that was stopped or failed, and how to go on; remove it where that is nothing."""
    if work is None or not work.is_dir():
        return
    kept = _kept(work)
    if not kept:
        clear(work)
        return
    megabytes = sum(file.stat().st_size for file in kept) / 1e6
    progress.say(
        f"What was learned so far is kept in '{work}' ({megabytes:.1f} MB). The same command goes on from there; "
        "without a use for it, remove the folder."
    )


def clear(work: Path | None) -> None:
    """Remove a finished run's checkpoints."""
    if work is not None:
        shutil.rmtree(work, ignore_errors=True)


def _identity(table: Table | LongTable, schema: Schema) -> str:
    parts = [table.digest(), schema.to_toml(), torch.__version__, __version__]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

"""All shares as one Parquet file, put together from parts, so that a month of sound needs no month of memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from injerto.errors import OutputError
from injerto.listening.heard import Heard
from injerto.listening.journal import Journal
from injerto.listening.tables import shown
from injerto.whole_file import write_whole

PART_ROWS = 500_000


def write_scores(path: Path, found: Iterable[Heard], journal: Journal, names: Sequence[str], step_s: float) -> None:
    """Columns `recording` and `start_s`, then a column a class; a row every `step_s`. *Raises* OutputError, ValueError."""
    parts = journal.folder / "parts"
    try:
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir()
        for number, frame in enumerate(_frames(found, journal, names, step_s)):
            frame.write_parquet(parts / f"{number:06d}.parquet")
        with tempfile.TemporaryDirectory(dir=journal.folder) as place:
            whole = Path(place) / "whole.parquet"
            pl.scan_parquet(sorted(parts.iterdir())).sink_parquet(whole)
            write_whole(path, lambda file: _copy(whole, file))
    except OSError as slip:
        if isinstance(slip, OutputError):
            raise
        raise OutputError(f"'{path}' cannot be written: {slip.strerror or slip}.") from slip


def _copy(source: Path, file: IO[bytes]) -> None:
    with source.open("rb") as whole:
        shutil.copyfileobj(whole, file)


def _frames(found: Iterable[Heard], journal: Journal, names: Sequence[str], step_s: float) -> Iterator[pl.DataFrame]:
    """Frames of about PART_ROWS rows; at least one, without rows where no recording could be used."""
    columns = {name if name not in ("recording", "start_s") else f"{name}_class": name for name in names}
    empty = pl.DataFrame(schema={"recording": pl.String, "start_s": pl.Float64} | dict.fromkeys(columns, pl.Float32))
    held, rows = [empty], 0
    for heard in found:
        if heard.problem:
            continue
        if not heard.rows[1]:
            raise ValueError("The shares were not kept: listen with keep_shares=True.")
        shares = journal.shares(heard)
        start_s = np.round(np.arange(len(shares)) * step_s, 6)
        frame = pl.DataFrame({"start_s": start_s} | dict(zip(columns, shares.T, strict=True)))
        held.append(frame.select(pl.lit(shown(heard.recording)).alias("recording"), pl.all()))
        rows += len(shares)
        if rows >= PART_ROWS:
            yield pl.concat(held)
            held, rows = [empty], 0
    if rows or len(held) == 1:
        yield pl.concat(held)

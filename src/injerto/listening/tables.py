"""Events line by line, as the programs that open them expect."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import polars as pl

from injerto.errors import OutputError
from injerto.listening.heard import Heard
from injerto.table.annotations.audacity import audacity_text
from injerto.table.annotations.raven import raven_lines
from injerto.table.annotations.selection import Recorded, Selection
from injerto.whole_file import write_whole

SCHEMA = {
    "recording": pl.String,
    "start_s": pl.Float64,
    "end_s": pl.Float64,
    "label": pl.String,
    "score": pl.Float64,
    "mean_score": pl.Float64,
}
"""The columns of a table of events."""
_TOP_HZ = 12_000.0
"""Events have no frequencies: Raven draws them up to here, or to half the sampling rate."""


def shown(name: str) -> str:
    """A file's name as text; what is no text in it becomes a question mark."""
    return os.fsencode(name).decode("utf-8", "replace")


def pour(file: IO[bytes], lines: Iterable[str]) -> None:
    """Write lines as UTF-8; a name of a file that is none comes out as its own bytes."""
    for line in lines:
        file.write(line.encode("utf-8", "surrogateescape"))


def csv_lines(found: Iterable[Heard]) -> Iterator[str]:
    """A line an event, with the highest and the mean share."""
    yield _csv(list(SCHEMA))
    for heard in found:
        for one in heard.events:
            numbers = [f"{value:.6f}" for value in (one.start_s, one.end_s, one.score, one.mean_score)]
            yield _csv([heard.recording, *numbers[:2], one.label, *numbers[2:]])


def problem_lines(found: Iterable[Heard]) -> Iterator[str]:
    """A line for each recording that could not be used."""
    yield _csv(["recording", "reason"])
    yield from (_csv([heard.recording, heard.problem]) for heard in found if heard.problem)


def raven_table(found: Iterable[Heard]) -> Iterator[str]:
    """One selection table of the sequence of all recordings that were heard, those without events among them."""
    parts = (_recorded(heard) for heard in found if not heard.problem)
    yield from (f"{line}\n" for line in raven_lines(parts))


def write_tracks(folder: Path, found: Iterable[Heard]) -> int:
    """A label track for each recording with events, in folders like those that were given. How many.

    The folder appears when all are written. Where there is one already, tracks of the same name are replaced, all else stays.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent, ignore_cleanup_errors=True) as fresh:
            made = [_track(Path(fresh, "tracks"), heard) for heard in found if heard.events]
            Path(fresh, "tracks").mkdir(exist_ok=True)
            if not folder.exists():
                os.replace(Path(fresh, "tracks"), folder)
            else:
                for track in made:
                    place = folder / track.relative_to(Path(fresh, "tracks"))
                    place.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(track, place)
    except OSError as slip:
        if isinstance(slip, OutputError):
            raise
        raise OutputError(f"'{folder}' cannot be written: {slip.strerror or slip}.") from slip
    return len(made)


def _track(folder: Path, heard: Heard) -> Path:
    inner = Path(heard.inner)
    place, count = folder / inner.with_suffix(".txt"), 1
    while place.exists():  # a.wav beside a.flac, or one name in two folders that were given
        count += 1
        place = folder / inner.with_name(f"{inner.stem}-{count}.txt")
    text = audacity_text(list(_recorded(heard).selections))
    write_whole(place, lambda file: pour(file, [text]))
    return place


def _recorded(heard: Heard) -> Recorded:
    selections = tuple(Selection(one.start_s, one.end_s, one.label, score=one.score) for one in heard.events)
    return Recorded(heard.recording, selections, heard.seconds, min(_TOP_HZ, heard.rate_hz / 2))


def _csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()

"""A file with a table to a frame: one reader a suffix."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from injerto.errors import TableError, did_you_mean
from injerto.places.address import Place
from injerto.places.opened import exists, read_bytes
from injerto.table.cells import understood
from injerto.table.content import Content
from injerto.table.damaged import MARK_BYTES, next_step
from injerto.table.delimited import read_delimited
from injerto.table.excel import SUFFIXES, parted, read_workbook
from injerto.table.json_table import read_json
from injerto.table.keypoints.read_deeplabcut import is_deeplabcut, read_deeplabcut


def read_text(raw: bytes, path: Place) -> Content:
    """Comma, semicolon, tab, pipe or blank separated text, its columns typed by all their cells; or points from DeepLabCut."""
    if is_deeplabcut(raw, str(path)):
        return read_deeplabcut(raw, path)
    table = read_delimited(raw, str(path))
    typed = [understood(column, table.delimiter) for column in table.frame]
    return Content(
        pl.DataFrame([column for column, _ in typed]), table.notes + tuple(note for _, note in typed if note), table.lines
    )


def read_parquet(raw: bytes, path: Place) -> Content:
    """Apache Parquet."""
    return Content(pl.read_parquet(io.BytesIO(raw)))


def read_arrow(raw: bytes, path: Place) -> Content:
    """Apache Arrow IPC, the file or the stream layout (also called Feather 2)."""
    if raw.startswith(b"ARROW1"):
        return Content(pl.read_ipc(io.BytesIO(raw)))
    return Content(pl.read_ipc_stream(io.BytesIO(raw)))


READERS: dict[str, Callable[[bytes, Place], Content]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".tab": read_text,
    ".psv": read_text,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".arrow": read_arrow,
    ".feather": read_arrow,
    ".ipc": read_arrow,
    ".json": read_json,
    **dict.fromkeys(SUFFIXES, read_workbook),
}

_PACKED = (".gz", ".zip")


def read_file(path: Place) -> Content:
    """The table in a file that exists. *Raises* TableError when it is none, or damaged."""
    file, _ = parted(path)
    suffixes = [suffix.lower() for suffix in file.suffixes]
    packed = suffixes.pop() if suffixes and suffixes[-1] in _PACKED else ""
    suffix = suffixes[-1] if suffixes else ""
    if suffix not in READERS and packed != ".zip":
        raise TableError(_unknown(path, suffix))
    try:
        raw = read_bytes(file)
    except OSError as slip:
        raise TableError(f"The table {path} cannot be read: {slip.strerror or slip}.") from slip
    if not raw:
        raise TableError(f"The table {path} is empty: it has 0 bytes.")
    if packed:
        raw, inner = _unpacked(raw, packed, path)
        suffix = inner or suffix
    try:
        return READERS[suffix](raw, path)
    except TableError:
        raise
    except (PolarsError, OSError, ValueError, PanicException) as slip:  # a damaged footer makes polars panic
        advice = next_step(suffix, raw[:MARK_BYTES], raw[-MARK_BYTES:])
        raise TableError(f"The table {path} cannot be read as {suffix}: {_first_sentence(slip)} {advice}".rstrip()) from slip


def _unpacked(raw: bytes, packed: str, path: Place) -> tuple[bytes, str]:
    """The bytes inside, and of a zip the suffix of its only table."""
    try:
        if packed == ".gz":
            return gzip.decompress(raw), ""
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            tables = [
                name for name in archive.namelist() if Path(name).suffix.lower() in READERS and not name.startswith("__MACOSX")
            ]
            if len(tables) != 1:
                raise TableError(
                    f"The archive {path} must hold exactly one table; it holds {len(tables)}: {', '.join(tables[:5])}."
                )
            return archive.read(tables[0]), Path(tables[0]).suffix.lower()
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as slip:
        raise TableError(f"The packed table {path} is damaged: {slip}.") from slip


def _unknown(path: Place, suffix: str) -> str:
    if suffix in (".numbers", ".xlsb"):
        advice = " Save the sheet as .xlsx or CSV first."
    elif suffix in (".h5", ".hdf5"):
        advice = _instead_of_hdf5(path)
    else:
        advice = did_you_mean(suffix, READERS)
    return (
        f"{path} is not a table Injerto reads: its name ends in '{suffix}'.{advice} "
        f"Known: {', '.join(READERS)} (also with .gz or .zip), or a folder per class."
    )


def _instead_of_hdf5(path: Place) -> str:
    """DeepLabCut writes each of its tables twice."""
    csv = path.with_name(f"{path.stem}.csv")
    if exists(csv):
        return f" If it is from DeepLabCut: the same table lies beside it as {csv.name}. Give that."
    return (
        f" If it is from DeepLabCut: give the CSV that it writes beside it; there is no {csv.name} here. "
        f"In Python, pandas.read_hdf('{path.name}').to_csv('{csv.name}') writes it anew."
    )


def _first_sentence(slip: Exception) -> str:
    return str(slip).strip().split("\n")[0][:200].rstrip(".") + "."

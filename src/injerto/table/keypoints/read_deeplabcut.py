"""DeepLabCut's CSV to the product's own table of points: one row a photo, or an individual on a photo.

Labels and what a network found on photos are read alike; a likelihood becomes a confidence. Places are indices of pixels from
0, as DeepLabCut's own windows show them, and are taken as they are. DeepLabCut does not say why a point has no place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

import numpy as np
import polars as pl

from injerto.errors import TableError
from injerto.places.address import Place
from injerto.table.cells import understood
from injerto.table.content import Content
from injerto.table.delimited import refuse_duplicates
from injerto.table.dialect import delimiter_of
from injerto.table.keypoints.deeplabcut_header import LINES, Header, header_of
from injerto.table.keypoints.layout import INDIVIDUAL, PHOTO
from injerto.table.keypoints.photo_folder import is_file
from injerto.table.keypoints.points import Points
from injerto.table.records import exact_columns, records
from injerto.table.text import to_utf8

_FIRST_CELL = re.compile(r"\s*\"?scorer\"?\s*[,;\t|]", re.ASCII)
_HEAD_BYTES = 4096
_FRAME_NUMBER = re.compile(r"\d+(\.0*)?")


def is_deeplabcut(raw: bytes, name: str) -> bool:
    """Whether a text table has DeepLabCut's header; a table with a column called scorer alone has not."""
    head = raw[:_HEAD_BYTES].decode("utf-8-sig", errors="replace")
    if not _FIRST_CELL.match(head):
        return False
    text = _text(raw, name)
    firsts = [record[0].strip() for _, record in islice(records(text, delimiter_of(text)), len(LINES))]
    return bool({"bodyparts", "coords"} & set(firsts[1:]))


def read_deeplabcut(raw: bytes, path: Place) -> Content:
    """The rows of a table that `is_deeplabcut`.

    *Raises* TableError when the header is damaged, rows are frames of a video, or cells are no numbers.
    """
    file = str(path)
    text = _text(raw, file)
    delimiter = delimiter_of(text)
    firsts = next(records(text, delimiter))[1]
    columns = [[first, *rest] for first, rest in zip(firsts, exact_columns(text, delimiter, file), strict=True)]
    header = header_of(columns, file)
    cells = [column[header.depth :] for column in columns]
    if not cells[0]:
        raise TableError(f"The DeepLabCut table {file} has body parts ({', '.join(header.points[:5])}) but no rows.")
    _refuse_frames(cells[0], header, file)
    notes: list[str] = []
    paths = _paths(["/".join(filter(None, parts)) for parts in zip(*cells[: header.index], strict=True)], path, notes)
    numbers = {key: _numbers(cells[place], key, delimiter, file) for key, place in header.places.items()}
    places = np.stack([_stacked(numbers, header, coord) for coord in ("x", "y")], axis=3)  # (rows, individuals, points, 2)
    _refuse_half_places(places, header, file)
    likelihood = _stacked(numbers, header, "likelihood") if any(key[2] == "likelihood" for key in numbers) else None
    shown = ~np.isnan(places).all(axis=(2, 3)) if header.has_individuals else np.ones(places.shape[:2], dtype=bool)
    rows, whose = np.nonzero(shown)
    if not len(rows):
        raise TableError(f"The DeepLabCut table {file} has no point with a place in any row.")
    found = [pl.Series(PHOTO, [paths[row] for row in rows])]
    if header.has_individuals:
        found.append(pl.Series(INDIVIDUAL, [header.individuals[one] for one in whose]))
        notes += _absent(shown)
    points = Points(header.points, places[rows, whose], None, None if likelihood is None else likelihood[rows, whose])
    found += points.series()
    refuse_duplicates([column.name for column in found], file)
    return Content(pl.DataFrame(found), tuple(notes))


def _text(raw: bytes, name: str) -> str:
    return to_utf8(raw, name)[0].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _refuse_frames(index: Sequence[str], header: Header, file: str) -> None:
    if header.index == 1 and all(_FRAME_NUMBER.fullmatch(cell.strip()) for cell in index):
        raise TableError(
            f"The DeepLabCut table {file} holds points on the frames of a video: its rows are named {index[0]} to {index[-1]}, "
            "and no photos belong to them. Give the labels of extracted frames (labeled-data/.../CollectedData_....csv), or "
            "extract the frames and put their paths in place of their numbers."
        )


def _paths(given: list[str], path: Place, notes: list[str]) -> list[str]:
    """Photos as paths from the folder of the table: as given, or by their bare names where they lie beside it.

    In DeepLabCut, paths start at the project, and the table of a video lies beside its photos. Bare names are tried only when
    all photos are of one folder: those of two may share their names.
    """
    given = [one.replace("\\", "/") for one in given]
    there = [is_file(path.parent, one) for one in given]
    if len({one.rpartition("/")[0] for one in given}) == 1 and not any(there):
        bare = [one.rpartition("/")[2] for one in given]
        if any(is_file(path.parent, one) for one in bare):
            given, there = bare, [is_file(path.parent, one) for one in bare]
    missing = [one for one, here in zip(given, there, strict=True) if not here]
    if missing:
        notes.append(
            f"Not there, counted from the folder of {path.name}: {len(missing)} of {len(given)} photos, such as {missing[0]}."
        )
    twice = len(given) - len(set(given))
    if twice:
        notes.append(f"{twice} of {len(given)} lines about a photo that an earlier line is about; all are rows.")
    return given


def _numbers(cells: list[str], key: tuple[str, str, str], delimiter: str, file: str) -> np.ndarray:
    typed, _ = understood(pl.Series(key[1], cells, dtype=pl.String), delimiter)
    if typed.null_count() == len(typed):
        return np.full(len(typed), np.nan)
    if not typed.dtype.is_numeric():
        odd = next((cell for cell in cells if cell.strip() and not _is_number(cell)), typed.drop_nulls()[0])
        whose = f"{key[1]} of {key[0]}" if key[0] else key[1]
        raise TableError(
            f"The DeepLabCut table {file} holds {odd!r} for {key[2]} of {whose}; a number or nothing was expected."
        )
    numbers: np.ndarray = typed.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return numbers


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _stacked(numbers: dict[tuple[str, str, str], np.ndarray], header: Header, coord: str) -> np.ndarray:
    """One coordinate as (rows, individuals, points); NaN where there is no such column."""
    empty = np.full(len(next(iter(numbers.values()))), np.nan)
    return np.stack(
        [np.stack([numbers.get((one, point, coord), empty) for point in header.points], axis=1) for one in header.individuals],
        axis=1,
    )


def _refuse_half_places(places: np.ndarray, header: Header, file: str) -> None:
    unknown = np.isnan(places)
    half = np.argwhere(unknown[..., 0] != unknown[..., 1])
    if len(half):
        row, _, point = half[0]
        raise TableError(
            f"The DeepLabCut table {file} gives only one of x and y for {header.points[point]} in row {row} under the header "
            f"(from 0), and so for {len(half) - 1} others. Give both, or neither."
        )


def _absent(shown: np.ndarray) -> list[str]:
    """What of a table of several individuals gives no row."""
    absent, empty = int((~shown).sum()), int((~shown.any(axis=1)).sum())
    notes = [f"Individuals without any point on a photo give no row there: {absent} of {shown.size}."] if absent else []
    return notes + ([f"Photos that show no individual give no row at all: {empty} of {len(shown)}."] if empty else [])

"""Rows of requests to a table whose columns have one type each, so that a row's answer depends on no row beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from injerto.errors import MediaError, did_you_mean
from injerto.table.cell_bytes import NOWHERE
from injerto.table.table import Table
from injerto.web.fields import Field
from injerto.web.limits import Limits
from injerto.web.problems import Problem
from injerto.web.uploads import bytes_of, require_picture, require_sound

Row = Mapping[str, Any]
"""Cells by column: of JSON, or texts and bytes of a form."""
_SHOWN = 40
_WHOLE = 2**53


class WrongCell(Exception):
    """A cell that cannot be what its column holds. The message says why."""


def require_fields(rows: Sequence[Row], fields: Sequence[Field]) -> None:
    """*Raises* Problem (422) naming every column that no row has, with the nearest one that is there."""
    there = set().union(*rows) if len(rows) > 1 else rows[0].keys()
    missing = [field.name for field in fields if field.needed and field.name not in there]
    if missing:
        spare = sorted(there - {field.name for field in fields})
        hints = "; ".join(f"'{name}'{did_you_mean(name, spare)}" for name in missing)
        known = ", ".join(f"'{field.name}' ({field.kind})" for field in fields)
        raise Problem(
            422,
            f"The rows lack {len(missing)} column(s) that this model reads: {hints}. It reads {known}; null is an empty cell.",
            missing=missing,
        )


def table_of(rows: Sequence[Row], fields: Sequence[Field], limits: Limits) -> tuple[Table, dict[int, str]]:
    """The rows as a table of the columns of `fields`, and the reason for each row that cannot be used.

    The cells of such a row are empty. Columns that no row has are left out where they are not needed.
    """
    wrong: dict[int, str] = {}
    columns: dict[str, pl.Series] = {}
    for field in fields:
        if not field.needed and not any(field.name in row for row in rows):
            continue
        cells: list[Any] = [row.get(field.name) for row in rows]
        if not _fit(cells, field):
            cells = [_cell(cell, field, limits, place, wrong) for place, cell in enumerate(cells)]
        columns[field.name] = _series(cells, field)
    frame = pl.DataFrame(columns)
    return Table(frame, NOWHERE, "rows of a request", np.arange(len(rows))), wrong


def _fit(cells: list[Any], field: Field) -> bool:
    """Whether all cells are as their column takes them, as they mostly are: one look at their types, not one at each."""
    return set(map(type, cells)) <= _PLAIN.get(field.kind, _NOTHING)


_NOTHING = {type(None)}
_PLAIN: dict[str, set[type]] = {"number": {float, int} | _NOTHING, "category": {str} | _NOTHING, "date": {str} | _NOTHING}


def _cell(cell: object, field: Field, limits: Limits, place: int, wrong: dict[int, str]) -> Any:
    """As `cell_of`; the reason of a cell that cannot be used goes to `wrong` at its `place`, unless one is there."""
    try:
        return None if cell is None else cell_of(cell, field, limits)
    except (WrongCell, MediaError) as slip:
        reason = slip.reason if isinstance(slip, MediaError) else str(slip)
        wrong.setdefault(place, f"{field.name}: {reason}")
        return None


def cell_of(cell: object, field: Field, limits: Limits) -> Any:
    """A cell that is not null as its column takes it. *Raises* WrongCell, or MediaError for files."""
    if field.is_file:
        if isinstance(cell, str) and not cell.strip():
            return None  # a form sends an empty field for a file that was not chosen
        content = bytes_of(cell)
        (require_picture if field.kind == "image" else require_sound)(content, limits)
        return content
    if isinstance(cell, bytes):
        raise WrongCell(f"a file where a {field.kind} is wanted")
    if field.kind == "number":
        return _number(cell)
    if field.kind == "categories":
        levels = cell if isinstance(cell, list) else _level(cell, field).split(field.separator)
        return [_level(level, field) for level in levels if level is not None]
    if field.kind == "date" and not isinstance(cell, str):
        raise WrongCell(f"{_shown(cell)} is not a date, such as 2024-05-31 or 2024-05-31T18:30:00")
    return _level(cell, field)


def _number(cell: object) -> float | str:
    """Text stays text: whether it is a number is for the model's own reader to say, as in a table."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float):
        try:
            return float(cell)
        except OverflowError:
            return float("inf")  # whole numbers in JSON have no end
    raise WrongCell(f"{_shown(cell)} is not a number")


def _level(cell: object, field: Field) -> str:
    """A level as text, spelled as it would be in a table of its type."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _WHOLE
        return str(int(cell)) if whole else str(pl.Series([cell]).cast(pl.String)[0])
    raise WrongCell(f"{_shown(cell)} is not a {field.kind}")


def _series(cells: list[Any], field: Field) -> pl.Series:
    if field.is_file:
        return pl.Series(field.name, cells, dtype=pl.Binary)
    if field.kind == "number":
        if any(isinstance(cell, str) for cell in cells):
            return pl.Series(field.name, [cell if cell is None or isinstance(cell, str) else repr(cell) for cell in cells])
        try:
            return pl.Series(field.name, cells, dtype=pl.Float64)
        except OverflowError:  # a whole number of hundreds of digits
            return pl.Series(field.name, [cell if cell is None else _number(cell) for cell in cells], dtype=pl.Float64)
    if field.kind == "categories":
        return pl.Series(field.name, cells, dtype=pl.List(pl.String))
    return pl.Series(field.name, cells, dtype=pl.String)


def _shown(cell: object) -> str:
    """A cell as a message shows it: whole if it is short."""
    text = repr(cell)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."

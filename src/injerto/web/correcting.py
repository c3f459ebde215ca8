"""A correction as a request tells it: the row that was answered, what is true of it, and what had been said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from injerto.errors import MediaError, did_you_mean
from injerto.web.asked import JSON, kind_of, not_taken
from injerto.web.corrections import Corrections
from injerto.web.desk import Desk
from injerto.web.fields import Field
from injerto.web.limits import Limits
from injerto.web.problems import Problem
from injerto.web.rows import WrongCell, cell_of, require_fields
from injerto.web.served import Served, label_columns


class Correcting:
    """Takes corrections of all models, where a folder for them was given."""

    def __init__(self, desk: Desk, folder: Path | None) -> None:
        self.desk, self.folder = desk, folder
        self._kept: dict[str, Corrections] = {}

    async def corrections(self, request: Request) -> Response:
        """Write one correction down."""
        served = self.desk.served(request)
        if self.folder is None:
            raise Problem(409, "Corrections are not collected: start the server with --corrections FOLDER.")
        kept = self._of(served, self.folder)
        async with self.desk.bodies.of(request) as body:
            kind = kind_of(request.headers.get("content-type", ""))
            if kind != JSON:
                raise not_taken(kind, JSON)
            count = await asyncio.to_thread(self._add, kept, body)
        return JSONResponse({"corrections": count}, 201)

    def _add(self, kept: Corrections, body: bytes) -> int:
        row, truth, said = correction_in(body, kept.fields, kept.labels, self.desk.limits)
        return kept.add(row, truth, said)

    def _of(self, served: Served, folder: Path) -> Corrections:
        labels = [column for name, head in served.heads.items() for column in label_columns(name, head)]
        return self._kept.setdefault(served.name, Corrections(folder / served.name, served.fields, labels))


def correction_in(
    body: bytes, fields: Sequence[Field], labels: Sequence[str], limits: Limits
) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """The row, its labels, and what was said, of `{"row": {...}, "truth": {...}, "said": ...}`.

    *Raises* Problem: 400 for what is no JSON, 422 for cells that their columns cannot hold, and without any truth.
    """
    try:
        told = from_json(body, allow_inf_nan=False)
    except ValueError as slip:
        raise Problem(400, f"The body is not JSON: {slip}.") from slip
    row, truth = (told.get("row"), told.get("truth")) if isinstance(told, dict) else (None, None)
    if not isinstance(row, dict) or not isinstance(truth, dict):
        raise Problem(422, 'The body must be an object with a row and what is true of it: {"row": {...}, "truth": {...}}.')
    require_fields([row], fields)
    strange = [name for name in truth if name not in labels]
    if strange:
        hint = did_you_mean(strange[0], labels) or f" Its targets are: {', '.join(labels)}."
        raise Problem(422, f"'{strange[0][:80]}' is nothing that this model answers.{hint}")
    labelled = {name: _label(name, cell) for name, cell in truth.items() if cell is not None and cell != ""}
    if not labelled:
        raise Problem(422, "Nothing is told to be true: give at least one target its right value.")
    return {field.name: _cell(row, field, limits) for field in fields}, labelled, told.get("said")


def _cell(row: Mapping[str, Any], field: Field, limits: Limits) -> Any:
    cell = row.get(field.name)
    try:
        return None if cell is None else cell_of(cell, field, limits)
    except (WrongCell, MediaError) as slip:
        reason = slip.reason if isinstance(slip, MediaError) else str(slip)
        raise Problem(422, f"{field.name}: {reason}") from slip


def _label(name: str, cell: Any) -> str | float:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, str | int | float):
        return cell
    raise Problem(422, f"'{name}' must be text or a number.")

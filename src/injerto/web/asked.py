"""The rows that a request holds, as JSON or as a form with files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic_core import from_json

from injerto.web.fields import Field
from injerto.web.limits import Limits
from injerto.web.listening import Sent
from injerto.web.multipart import Part, parts_of
from injerto.web.problems import Problem
from injerto.web.rows import Row

JSON, FORM = "application/json", "multipart/form-data"
Asked = TypeVar("Asked")


def rows_in(content_type: str, body: bytes, fields: Sequence[Field], limits: Limits) -> list[Row]:
    """The rows of a request, at least one.

    JSON is `{"rows": [{column: cell, ...}, ...]}`. A form has a field for each column; one that comes several times, as files
    do, is a row each time, and what comes once holds for all of these.

    *Raises* Problem: 415 for other types, 400 for what is not well-formed, 413 for too many rows, 422 for none.
    """
    kind = kind_of(content_type)
    if kind == JSON:
        return _some(_rows_of_json(body), "rows", limits)
    if kind == FORM:
        return _some(_rows_of_form(parts_of(content_type, body), {field.name for field in fields}), "rows", limits)
    raise not_taken(kind, f"{JSON} or {FORM}")


def kind_of(content_type: str) -> str:
    """The type of a body, without what its header says beside it."""
    return content_type.partition(";")[0].strip().lower()


def not_taken(kind: str, wanted: str) -> Problem:
    """The refusal of a body of the type `kind`."""
    return Problem(415, f"The body is {kind[:60] or 'of no type'}; send {wanted}.")


def _some(asked: list[Asked], what: str, limits: Limits) -> list[Asked]:
    if not asked:
        raise Problem(422, f"There are no {what} in the request.")
    if len(asked) > limits.rows:
        raise Problem(413, f"The request has {len(asked):,} {what}; at most {limits.rows:,} are answered at once.")
    return asked


def _rows_of_json(body: bytes) -> list[Row]:
    try:
        told = from_json(body, allow_inf_nan=False)
    except ValueError as slip:
        raise Problem(400, f"The body is not JSON: {slip}.") from slip
    rows = told.get("rows") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Problem(422, 'The body must be an object with a list of rows: {"rows": [{"column": cell, ...}, ...]}.')
    return rows


def _rows_of_form(parts: Sequence[Part], known: set[str]) -> list[Row]:
    cells: dict[str, list[Any]] = {}
    for part in parts:
        if part.filename == "" and not part.content:
            continue  # a form sends this for a file that was not chosen
        cells.setdefault(part.name, []).append(part.text if part.filename is None else part.content)
    counts = {name: len(found) for name, found in cells.items() if name in known}
    most = max(counts.values(), default=min(1, len(cells)))
    odd = [f"'{name}' comes {count} times" for name, count in counts.items() if count not in (1, most)]
    if odd:
        raise Problem(422, f"{'; '.join(odd)}, another field {most} times: a field comes once, or once for every row.")
    # What is no column is shown to be told of slips in names.
    return [{name: found[row if counts.get(name, 1) > 1 else 0] for name, found in cells.items()} for row in range(most)]


def recordings_in(content_type: str, body: bytes, limits: Limits) -> list[Sent]:
    """The recordings of a request: the files of a form, or one as the whole body of the type `audio/...`.

    *Raises* Problem: 415 for other types, 400 for a form that is not well-formed, 413 for too many, 422 for none.
    """
    kind = kind_of(content_type)
    if kind.startswith("audio/") or kind == "application/octet-stream":
        return _some([Sent("recording", body)] if body else [], "recordings", limits)
    if kind == FORM:
        parts = [part for part in parts_of(content_type, body) if part.filename is not None]
        sent = [Sent(part.filename or part.name, part.content) for part in parts if part.filename or part.content]
        return _some(sent, "recordings", limits)
    raise not_taken(kind, f"{FORM} with files, or a recording as audio/wav")

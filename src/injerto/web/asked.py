"""The rows that a request holds, as JSON or as a form with files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from injerto.web.fields import Field
from injerto.web.limits import Limits
from injerto.web.listening import Sent
from injerto.web.multipart import Part, parts_of
from injerto.web.problems import Problem
from injerto.web.rows import Row

JSON, FORM = "application/json", "multipart/form-data"


def rows_in(content_type: str, body: bytes, fields: Sequence[Field], limits: Limits) -> list[Row]:
    """The rows of a request, at least one.

    JSON is `{"rows": [{column: cell, ...}, ...]}`. A form has a field for each column; one that comes several times, as files
    do, is a row each time, and what comes once holds for all of these.

    *Raises* Problem: 415 for other types, 400 for what is not well-formed, 413 for too many rows, 422 for none.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON:
        rows = _rows_of_json(body)
    elif kind == FORM:
        rows = _rows_of_form(parts_of(content_type, body), {field.name for field in fields})
    else:
        raise Problem(415, f"The body is {kind[:60] or 'of no type'}; send {JSON} or {FORM}.")
    if not rows:
        raise Problem(422, "There are no rows in the request.")
    if len(rows) > limits.rows:
        raise Problem(413, f"The request has {len(rows):,} rows; at most {limits.rows:,} are answered at once.")
    return rows


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
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("audio/") or kind == "application/octet-stream":
        sent = [Sent("recording", body)] if body else []
    elif kind == FORM:
        parts = [part for part in parts_of(content_type, body) if part.filename is not None]
        sent = [Sent(part.filename or part.name, part.content) for part in parts if part.filename or part.content]
    else:
        raise Problem(415, f"The body is {kind[:60] or 'of no type'}; send {FORM} with files, or a recording as audio/wav.")
    if not sent:
        raise Problem(422, "There are no recordings in the request.")
    if len(sent) > limits.rows:
        raise Problem(413, f"The request has {len(sent):,} recordings; at most {limits.rows:,} are heard at once.")
    return sent

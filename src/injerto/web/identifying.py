"""Photos of a request to who they show, as `injerto identify` says it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from injerto.identify import Alike, Identified, Identities, identify
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.problems import Problem
from injerto.web.rows import Row, table_of
from injerto.web.served import Served


class Identifying:
    """The work of a lane for one request: its photos may be of one sighting, which no others are."""

    def __init__(self, served: Served, options: Options, limits: Limits) -> None:
        self.served, self.options, self.limits = served, options, limits

    def __call__(self, asked: Sequence[Sequence[Row]]) -> list[bytes | Problem]:
        return [self._response(rows) for rows in asked]

    def _response(self, rows: Sequence[Row]) -> bytes | Problem:
        table, wrong = table_of(rows, self.served.fields, self.limits)
        if self.served.recipe is not None:
            found = self.served.recipe.identify(table, new_share=self.options.new_share)
        else:
            found = identify(self.served.artifact, table, new_share=self.options.new_share)
        reasons = {entry.row: f"{entry.column}: {entry.reason}" for entry in found.ledger} | wrong
        unused = [{"row": row, "reason": reason} for row, reason in sorted(reasons.items())]
        if not found.found:
            return Problem(422, f"No photo can be used. Row {unused[0]['row']}: {unused[0]['reason']}", unused=unused)
        return to_json(self._told(found, unused), inf_nan_mode="null")

    def _told(self, found: Identities, unused: list[dict[str, Any]]) -> dict[str, Any]:
        answers = [self._answer(one) for one in found.found]
        return {"model": self.served.name, "answers": answers, "unused": unused, "notes": found.notes}

    def _answer(self, one: Identified) -> dict[str, Any]:
        return {
            "rows": list(one.rows),
            "decision": one.said,
            "individual": one.lookalikes[0].name if one.said == "known" else None,
            "new_probability": one.new,
            "lookalikes": [self._alike(alike) for alike in one.lookalikes],
            "left_out": one.left_out,
            "doubt": one.doubt,
        }

    def _alike(self, alike: Alike) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": alike.name,
            "probability": alike.probability,
            "similarity": alike.similarity,
            "photo": alike.photo,
        }
        if self.options.pictures:
            told["picture"] = None if alike.picture is None else b64encode(alike.picture).decode()
        return told

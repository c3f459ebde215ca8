"""Photos of a request to who they show, as `injerto identify` says it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from pydantic_core import to_json

from injerto.identified import Alike, Identified, Identities
from injerto.identify import identify
from injerto.table.table import Table
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.problems import Problem
from injerto.web.rows import Row, table_of
from injerto.web.served import Served


class Identifying:
    """The work of a lane for one model and one set of options. Photos of one request may be of one sighting, and of no other.

    A recipe takes one request at a time.
    """

    def __init__(self, served: Served, options: Options, limits: Limits) -> None:
        self.served, self.options, self.limits = served, options, limits

    def __call__(self, asked: Sequence[Sequence[Row]]) -> list[bytes | Problem]:
        table, wrong = table_of([row for rows in asked for row in rows], self.served.fields, self.limits)
        found = self._found(table, [place for place, rows in enumerate(asked) for _ in rows])
        reasons = {entry.row: f"{entry.column}: {entry.reason}" for entry in found.ledger} | wrong
        ends = list(accumulate(len(rows) for rows in asked))
        return [self._response(found, reasons, range(end - len(rows), end)) for rows, end in zip(asked, ends, strict=True)]

    def _found(self, table: Table, askers: list[int]) -> Identities:
        if self.served.recipe is None:
            return identify(self.served.artifact, table, new_share=self.options.new_share, askers=askers)
        assert len(set(askers)) <= 1
        return self.served.recipe.identify(table, new_share=self.options.new_share)

    def _response(self, found: Identities, reasons: Mapping[int, str], rows: range) -> bytes | Problem:
        """To one request, whose rows are `rows` of all."""
        unused = [{"row": place, "reason": reasons[row]} for place, row in enumerate(rows) if row in reasons]
        own = [one for one in found.found if one.rows[0] in rows]
        if not own:
            return Problem(422, f"No photo can be used. Row {unused[0]['row']}: {unused[0]['reason']}", unused=unused)
        answers = [self._answer(one, rows.start) for one in own]
        told = {"model": self.served.name, "answers": answers, "unused": unused, "notes": found.notes}
        return to_json(told, inf_nan_mode="null")

    def _answer(self, one: Identified, first: int) -> dict[str, Any]:
        return {
            "rows": [row - first for row in one.rows],
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

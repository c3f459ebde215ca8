"""Rows of several requests to their answers in one go, the same that `injerto predict` gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from pydantic_core import to_json

from injerto.answering import with_photos
from injerto.errors import PromiseError
from injerto.predict import answered_rows, unlike_of
from injerto.progress import Silent
from injerto.table.table import Table
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.problems import Problem
from injerto.web.rows import Row, table_of
from injerto.web.served import Served


class Predicting:
    """The work of a lane for one model and one set of options."""

    def __init__(self, served: Served, options: Options, limits: Limits) -> None:
        self.served, self.options, self.limits = served, options, limits

    def __call__(self, asked: Sequence[Sequence[Row]]) -> list[bytes | Problem]:
        """For the rows of each request its response as JSON, or the problem when none of its rows can be used."""
        rows = [row for part in asked for row in part]
        table, wrong = table_of(rows, self.served.fields, self.limits)
        columns, notes = self._columns(table)
        problems = [wrong.get(row) or problem for row, problem in enumerate(columns["problem"])]
        columns["problem"] = problems
        answers = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        for row in wrong:  # what was asked of it was not what is answered
            answers[row] = dict.fromkeys(columns) | {"problem": problems[row]}
        found: list[bytes | Problem] = []
        first = 0
        for part in asked:
            found.append(self._response(answers[first : first + len(part)], notes))
            first += len(part)
        return found

    def _columns(self, table: Table) -> tuple[dict[str, list[Any]], Sequence[str]]:
        artifact = self.served.artifact
        try:
            promises = self.served.promises(self.options.max_error, self.options.coverage)
        except PromiseError as slip:
            raise Problem(422, str(slip)) from slip
        with all_cores(self.served.sees_files):
            table = with_photos(artifact.network, table, Silent())
            answered, examples, readable = answered_rows(artifact, table, promises, cache=None, progress=Silent())
            if self.options.unlike:
                found = unlike_of(artifact, examples, readable)
                if found is None:
                    raise Problem(
                        422, "The model keeps nothing of its training rows, so it cannot say how unlike them rows are."
                    )
                answered |= found.answers()
        return {name: values.to_list() for name, values in answered.items()}, promises.notes

    def _response(self, answers: Sequence[dict[str, Any]], notes: Sequence[str]) -> bytes | Problem:
        unused = [{"row": row, "reason": answer["problem"]} for row, answer in enumerate(answers) if answer["problem"]]
        if len(unused) == len(answers):
            return Problem(422, f"No row can be used. Row 0: {unused[0]['reason']}", unused=unused)
        return to_json({"model": self.served.name, "answers": answers, "notes": notes}, inf_nan_mode="null")


@contextmanager
def all_cores(wanted: bool) -> Iterator[None]:
    """Within, torch uses every core, or one: on few numbers threads wait for each other longer than they work."""
    before = torch.get_num_threads()
    if not wanted:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

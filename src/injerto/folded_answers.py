"""Answers over folds: one repeat's truth and answers, filled fold by fold, as the metrics take them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.heads.head import Head
from injerto.table.table import Table


class FoldedAnswers:
    """Of one target: `truth`, `answer` and the baseline's `plain` (N,...) of all rows, once every fold has `put` its own.

    Classes are in the levels of `whole`, a head that was fitted on all these rows. Whether an individual is known or new
    follows from the gallery of the model that was asked.
    """

    def __init__(self, whole: Head, rows: int) -> None:
        self.whole, self.rows = whole, rows
        self.truth = self.answer = self.plain = np.zeros(rows)
        self._begun = False

    def put(self, head: Head, table: Table, out: np.ndarray, answer: Tensor) -> None:
        """What a fold's `head` answered to `table`, the rows marked in `out` (N,), before `placed`."""
        parts = [
            self._true(head, table),
            self._placed(head, head.placed(answer, table)),
            self._placed(head, head.placed(head.baseline(len(table)), table)),
        ]
        if not self._begun:
            self.truth, self.answer, self.plain = (np.full((self.rows, *part.shape[1:]), np.nan) for part in parts)
            self._begun = True
        self.truth[out], self.answer[out], self.plain[out] = parts

    def _true(self, head: Head, table: Table) -> np.ndarray:
        """A class that the fold's head never saw is unknown to it."""
        column = self.whole.column(table)
        if head.kind == "individual":
            return head.truth(head.column(table)).value.numpy()
        truth = self.whole.truth(column).value.numpy()
        if head.kind == "class":
            return np.where(head.truth(head.column(table)).value.numpy() < 0, -1, truth)
        return truth

    def _placed(self, head: Head, answer: Tensor) -> np.ndarray:
        if head.kind not in ("class", "classes"):
            return answer.double().numpy()
        placed = torch.zeros(len(answer), len(self.whole.choices), dtype=torch.float64)
        placed[:, [self.whole.choices.index(choice) for choice in head.choices]] = answer.double()
        return placed.numpy()

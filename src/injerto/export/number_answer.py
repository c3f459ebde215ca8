"""A number on its way out of a graph, in its own units, with the interval that holds nine of ten."""

from __future__ import annotations

import math

from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.nodes import Nodes
from injerto.heads.cover import Intervals
from injerto.heads.number import COVERAGE, NumberHead
from injerto.promises import Promises


class NumberAnswer(Answer[NumberHead]):
    """The number and, where rows were held out, the ends of its interval."""

    def __init__(self, head: NumberHead, *, rows: int | str, promises: Promises) -> None:
        super().__init__(head, rows=rows, promises=promises)
        self._radius, self._coverage = float(head.radius), COVERAGE
        if isinstance(self.cover, Intervals):
            self._radius, self._coverage = self.cover.radius, self.cover.coverage
        ends = {f"{head.name}_low": "from here", f"{head.name}_high": "to here"}
        self._ends: dict[str, str] = {} if math.isnan(self._radius) else ends

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """All (N,) float64."""
        name = self.head.name
        ends = dict(zip(self._ends, (answer - self._radius, answer + self._radius), strict=False))
        return {name: answer} | ends

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name = self.head.name
        words = {name: "the number, in the units of the table"}
        words |= {end: f"{told} the true number lies in {self._coverage:.0%} of rows" for end, told in self._ends.items()}
        for output in words:
            nodes.add("Identity", found[output], out=output)
        return [Outlet(output, "DOUBLE", (self.rows,), [output], told) for output, told in words.items()]

"""Numbers on their way into a graph."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.export.entry import Entry, Port
from injerto.export.nodes import Nodes
from injerto.features.number import NumberFeature


class NumberEntry(Entry[NumberFeature]):
    """A number a row in float64: a time stamp in float32 would lose its minutes."""

    def ports(self) -> list[Port]:
        name = self.feature.name
        words = "a number; NaN where it is missing"
        return [Port(name, "DOUBLE", (self.rows,), words, {"by": "number", "columns": [name]})]

    def nodes(self, nodes: Nodes) -> list[str]:
        return [nodes.add("Identity", self.feature.name)]

    def examples(self, count: int) -> list[Tensor]:
        return [torch.zeros(count, dtype=torch.float64)]

    def encode(self, given: list[Tensor]) -> Tensor:
        """In units of the spread from the centre (N,), as `NumberFeature.encode`."""
        (values,) = given
        standard = ((values - self.feature.centre_) / self.feature.scale_).clamp(-1e30, 1e30)
        return torch.where(values.abs() < torch.inf, standard, torch.nan).float()

"""Files on their way into a graph, as pixels or samples, and whether a row has one at all."""

from __future__ import annotations

from typing import ClassVar, TypeVar

import torch
from torch import Tensor

from injerto.export.entry import Entry, Port
from injerto.export.nodes import Nodes
from injerto.features.feature import MediaFeature

M = TypeVar("M", bound=MediaFeature)


class FileEntry(Entry[M]):
    """One file of one row. In a model of several columns it may be missing: then `given` is false, and anything is fed."""

    alone: ClassVar[bool] = True

    def __init__(self, feature: M, key: str, *, optional: bool, port: str) -> None:
        """`port` names what is fed; columns that are looked at twice share it where they can."""
        super().__init__(feature, key, rows=1)
        self.optional, self.port = optional, port

    @property
    def given(self) -> str:
        """The name of the port that says whether there is a file."""
        return f"{self.feature.name}_given"

    def given_ports(self) -> list[Port]:
        """That port, where a file may be missing."""
        name = self.feature.name
        read = {"by": "given", "columns": [name]}
        return [Port(self.given, "BOOL", (1,), f"whether the row has a '{name}'", read)] if self.optional else []

    def given_nodes(self, nodes: Nodes) -> list[str]:
        """What comes of it."""
        return [nodes.add("Identity", self.given)] if self.optional else []

    def given_examples(self) -> list[Tensor]:
        """A row that has a file."""
        return [torch.ones(1, dtype=torch.bool)] if self.optional else []

    def encode(self, given: list[Tensor]) -> Tensor:
        """Pixels (1,3,S,S) or samples (1,n)."""
        return given[0]

    def empty(self, given: list[Tensor]) -> Tensor:
        """Whether (1,) the cell holds nothing."""
        return ~given[1] if self.optional else torch.zeros(1, dtype=torch.bool)

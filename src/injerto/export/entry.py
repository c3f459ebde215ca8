"""The contract of every kind of column on its way into a graph: what a person feeds, and what it becomes within."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from torch import Tensor

from injerto.export.nodes import Nodes
from injerto.export.translate import Axes, any_rows
from injerto.features.feature import Feature

F = TypeVar("F", bound=Feature)

PortType = Literal["DOUBLE", "FLOAT", "INT64", "STRING", "UINT8", "BOOL"]
"""Types as ONNX calls them."""
ROWS = "rows"
"""The name of the first axis where a graph takes several rows at once."""


@dataclass(frozen=True)
class Port:
    """One input of a graph."""

    name: str
    type: PortType
    shape: tuple[int | str, ...]
    """Of an axis of any length, its name."""
    words: str
    """What to feed, for a person."""
    read: dict[str, Any]
    """What the script needs to know to feed it: `by` names its function, `columns` the cells that it gets."""


class Entry(ABC, Generic[F]):
    """One feature: `ports` are fed, `nodes` make of them what `encode` takes, and `encode` gives what `Feature.encode` does."""

    alone: ClassVar[bool] = False
    """Whether a graph that reads such a column takes one row at a time, as photos have sizes of their own."""

    def __init__(self, feature: F, key: str, *, rows: int | str) -> None:
        """`key` is its own within the graph; `rows` is 1 or the name of the axis of rows."""
        self.feature, self.key, self.rows = feature, key, rows

    @abstractmethod
    def ports(self) -> list[Port]:
        """What is fed."""

    @abstractmethod
    def nodes(self, nodes: Nodes) -> list[str]:
        """Add what comes before the network; the names of what `encode` takes."""

    @abstractmethod
    def examples(self, count: int) -> list[Tensor]:
        """Tensors of the kind and shape of what `encode` takes, for so many rows."""

    def axes(self) -> Axes:
        """Which axes of these may be of any length: those of rows, and whatever comes second."""
        examples = self.examples(1)
        return [None] * len(examples) if self.rows == 1 else any_rows(examples)

    @abstractmethod
    def encode(self, given: list[Tensor]) -> Tensor:
        """As the feature encodes the same cells."""

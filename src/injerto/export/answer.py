"""The contract of every kind of target on its way out of a graph: what is put out, and what a person calls its numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from torch import Tensor

from injerto.export.nodes import Nodes
from injerto.heads.head import Head
from injerto.promises import Promises

H = TypeVar("H", bound=Head)


@dataclass(frozen=True)
class Outlet:
    """One output of a graph: `columns` name its numbers of a row as the answers of `predict` do, in their order."""

    name: str
    type: str
    shape: tuple[int | str, ...]
    columns: list[str]
    words: str


class Answer(ABC, Generic[H]):
    """One target: `tensors` come out of the network, and `nodes` make words of them where PyTorch has none."""

    def __init__(self, head: H, *, rows: int | str, promises: Promises) -> None:
        """`rows` is 1 or the name of the axis of rows; what is promised of the target is put out, too."""
        self.head, self.rows = head, rows
        self.rule, self.cover = promises.abstentions.get(head.name), promises.covers.get(head.name)

    @abstractmethod
    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """Answers, as `Head.trusted` or `Head.placed` gives them, by name."""

    @abstractmethod
    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        """Add what comes after the network, where `found` are the names of its tensors; all that is put out, in order."""

    def facts(self) -> dict[str, Any]:
        """What the script must know besides."""
        return {}

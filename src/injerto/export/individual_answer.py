"""An individual on its way out of a graph: the unit vector of a photo, to be held against those of a gallery."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.match import match_facts
from injerto.export.nodes import Nodes
from injerto.heads.individual import IndividualHead
from injerto.heads.named_or_new import NamedOrNew


class IndividualAnswer(Answer[IndividualHead]):
    """Who it is does not come out of this graph: galleries grow without training. See `match.py`."""

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """(1,D)."""
        return {f"{self.head.name}_vector": answer}

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name = f"{self.head.name}_vector"
        nodes.add("Identity", found[name], out=name)
        words = "a vector of length 1, close to those of other photos of the same individual"
        return [Outlet(name, "FLOAT", (1, self.head.width), [], words)]

    def facts(self) -> dict[str, Any]:
        """How to match."""
        decision = self.rule.decision if isinstance(self.rule, NamedOrNew) else self.head.decision
        return {"individual": match_facts(self.head, decision.limits)}

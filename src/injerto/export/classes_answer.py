"""Several classes at once on their way out of a graph: a probability each, and the likely ones in one text."""

from __future__ import annotations

from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.nodes import Nodes, joined
from injerto.export.promise_outlets import decision_outlets, set_outlets, told
from injerto.heads.cover import LabelSets
from injerto.heads.several_classes import LIKELY, ClassesHead


class ClassesAnswer(Answer[ClassesHead]):
    """The labels from a probability of one half on, joined as the table joins them, and the probabilities of all."""

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """Probabilities (N,K), and which are likely (N,K)."""
        name = self.head.name
        found = {f"{name}_likely": answer >= LIKELY, f"{name}_probabilities": answer}
        if isinstance(self.cover, LabelSets):
            found[f"{name}_inside"] = self.cover.inside(answer)
        return found | told(self.rule, name, answer)

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name, labels, separator = self.head.name, [str(level) for level in self.head.levels_], self.head.options.separator
        probabilities, texts = f"{name}_probabilities", [nodes.constant([label], object) for label in labels]
        joined(nodes, found[f"{name}_likely"], texts, separator, out=name)
        nodes.add("Identity", found[probabilities], out=probabilities)
        columns = [f"{name}_probability_{label}" for label in labels]
        outlets = [
            Outlet(name, "STRING", (self.rows,), [name], f"the labels that are likelier than not, joined by '{separator}'"),
            Outlet(probabilities, "DOUBLE", (self.rows, len(labels)), columns, "the probabilities of all labels"),
        ]
        if isinstance(self.cover, LabelSets):
            words = f"the labels among which all true ones are in {self.cover.coverage:.0%} of rows"
            outlets += set_outlets(nodes, name, found[f"{name}_inside"], texts, separator, words, rows=self.rows)
        return outlets + decision_outlets(nodes, self.rule, name, found, rows=self.rows)

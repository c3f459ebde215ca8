"""Several classes at once on their way out of a graph: a probability each, and the likely ones in one text."""

from __future__ import annotations

from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.nodes import Nodes
from injerto.heads.several_classes import LIKELY, ClassesHead


class ClassesAnswer(Answer[ClassesHead]):
    """The labels from a probability of one half on, joined as the table joins them, and the probabilities of all."""

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """Probabilities (N,K), and which are likely (N,K)."""
        return {f"{self.head.name}_likely": answer >= LIKELY, f"{self.head.name}_probabilities": answer}

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name, labels, separator = self.head.name, [str(level) for level in self.head.levels_], self.head.options.separator
        likely, probabilities = found[f"{name}_likely"], f"{name}_probabilities"
        nothing = nodes.constant([""], object)
        said = nodes.add("Expand", nothing, nodes.size(likely, 0))
        for place, label in enumerate(labels):
            on = nodes.add("Squeeze", nodes.add("Gather", likely, nodes.whole(place), axis=1), nodes.whole(1))
            first = nodes.add("Equal", said, nothing)
            longer = nodes.add("StringConcat", said, nodes.constant([separator + label], object))
            with_it = nodes.add("Where", first, nodes.constant([label], object), longer)
            said = nodes.add("Where", on, with_it, said)
        nodes.add("Identity", said, out=name)
        nodes.add("Identity", found[probabilities], out=probabilities)
        columns = [f"{name}_probability_{label}" for label in labels]
        return [
            Outlet(name, "STRING", (self.rows,), [name], f"the labels that are likelier than not, joined by '{separator}'"),
            Outlet(probabilities, "DOUBLE", (self.rows, len(labels)), columns, "the probabilities of all labels"),
        ]

"""One class on its way out of a graph: probabilities, and the likeliest class by its name."""

from __future__ import annotations

from torch import Tensor

from injerto.export.answer import Answer, Outlet
from injerto.export.nodes import Nodes, label_of
from injerto.export.promise_outlets import decision_outlets, set_outlets, told
from injerto.heads.cover import ClassSets
from injerto.heads.single_class import ClassHead


class ClassAnswer(Answer[ClassHead]):
    """A class as text, or as a whole number where the table has numbers, and the probabilities of all."""

    def tensors(self, answer: Tensor) -> dict[str, Tensor]:
        """Probabilities (N,K), the likeliest (N,), and its probability (N,)."""
        name = self.head.name
        found = {
            f"{name}_code": answer.argmax(dim=1),
            f"{name}_probability": answer.amax(dim=1),
            f"{name}_probabilities": answer,
        }
        if isinstance(self.cover, ClassSets):
            order = answer.argsort(dim=1, descending=True)
            found |= {f"{name}_order": order, f"{name}_inside": self.cover.inside(answer).gather(1, order)}
        return found | told(self.rule, name, answer)

    def nodes(self, nodes: Nodes, found: dict[str, str]) -> list[Outlet]:
        name, levels = self.head.name, self.head.levels_
        kind = label_of(nodes, found[f"{name}_code"], levels, out=name)
        best, all_of_them = f"{name}_probability", f"{name}_probabilities"
        for output in (best, all_of_them):
            nodes.add("Identity", found[output], out=output)
        columns = [f"{best}_{level}" for level in levels]
        outlets = [
            Outlet(name, kind, (self.rows,), [name], "the likeliest class"),
            Outlet(best, "DOUBLE", (self.rows,), [best], "its probability"),
            Outlet(all_of_them, "DOUBLE", (self.rows, len(levels)), columns, "the probabilities of all classes"),
        ]
        if isinstance(self.cover, ClassSets):
            inside, texts = found[f"{name}_inside"], [str(level) for level in self.cover.levels]
            places = nodes.texts_of(found[f"{name}_order"], texts)
            labels = [nodes.column(places, place) for place in range(len(levels))]
            words = f"the classes, the likeliest first, among which the true one is in {self.cover.coverage:.0%} of rows"
            outlets += set_outlets(nodes, name, inside, labels, " | ", words, rows=self.rows)
        return outlets + decision_outlets(nodes, self.rule, name, found, rows=self.rows)

"""What is promised of classes, on its way out of a graph: whether one is told at all, and sets that hold the true one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from injerto.export.answer import Outlet
from injerto.export.nodes import WHOLE, Nodes, joined
from injerto.heads.abstention import ANSWERED, CANNOT_TELL, Abstention, SureEnough


def told(rule: Abstention | None, name: str, answer: Tensor) -> dict[str, Tensor]:
    """Whether (N,) the answers are sure enough, where that was promised."""
    return {f"{name}_told": rule.told(answer)} if isinstance(rule, SureEnough) else {}


def decision_outlets(
    nodes: Nodes, rule: Abstention | None, name: str, found: Mapping[str, str], *, rows: int | str
) -> list[Outlet]:
    """The words for it."""
    if not isinstance(rule, SureEnough):
        return []
    out, words = f"{name}_decision", (nodes.constant([said], object) for said in (ANSWERED, CANNOT_TELL))
    nodes.add("Where", found[f"{name}_told"], *words, out=out)
    meaning = f"'{ANSWERED}', or '{CANNOT_TELL}': of those answered at most {rule.max_error:.3g} are expected to be wrong"
    return [Outlet(out, "STRING", (rows,), [out], meaning)]


def set_outlets(
    nodes: Nodes, name: str, inside: str, labels: Sequence[str], separator: str, words: str, *, rows: int | str
) -> list[Outlet]:
    """A set in one text, and how many are in it; `inside` (N,K) says which of `labels` are, as `joined` takes them."""
    one, size = f"{name}_set", f"{name}_set_size"
    joined(nodes, inside, labels, separator, out=one)
    nodes.add("ReduceSum", nodes.add("Cast", inside, to=WHOLE), nodes.whole(1), keepdims=0, out=size)
    return [
        Outlet(one, "STRING", (rows,), [one], f"{words}, joined by '{separator}'"),
        Outlet(size, "INT64", (rows,), [size], "how many these are"),
    ]

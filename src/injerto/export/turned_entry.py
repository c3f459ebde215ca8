"""Which side of an animal a photo shows, on its way into a graph: one of two sides is turned round."""

from __future__ import annotations

from injerto.export.entry import Port
from injerto.export.nodes import BOOL, Nodes
from injerto.heads.individual import IndividualHead


def flank_port(head: IndividualHead) -> Port | None:
    """What is fed where the model tells two sides apart; None otherwise."""
    if len(head.flanks_) != 2 or head.options.flank is None:
        return None
    words = f"the side that is seen: {head.flanks_[0]} or {head.flanks_[1]}; the empty text where it is not known"
    return Port(head.options.flank, "STRING", (1,), words, {"by": "level", "columns": [head.options.flank], "absent": ""})


def flank_nodes(head: IndividualHead, nodes: Nodes) -> str:
    """Whether (1,) the photo is turned round."""
    flank = str(head.options.flank)
    return nodes.add("Cast", nodes.looked_up(flank, [head.flanks_[1]], [1], 0), to=BOOL)

"""When a small network should learn a table's sounds from nothing, beside what pretrained networks make of them."""

from __future__ import annotations

from injerto.heads.single_class import ClassHead
from injerto.learning.fit import Fitted
from injerto.learning.plan import UNASKED_SECONDS
from injerto.network import Network
from injerto.schema.schema import Schema, Training

OPEN_SHARE = 0.25
"""Of the doubt before anything is known: where more is left, the pretrained networks do not hear what matters."""
FEWEST_SECONDS = 60.0
BACKBONE = "small_cnn"


def worth_starting_anew(network: Network, fitted: Fitted, training: Training, seconds_left: float | None) -> bool:
    """Whether much is left open: classes of one kind, the tune loss beyond a quarter of what guessing by shares costs.

    Spoken digits are such a case: frozen general features tell half of them, a small network nearly all.
    """
    if training.mode == "probe" or (seconds_left is not None and seconds_left < FEWEST_SECONDS):
        return False
    doubts = []
    for head in network.targets.values():
        if not isinstance(head, ClassHead):
            return False
        prior = head.prior()
        doubts.append(float(-(prior.exp() * prior).sum()))
    return network.only_media and len(network.media) > 0 and fitted.loss > OPEN_SHARE * sum(doubts)


def from_nothing(schema: Schema, seconds_left: float | None) -> Schema:
    """The same declaration with the small network at every column of sounds that was left open."""
    inputs = {
        name: item.model_copy(update={"backbone": BACKBONE}) if item.kind == "sound" and item.backbone == "auto" else item
        for name, item in schema.inputs.items()
    }
    training = schema.training.model_copy(update={"mode": "finetune", "budget_seconds": seconds_left or UNASKED_SECONDS})
    return schema.model_copy(update={"inputs": inputs, "training": training})

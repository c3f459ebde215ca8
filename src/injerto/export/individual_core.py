"""What a network of individuals computes between the nodes before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from injerto.export.answer import Answer
from injerto.export.entry import Entry
from injerto.export.plain import plain
from injerto.individual_network import IndividualNetwork
from injerto.network import PHOTO, Batch


class IndividualCore(nn.Module):
    """A photo in its square, and whether it is to be turned round, to a unit vector and what else is asked."""

    def __init__(self, network: IndividualNetwork, photo: Entry[Any], answers: Sequence[Answer[Any]]) -> None:
        super().__init__()
        self.network, self.photo, self.answers = plain(network), photo, answers

    def forward(self, square: Tensor, turned: Tensor | None = None) -> dict[str, Tensor]:
        """(3,L,L) uint8 and, where two flanks are told apart, (1,) bool."""
        pixels = self.photo.encode([square])
        if turned is not None:
            pixels = torch.where(turned[:, None, None, None], pixels.flip(3), pixels)
        outputs = self.network.seen(Batch({}, raw={PHOTO: pixels}))
        found: dict[str, Tensor] = {}
        for answer in self.answers:
            found |= answer.tensors(answer.head.trusted(outputs[answer.head.name], None))
        return found

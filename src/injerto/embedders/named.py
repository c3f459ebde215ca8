"""What a pretrained network calls a sound by itself, for classes of the table that are called alike.

A few hundred clips of a handful of recordings teach a siren less than the thousands that the network was trained with. On
sounds of a city a probe that starts from the network's own names is right in three more of a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

FEWEST = 2
"""Classes that must have a name of their own there: one alone stands against nothing."""


class Named(nn.Module):
    """Outputs (B,K) to be added to a head's: of each class the greatest of its labels', less its mean over training rows.

    `say` is how much they count, and `match` (K,L) which of the network's labels belong to which class. A class without a
    label gets nothing.
    """

    say: Tensor
    mean: Tensor
    match: Tensor

    def __init__(self, classes: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("say", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(classes))
        self.register_buffer("match", torch.zeros(classes, labels, dtype=torch.bool))

    @property
    def speaks(self) -> bool:
        """Whether enough classes have a label."""
        return int(self.match.any(dim=1).sum()) >= FEWEST

    @torch.no_grad()
    def fit(self, matches: Sequence[Sequence[int]], called: Tensor) -> None:
        """Take each class's labels from `matches`, and the means from what rows (N,L) to train with are called."""
        self.match.zero_()
        for place, labels in enumerate(matches):
            self.match[place, list(labels)] = True
        self.mean.zero_()
        known = called[~called.isnan().any(dim=1)]
        if len(known):
            self.mean.copy_(self.alone(known).mean(dim=0))

    def alone(self, called: Tensor) -> Tensor:
        """Of what rows are called (B,L), each class's own (B,K) in full; 0 where a row has no sound."""
        own = torch.where(self.match, called[:, None], -torch.inf).amax(dim=2)
        return torch.where(self.match.any(dim=1), own - self.mean, 0.0).nan_to_num(0.0)

    def forward(self, called: Tensor) -> Tensor:
        """(B,L) to (B,K)."""
        return self.say * self.alone(called)

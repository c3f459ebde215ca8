"""Whether a sound is like those a model learned from: what it never heard must not be named for certain.

The measure is how far a sound's vector lies from its nearest training vectors, against how far from noise and chords. Its scale
is what the training rows themselves show when judged by the rows of other folds.

*Source*: the nearest neighbours of Sun et al. 2022, Out-of-Distribution Detection with Deep Nearest Neighbors, ICML. NOTE
differs from the paper: divided by the distance to noise, because rain and surf lie near noise and would vouch for it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

NEIGHBOURS = 3
STRANGEST = 0.02
"""The share of training rows that are farthest out: rows as far as these are trusted less, in proportion.

That costs honest answers their certainty: with 0.05, ten sounds that are told right in 98.4 % of cases were said to be right in
96.6 %. With 0.02 noise, silence, chords and outdoors are still not told for certain (docs/benchmarks.md, None of these).
"""
LEAST = 0.01
"""Trust never ends: an answer keeps its order of classes."""
MOST_ROWS = 1000
CLOSEST = 1e-3
"""Added to the distance to noise, which is zero for noise itself."""


class Familiarity(nn.Module):
    """Directions of training vectors (M,C) and of noise (S,C), and the sorted strangeness (M,) of the former."""

    heard: Tensor
    noise: Tensor
    usual: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("heard", torch.empty(0, width))
        self.register_buffer("noise", torch.empty(0, width))
        self.register_buffer("usual", torch.empty(0))

    @torch.no_grad()
    def fit(self, vectors: Tensor, folds: Tensor, noise: Tensor) -> Tensor:
        """Learn from `vectors` (N,C), judged by `folds` (N,), and from what a noise sounds like (S,C); 1,000 rows at most.

        Gives the trust (N,) in each of them as if its fold had not been heard.
        """
        some = torch.linspace(0, len(vectors) - 1, min(MOST_ROWS, len(vectors))).round().long()
        own, fold = functional.normalize(vectors[some]), folds[some]
        plain = functional.normalize(noise)
        apart = torch.zeros(len(own))
        for number in fold.unique():
            out = fold == number
            if out.all():
                return torch.ones(len(vectors))  # all of one group: nothing says how far apart the like may lie
            apart[out] = strangeness(own[out], own[~out], plain)
        self.heard, self.noise, self.usual = own, plain, apart.sort().values
        trust = torch.ones(len(vectors))
        for number in folds.unique():
            out = folds == number
            trust[out] = self._trust(strangeness(functional.normalize(vectors[out]), own[fold != number], plain))
        return trust

    def forward(self, vectors: Tensor) -> Tensor:
        """Trust (B,) from 0.01 to 1: 1 for what 98 % of training rows are like, falling to the least beyond the strangest."""
        if len(self.usual) == 0:
            return torch.ones(len(vectors))
        return self._trust(strangeness(functional.normalize(vectors), self.heard, self.noise))

    def _trust(self, apart: Tensor) -> Tensor:
        """By strangeness (B,)."""
        beyond = len(self.usual) - torch.searchsorted(self.usual, apart)
        return (beyond / (len(self.usual) + 1) / STRANGEST).clamp(LEAST, 1.0)

    def make_room(self, rows: int, noises: int) -> None:
        """Buffers of the size that a model on disk has."""
        width = self.heard.shape[1]
        self.heard, self.noise, self.usual = torch.empty(rows, width), torch.empty(noises, width), torch.empty(rows)


def strangeness(vectors: Tensor, heard: Tensor, noise: Tensor) -> Tensor:
    """(B,) mean cosine distance of directions to their nearest of `heard` (M,C), over that to the nearest of `noise` (S,C)."""
    near = 1 - (vectors @ heard.T).topk(min(NEIGHBOURS, len(heard)), dim=1).values.mean(dim=1)
    plain = 1 - (vectors @ noise.T).amax(dim=1)
    return near / (plain.clamp_min(0) + CLOSEST)

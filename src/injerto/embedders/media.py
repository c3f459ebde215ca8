"""The graft: a column of files to standardised vectors of a pretrained backbone, or to its standardised map."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.embedders.embedder import MediaEmbedder

AT_ONCE = 16_384


def _known(vectors: Tensor, rows: Tensor) -> Iterator[Tensor]:
    """Part by part, those of `rows` of vectors (N,C) that are not NaN, in float64."""
    for part in rows.sort().values.split(AT_ONCE):
        some = vectors.index_select(0, part)
        yield some[~some.isnan().any(dim=1)].double()


class GraftedEmbedder(MediaEmbedder):
    """A backbone, the mean and scale of its training vectors, and a learned vector for empty cells.

    Every channel is centred, and all are divided by one scale. Dividing each by its own would blow up the channels that hardly
    move: on ants and bees that cost a point of accuracy and a tenth of the log loss.

    Several embedders may hold the same backbone.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone
        self.say = 1.0  # what `equal_say` gives it beside others
        self.width = backbone.width
        self.register_buffer("mean", torch.zeros(self.width))
        self.register_buffer("scale", torch.ones(()))
        # After standardising, zero is the average file: an even start for what an empty cell means.
        self.missing = nn.Parameter(torch.zeros(self.width))

    @torch.no_grad()
    def standardise(self, vectors: Tensor, rows: Tensor | None = None) -> None:
        """Learn mean and scale from the training `rows` (n,) of vectors (N,C), or from all of them; those of NaN (empty cells)
        are left out.
        """
        rows = torch.arange(len(vectors)) if rows is None else rows
        summed, count = torch.zeros(self.width, dtype=torch.float64), 0
        for known in _known(vectors, rows):
            summed, count = summed + known.sum(dim=0), count + len(known)
        if count == 0:
            return
        mean = summed / count
        squares = sum(float((known - mean).square().sum()) for known in _known(vectors, rows))
        scale = (squares / (count * self.width)) ** 0.5 / self.say
        self.mean.copy_(mean)
        self.scale.fill_(scale if scale > 0 else 1.0)

    def from_vector(self, vector: Tensor) -> Tensor:
        """Vectors (B,C) of the backbone, NaN where the cell was empty, to (B,C)."""
        scaled = (vector - self.mean) / self.scale
        return torch.where(vector.isnan().any(dim=1, keepdim=True), self.missing, scaled)

    def forward(self, block: Tensor) -> Tensor:
        """Raw pixels or samples (B,...) to (B,C)."""
        return self.from_vector(self.backbone.vector(block))

    def map(self, raw: Tensor) -> Tensor:
        """The same by place, (B,C,H,W): what a file would give that had only this place.

        Where the backbone's pooling is the mean, the mean over the places is the vector.
        """
        places = self.backbone.map(raw)
        alone = places.movedim(1, 3).flatten(0, 2)[:, :, None, None]
        by_place = self.backbone.pool(alone).unflatten(0, (len(places), *places.shape[2:])).movedim(3, 1)
        scaled: Tensor = (by_place - self.mean[:, None, None]) / self.scale
        return scaled

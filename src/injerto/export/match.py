"""Who a vector belongs to, as a graph of its own: it is fed the gallery, so that individuals come and go without it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from injerto.errors import ExportError
from injerto.export.translate import PREFIX, translated
from injerto.gallery.gallery import Gallery
from injerto.heads.individual import MOST_RANKED, IndividualHead
from injerto.heads.outcome import MAJORITY, Limits
from injerto.likeness import Likeness

INPUTS = ("vector", "vectors", "codes", "may", "individuals")


class MatchCore(nn.Module):
    """The scores of `gallery/search.py` for one query, and the probabilities of the head's decision."""

    def __init__(self, head: IndividualHead) -> None:
        super().__init__()
        likeness = head.gallery.likeness
        self.likeness, self.decision = Likeness(likeness.side, likeness.reach), head.decision

    def forward(self, vector: Tensor, vectors: Tensor, codes: Tensor, may: Tensor, individuals: Tensor) -> dict[str, Tensor]:
        """A query (1,D), photos (N,D), the individual (N,) of each and whether (N,) it may answer, and as many numbers (I,) as
        there are individuals: to probabilities (1,I+1), that of a new one last.
        """
        likeness = self.likeness
        near = likeness.at_once(vectors, vector) if likeness.side else vectors @ vector.T
        near = torch.where(may, near[:, 0], -torch.inf)
        nearest = torch.full_like(individuals, -torch.inf).scatter_reduce(0, codes, near, "amax")
        nothing = torch.zeros_like(individuals)[:, None].expand(-1, vectors.shape[1])
        sums = nothing.scatter_add(0, codes[:, None].expand(-1, vectors.shape[1]), vectors * may[:, None])
        centres = sums / sums.norm(dim=1).clamp_min(1e-6)[:, None]
        central = likeness.at_once(centres, vector) if likeness.side else centres @ vector.T
        # Nobody's sum of no photos has a direction, whatever the runtime makes of it.
        scores = torch.where(nearest > -torch.inf, (nearest + central[:, 0]) / 2, -torch.inf)
        return {"chances": self.decision.chances(scores[None])}


def match_graph(head: IndividualHead) -> bytes:
    """*Raises* ExportError for a gallery that is too large to be compared whole."""
    gallery = head.gallery
    if len(gallery.individuals) > MOST_RANKED:
        raise ExportError(
            f"The gallery has {len(gallery.individuals):,} individuals, and a graph compares with all of them: more than "
            f"{MOST_RANKED:,} cannot be exported to ONNX. With --hf the whole model is exported, for Injerto."
        )
    if not len(gallery):
        raise ExportError("The gallery is empty, so nobody could be named. Fill it with: injerto gallery add MODEL TABLE.")
    width = gallery.width
    examples = [
        torch.zeros(1, width),
        torch.zeros(6, width),
        torch.arange(6) // 2,
        torch.ones(6, dtype=torch.bool),
        torch.zeros(3),
    ]
    free = torch.export.Dim("photos", min=2), torch.export.Dim("individuals", min=2)
    axes = (None, {0: free[0]}, {0: free[0]}, {0: free[0]}, {0: free[1]})
    model, found = translated(MatchCore(head), examples, INPUTS, axes=axes)
    for name in INPUTS:
        _renamed(model, PREFIX + name, name)
    _renamed(model, found["chances"], "chances")
    content: bytes = model.SerializeToString()
    return content


def gallery_file(gallery: Gallery) -> bytes:
    """The gallery as a file of numpy's, without thumbnails: what is not known is the empty text."""
    content, photos = io.BytesIO(), gallery.photos
    texts = {name: photos[name].fill_null("").to_numpy().astype(str) for name in ("sighting", "flank", "digest", "photo")}
    np.savez(
        content,
        allow_pickle=False,
        vectors=gallery.vectors.half().numpy(),
        codes=gallery.index.codes,
        individuals=np.array(gallery.individuals, dtype=str),
        **texts,
    )
    return content.getvalue()


def match_facts(head: IndividualHead, limits: Limits) -> dict[str, Any]:
    """What the script must know to match, and from which probabilities on it speaks."""
    options = head.options
    return {
        "name": head.name,
        "photo": head.photo,
        "sighting": options.sighting,
        "flank": options.flank,
        "known_from": max(limits.known_from, MAJORITY) if np.isfinite(limits.known_from) else None,
        "new_from": max(limits.new_from, MAJORITY) if np.isfinite(limits.new_from) else None,
        "majority": MAJORITY,
    }


def _renamed(model: Any, old: str, new: str) -> None:
    for value in (*model.graph.input, *model.graph.output):
        value.name = new if value.name == old else value.name
    for node in model.graph.node:
        node.input[:] = [new if name == old else name for name in node.input]
        node.output[:] = [new if name == old else name for name in node.output]

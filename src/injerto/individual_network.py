"""The network that tells individuals apart: pretrained maps, marks by their places, a centre for every individual."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.look import look_of
from injerto.backbones.networks import build
from injerto.backbones.quicken import fused_works, quicken
from injerto.backbones.trunk import Trunk
from injerto.embedders.marks import Marks
from injerto.embedders.places import Places
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads import HEADS
from injerto.heads.head import Head
from injerto.heads.individual import IndividualHead
from injerto.heads.vector_head import VectorHead
from injerto.network import PHOTO, Batch, Block
from injerto.precision import of_files
from injerto.schema.schema import Schema
from injerto.table.table import Table

OTHERS = 0.2
"""How much the other targets pull at what is shared with the individual."""


class IndividualNetwork(nn.Module):
    """Photos to unit vectors: those of one individual lie together. What else is to be answered is read from the same vector.

    A photo is looked at twice, as it is and mirrored. Marks are not the same on both sides, so a mirrored photo is another
    individual's while training, which doubles what there is to learn from; and in answering it is a second opinion. Loose
    marks, of which each vector holds very many, are looked at once.
    """

    def __init__(
        self, photo: WholePhotoFeature, head: IndividualHead, extras: Sequence[VectorHead], backbone: Backbone
    ) -> None:
        super().__init__()
        self.photo, self.trunk = photo, Trunk(backbone, head.detail_)
        kind = Places if head.detail_ == "loose" else Marks
        self.marks: Marks | Places = kind(self.trunk.width, photo.resolution_ // self.trunk.stride)
        self.head = head.graft(self.marks.width)
        self.extras = nn.ModuleList(extra.graft(self.marks.summary_width) for extra in extras)

    @property
    def features(self) -> list[WholePhotoFeature]:
        """The feature of what it reads."""
        return [self.photo]

    @property
    def targets(self) -> dict[str, Head]:
        """The heads by their names, the individual first."""
        heads = [self.head, *self.extras]
        return {head.name: head for head in heads if isinstance(head, Head)}

    @property
    def others(self) -> dict[str, VectorHead]:
        """The heads of what is asked beside the individual."""
        return {head.name: head for head in self.extras if isinstance(head, VectorHead)}

    @property
    def blocks(self) -> list[Block]:
        """None: it has no columns that are embedded as vectors."""
        return []

    @property
    def hearing(self) -> None:
        """It reads no sounds."""
        return None

    @property
    def source(self) -> None:
        """It does not ask who took a photo."""
        return None

    @property
    def backbones(self) -> list[Trunk]:
        """The pretrained part."""
        return [self.trunk]

    @property
    def parts(self) -> dict[str, list[nn.Module]]:
        """What learns at one rate each, by the names of the multipliers."""
        return {"embedders": [], "body": [self.marks], "head": [self.head, *self.extras]}

    def mirrored(self, table: Table) -> np.ndarray | None:
        """Rows (N,) bool whose photos are turned round before anything is done with them; None where none are."""
        return self.head.turned_round(table)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """For training: cosines (B,C) to all centres or, of loose marks, likenesses (B,B) of the photos among themselves; and
        the other heads' outputs, of one look at each photo.
        """
        with of_files():
            places = self.trunk(batch.raw[PHOTO])
        vectors = self.marks(places.float())
        told = self.head(vectors) if self.head.centred else self.marks.likeness.between(vectors, vectors)
        # What is asked beside the individual is to come out of what tells individuals, not to bend it much.
        beside = self.beside(torch.lerp(vectors.detach(), vectors, OTHERS))
        return {self.head.name: told} | {name: head(beside) for name, head in self.others.items()}

    def seen(self, batch: Batch) -> dict[str, Tensor]:
        """For answering: unit vectors (B,512) of both looks, of loose marks (B,width) of one; and the other heads' outputs."""
        return self.seen_and_look(batch)[0]

    def seen_and_look(self, batch: Batch) -> tuple[dict[str, Tensor], Tensor]:
        """What is `seen`, and what each photo looks like as a whole (B,2C)."""
        pixels = batch.raw[PHOTO]
        views = (pixels, pixels.flip(3)) if self.head.centred else (pixels,)
        maps = [self.trunk(view) for view in views]
        looks = [self.marks(places) for places in maps]
        others = {name: head(self.beside(looks[0])) for name, head in self.others.items()}
        return {self.head.name: together(looks)} | others, look_of(maps[0])

    def beside(self, vectors: Tensor) -> Tensor:
        """Of vectors (B,width), what the heads of other targets read."""
        summary: Tensor = self.marks.summary(vectors)
        return levelled(summary)

    def fingerprint(self) -> str:
        """What vectors follow from, as 32 hexadecimal digits: those of two networks with one fingerprint can be compared."""
        content = hashlib.blake2b(digest_size=16)
        content.update(f"{self.photo.transform}, {self.trunk.name}, {self.trunk.detail}".encode())
        for part in (self.trunk, self.marks):
            for key, value in part.state_dict().items():
                content.update(key.encode())
                content.update(value.detach().cpu().contiguous().numpy().tobytes())
        return content.hexdigest()

    def nothing(self) -> dict[str, Tensor]:
        """What is said of no photo at all."""
        others = {name: torch.empty(0, head.members, head.outputs) for name, head in self.others.items()}
        return {self.head.name: torch.empty(0, self.head.width)} | others

    def quick(self) -> Self:
        """A copy for answering only: fused operators in the trunk give the same to four digits in two thirds of the time."""
        copied = deepcopy(self).eval()
        copied.trunk = quicken(self.trunk, torch.float32, fused=fused_works())
        return copied


def levelled(vectors: Tensor) -> Tensor:
    """Vectors (B,D) at the length of random ones: their own lengths mean nothing to cosines, and may be any."""
    length: float = vectors.shape[1] ** 0.5
    return length * functional.normalize(vectors, dim=1)


def together(looks: Sequence[Tensor]) -> Tensor:
    """Looks (B,D) each as one unit vector (B,L*D), whose cosine with another is the mean of the looks' cosines."""
    unit: Tensor = torch.cat([functional.normalize(look, dim=1) for look in looks], dim=1) / len(looks) ** 0.5
    return unit


def restored(schema: Schema, features: Mapping[str, Any], heads: Mapping[str, Any]) -> IndividualNetwork:
    """The network of a model folder from the states of its features and heads; its weights are still random."""
    assert schema.individual is not None
    name, target = schema.individual
    photo = photo_feature(schema).restore(features[str(target.photo)])
    extras = [
        HEADS[option.kind](other, option).restore(heads[other]) for other, option in schema.targets.items() if other != name
    ]
    return IndividualNetwork(photo, IndividualHead(name, target).restore(heads[name]), extras, build(photo.backbone_))


def photo_feature(schema: Schema) -> WholePhotoFeature:
    """The one column of photos."""
    assert schema.individual is not None
    photo = str(schema.individual[1].photo)
    return WholePhotoFeature(photo, schema.inputs[photo])

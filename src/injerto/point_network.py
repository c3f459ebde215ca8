"""The network that finds points: a pyramid of maps, a light decoder, a head of 1x1 convolutions. All of it learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from injerto.backbones.backbone import Backbone
from injerto.backbones.look import look_of
from injerto.backbones.networks import build
from injerto.backbones.pyramid import STRIDES, Pyramid
from injerto.backbones.quicken import fused_works, quicken
from injerto.embedders import EMBEDDERS
from injerto.embedders.decoder import WIDTH, Decoder, reach_of
from injerto.features.category import CategoryFeature
from injerto.features.vocabulary import UNKNOWN
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.heads.locate import expected
from injerto.network import PHOTO, Batch, Block
from injerto.precision import of_files
from injerto.schema.schema import Input, Target
from injerto.table.table import Table

SOURCE, MATRIX = "source", "matrix"
"""Keys of a batch: ids (B,1) of who placed the points, and how photos were moved (B,2,3)."""


class PointNetwork(nn.Module):
    """Photos to points. Who placed the points, where a column says so, is a hint to the decoder and has habits of its own.

    A habit is a shift sideways in the photo as it was taken, such as a pixel to the right everywhere. A network that learns
    from mirrored photos cannot know of it, as what is to the right in one is to the left in the other, and without a habit of
    its own would be taught contradictions. On faces whose labels lie 1.2 pixels to the right it took the error from 1.65 to
    1.49 pixels.
    """

    def __init__(
        self, photo: WholePhotoFeature, head: KeypointsHead, backbone: Backbone, source: CategoryFeature | None = None
    ) -> None:
        super().__init__()
        self.photo, self.source = photo, source
        self.pyramid = Pyramid(backbone)
        self.decoder = Decoder(self.pyramid.widths)
        self.head = head.graft(self.decoder.width)
        self.reach = reach_of(photo.resolution_ // STRIDES[-1])
        self.who = None if source is None else EMBEDDERS["category"]([source])
        mirrors, width = head.swap is not None, 0 if source is None else self.decoder.width
        # Without mirrors all that is common is in the network's own reach.
        self.habits = Habits(width, mirrors=mirrors) if mirrors or width else None

    @property
    def features(self) -> list[WholePhotoFeature | CategoryFeature]:
        """The features of what it reads."""
        return [self.photo] if self.source is None else [self.photo, self.source]

    @property
    def targets(self) -> dict[str, KeypointsHead]:
        """The head by its name."""
        return {self.head.name: self.head}

    @property
    def blocks(self) -> list[Block]:
        """None: it has no columns that are embedded as vectors."""
        return []

    @property
    def hearing(self) -> None:
        """It reads no sounds."""
        return None

    def mirrored(self, table: Table) -> None:
        """No photo is turned round before anything is done with it."""
        return None

    @property
    def backbones(self) -> list[Pyramid]:
        """The pretrained part."""
        return [self.pyramid]

    @property
    def parts(self) -> dict[str, list[nn.Module]]:
        """What learns at one rate each, by the names of the multipliers."""
        who: list[nn.Module] = [] if self.who is None else [self.who]
        habits: list[nn.Module] = [] if self.habits is None else [self.habits]
        return {"embedders": who, "body": [self.decoder], "head": [self.head, *habits]}

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """For training, (B,K,2n+3): what the head gives of each point, then the shift by habit in the photo as it was moved."""
        with of_files():
            maps = self.pyramid(batch.raw[PHOTO])
        output, habit = self._told([level.float() for level in maps], batch.scalars.get(SOURCE))
        turn = batch.raw[MATRIX][:, None, :, :2]
        moved = (turn @ habit[..., None])[..., 0]
        return {self.head.name: torch.cat([output, moved / (1 + 2 * self.reach)], dim=2)}

    def quick(self) -> Self:
        """A copy for answering only: fused operators in the pyramid give the same to four digits in two thirds of the time."""
        copied = deepcopy(self).eval()
        copied.pyramid = quicken(self.pyramid, torch.float32, fused=fused_works())
        return copied

    def located(self, batch: Batch) -> Tensor:
        """(B,K,4): x and y in shares of the square's side, how unsure, the chance of being in the picture.

        The mean of what is seen in the photo and, where that is allowed, in the mirrored photo, each brought back; then the
        habit. Two views that do not agree are one more reason to be unsure.
        """
        return self.located_and_look(batch)[0]

    def located_and_look(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What is `located`, and what each photo looks like as a whole (B,2C)."""
        located, habit, look = self._seen(batch.raw[PHOTO], batch)
        swap = self.head.swap
        if swap is not None:
            other, _, _ = self._seen(batch.raw[PHOTO].flip(3), batch)
            other = other[:, swap]
            other = torch.cat([1 - other[:, :, :1], other[:, :, 1:]], dim=2)
            apart = (located[:, :, :2] - other[:, :, :2]).norm(dim=2) / 2
            located = (located + other) / 2
            located[:, :, 2] = torch.hypot(located[:, :, 2], apart)
        return torch.cat([located[:, :, :2] + habit, located[:, :, 2:]], dim=2), look

    def axes(self, batch: Batch) -> Tensor:
        """Of the photo as it is, logits (B,K,2,n) over n bins of x and of y, which reach `reach` beyond its edges."""
        output, _ = self._told(self.pyramid(batch.raw[PHOTO]), batch.scalars.get(SOURCE))
        logits: Tensor = output[:, :, :-1].unflatten(2, (2, -1))
        return logits

    def _seen(self, pixels: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """What one view tells (B,K,4), the habit (B,K,2) that is still to be added, and what the photo looks like (B,2C)."""
        maps = self.pyramid(pixels)
        output, habit = self._told(maps, batch.scalars.get(SOURCE))
        places, spread = expected(output[:, :, :-1].unflatten(2, (2, -1)), self.reach)
        return torch.cat([places, spread[:, :, None], output[:, :, -1:].sigmoid()], dim=2), habit, look_of(maps[-1])

    def range_of(self, xy_unit: Tensor) -> Tensor:
        """Shares of the square's side to shares of what the map covers, which reaches beyond the photo on every side."""
        return (xy_unit + self.reach) / (1 + 2 * self.reach)

    def _told(self, maps: Sequence[Tensor], source: Tensor | None) -> tuple[Tensor, Tensor]:
        count = len(maps[0])
        hint = nobody = None
        if self.who is not None:
            unknown = torch.full((count, 1), UNKNOWN, device=maps[0].device)
            hint, nobody = self.who(unknown if source is None else source), self.who(unknown[:1])
        output: Tensor = self.head(self.decoder(maps, hint))
        habit = output.new_zeros(1, 1, 2) if self.habits is None else self.habits(hint, nobody)
        return output, habit.expand(count, len(self.head.points), 2)


class Habits(nn.Module):
    """A shift (1 or B,1,2), in shares of the square's side: everybody's sideways and, where it is said who placed the points,
    this one's own from what everybody does.

    One number for all points, and for everybody none up or down: only what mirrors turn round is out of the network's own
    reach. Shifts of each point in both directions wandered about with the network, and cost it more than they brought. What one
    does otherwise than another is told by the rows, both ways; with it, made-up annotators 3 pixels apart cost 0.02 pixels of
    error in place of 0.2.
    """

    def __init__(self, width: int, *, mirrors: bool) -> None:
        """`width` of what says who placed the points, 0 where nothing does; without `mirrors` nothing is shared."""
        super().__init__()
        self.shared = nn.Parameter(torch.zeros(1), requires_grad=mirrors)
        self.own = nn.Parameter(torch.zeros(width, 2))

    def forward(self, hint: Tensor | None, nobody: Tensor | None) -> Tensor:
        """`hint` (B,width) stands for who placed them, `nobody` (1,width) for who is not known."""
        shared = functional.pad(self.shared[:, None, None], (0, 1))
        return shared if hint is None or nobody is None else shared + ((hint - nobody) @ self.own)[:, None]


def restored(name: str, target: Target, photo: Input, features: Mapping[str, Any], head: dict[str, Any]) -> PointNetwork:
    """The network of a model folder from the states of its features and its head; its weights are still random."""
    feature = WholePhotoFeature(str(target.photo), photo, target.box).restore(features[str(target.photo)])
    source = None if target.source is None else source_feature(target.source).restore(features[target.source])
    return PointNetwork(feature, KeypointsHead(name, target).restore(head), build(feature.backbone_), source)


def source_feature(name: str) -> CategoryFeature:
    """The column that names who placed the points, as wide as the map that it is added to."""
    return CategoryFeature(name, Input(kind="category", width=WIDTH))

"""Photos to vectors."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from sklearn.utils import Tags

from injerto.backbones.catalogue import MediaKind
from injerto.backbones.suited import suited
from injerto.features.image import ImageFeature
from injerto.schema.schema import Input
from injerto.sklearn.file_features import FileFeatures
from injerto.table.table import Table


class PhotoFeatures(FileFeatures):
    """Columns of photos to the vectors of a pretrained network, which stay as they are. Nothing is fitted.

    `backbone` is a name of `injerto backbones`; see `FileFeatures` for `folder` and `on_error`.
    """

    media_kind: ClassVar[MediaKind] = "image"

    def __init__(
        self, *, backbone: str = "auto", folder: str | Path = ".", on_error: Literal["raise", "nan"] = "raise"
    ) -> None:
        self.backbone = backbone
        self.folder = folder
        self.on_error = on_error

    def _learn(self, table: Table) -> None:
        return None

    def _feature(self, name: str) -> ImageFeature:
        return suited(ImageFeature(name, Input(kind="image", backbone=self.backbone)))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags

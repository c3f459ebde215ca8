"""Sounds to vectors."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from sklearn.utils import Tags

from injerto.backbones.catalogue import MediaKind
from injerto.backbones.suited import suited
from injerto.features.sound import SoundFeature
from injerto.schema.schema import Input
from injerto.sklearn.file_features import FileFeatures
from injerto.table.table import Table


class SoundFeatures(FileFeatures):
    """Columns of sounds to the vectors of a pretrained network, which stay as they are.

    `clip_seconds` is how much of each file is looked at; where it is None, `fit` learns it: long enough for nearly all
    files, at most ten seconds. `backbone` is a name of `injerto backbones`; see `FileFeatures` for `folder` and `on_error`.

    After `fit`: `clip_seconds_`.
    """

    media_kind: ClassVar[MediaKind] = "sound"
    clip_seconds_: float

    def __init__(
        self,
        *,
        backbone: str = "auto",
        folder: str | Path = ".",
        on_error: Literal["raise", "nan"] = "raise",
        clip_seconds: float | None = None,
    ) -> None:
        self.backbone = backbone
        self.folder = folder
        self.on_error = on_error
        self.clip_seconds = clip_seconds

    def _learn(self, table: Table) -> None:
        fitted = [self._made(name, self.clip_seconds).fit(table.column(name)) for name in table.columns]
        self.clip_seconds_ = float(np.max([feature.clip_seconds_ for feature in fitted]))

    def _feature(self, name: str) -> SoundFeature:
        feature = self._made(name, self.clip_seconds)
        feature.clip_seconds_ = self.clip_seconds if self.clip_seconds is not None else self.clip_seconds_
        return feature

    def _made(self, name: str, clip_seconds: float | None) -> SoundFeature:
        return suited(SoundFeature(name, Input(kind="sound", backbone=self.backbone, clip_seconds=clip_seconds)))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = self.clip_seconds is None
        return tags

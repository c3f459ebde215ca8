"""The classes behind the catalogue's entries, and an entry's network before it has weights."""

from __future__ import annotations

from injerto.backbones import catalogue
from injerto.backbones.backbone import Backbone
from injerto.backbones.cnn9 import Cnn9
from injerto.backbones.efficient_at import EfficientAT
from injerto.backbones.efficientnet_lite import EfficientNetLite
from injerto.backbones.logmel_picture import LogmelPicture
from injerto.backbones.small_cnn import SmallCnn

NETWORKS: dict[str, type[Backbone]] = {
    "efficientnet_lite": EfficientNetLite,
    "cnn9": Cnn9,
    "efficient_at": EfficientAT,
    "logmel_picture": LogmelPicture,
    "small_cnn": SmallCnn,
}


def build(name: str) -> Backbone:
    """The network of one catalogue entry, its weights random: to be filled from a model folder or from `weights`."""
    entry = catalogue.entry(name)
    return NETWORKS[entry.network].build(entry).eval()

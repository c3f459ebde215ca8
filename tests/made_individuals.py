"""A network of individuals with random weights on made-up animals, for tests that train nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from injerto.backbones.networks import build
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads import HEADS
from injerto.heads.individual import IndividualHead
from injerto.individual_network import IndividualNetwork
from injerto.photos import Photos, photos_of
from injerto.progress import Silent
from injerto.schema.schema import Detail, Input, Target
from injerto.table.table import Table
from made_animals import Columns, animals

TARGET = Target(kind="individual", photo="photo", sighting="sighting", flank="flank")


@dataclass(frozen=True)
class Made:
    """A table of photos, those photos, and a network fitted on all of them."""

    table: Table
    network: IndividualNetwork
    photos: Photos


def network_of(table: Table, resolution: int = 32, seed: int = 0, detail: Detail = "fine") -> IndividualNetwork:
    """A network of the animals of `table` and, where there is such a column, of their sizes."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        head = IndividualHead("animal", TARGET.model_copy(update={"detail": detail}))
        head.fit(head.column(table))
        size = [HEADS["class"]("size", Target(kind="class")).fit(table.column("size"))] if "size" in table.columns else []
        photo = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", resolution)
        return IndividualNetwork(photo, head, size, build("efficientnet_lite0")).eval()


def made(folder: Path, columns: Columns | None = None, seed: int = 0, detail: Detail = "fine") -> Made:
    """Four animals of three photos each, or those of `columns`, at 32 pixels."""
    table = Table.of(columns or animals(folder, individuals=4, each=3), folder=folder)
    network = network_of(table, seed=seed, detail=detail)
    photos = photos_of(network, table, progress=Silent())
    photos.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    return Made(table, network, photos)

"""Photos of a table to vectors of a model that identifies individuals."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.errors import GalleryError
from injerto.gallery.entries import PhotoColumns
from injerto.individual_network import IndividualNetwork
from injerto.learning.seen import seen
from injerto.photos import photos_of
from injerto.progress import Progress
from injerto.table.ledger import Ledger
from injerto.table.table import Table


def network_of(artifact: Artifact) -> IndividualNetwork:
    """The network of `artifact`. *Raises* GalleryError when it does not identify individuals."""
    if isinstance(artifact.network, IndividualNetwork):
        return artifact.network
    targets = ", ".join(f"'{name}' ({target.kind})" for name, target in artifact.schema.targets.items())
    raise GalleryError(
        f"This model answers {targets} and tells no individuals apart. Train one with --target COLUMN:individual."
    )


def columns_of(artifact: Artifact) -> PhotoColumns:
    """The columns that `artifact` was declared with. *Raises* GalleryError when it does not identify individuals."""
    return network_of(artifact).head.photo_columns


def vectors_of(artifact: Artifact, table: Table, progress: Progress) -> tuple[np.ndarray, Tensor, Ledger]:
    """The places (n,) of the rows of `table` that could be used, their vectors (n,D), and why the others could not.

    *Raises* GalleryError when `artifact` does not identify individuals.
    """
    network = network_of(artifact)
    photos = photos_of(network, table, progress=progress)
    usable = np.flatnonzero(photos.usable)
    vectors = seen(network, photos, torch.from_numpy(usable), progress)[network.head.name]
    return usable, vectors, photos.ledger

"""The cells of a table by column, as references take them: encoded, or vectors of the backbones that look at their files."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.backbones.look import look_of
from injerto.examples import Examples
from injerto.features.feature import MediaFeature
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner
from injerto.network import PHOTO, Network
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.reference import REFERENCES
from injerto.table.table import Table

BATCH_PHOTOS = 32


def cells_of(network: Learner, examples: Examples | Photos, table: Table, rows: Tensor) -> dict[str, Tensor]:
    """By column, the cells (n,...) of the rows at `rows` (n,) of `table`, whose `examples` are given.

    Networks that look at whole photos have one column; who placed the points is nothing that a photo shows.
    """
    if not isinstance(network, Network):
        assert isinstance(examples, Photos)
        return {network.photo.name: photo_cells(network, examples, rows)}
    assert isinstance(examples, Examples)
    return scalar_cells(network, table, rows) | file_cells(network, examples, rows)


@torch.inference_mode()
def photo_cells(network: PointNetwork | IndividualNetwork, photos: Photos, rows: Tensor) -> Tensor:
    """What the photos at `rows` (n,), which must be usable, look like (n,2C); no answered one is looked at again."""
    asked = photos.looks if photos.looked_by is network else {}
    lacking = torch.tensor([row for row in rows.tolist() if row not in asked], dtype=torch.int64)
    quick = network.quick()
    for part in lacking.split(BATCH_PHOTOS) if len(lacking) else ():
        pixels = photos.batch(part).raw[PHOTO]
        places = quick.pyramid(pixels)[-1] if isinstance(quick, PointNetwork) else quick.trunk(pixels)
        photos.remember(network, part, look_of(places))
    return torch.stack([photos.looks[row] for row in rows.tolist()]) if len(rows) else torch.empty(0, 0)


def scalar_cells(network: Network, table: Table, rows: Tensor) -> dict[str, Tensor]:
    """Those of table columns."""
    some = table.take(rows.numpy())
    scalars = [feature for feature in network.features if not isinstance(feature, MediaFeature)]
    return {one.name: REFERENCES[one.options.kind].read(one, one.column(some)) for one in scalars}


@torch.no_grad()
def file_cells(network: Network, examples: Examples, rows: Tensor) -> dict[str, Tensor]:
    """Those of columns of files: standardised vectors (n,C), NaN where the cell is empty.

    Vectors of several backbones that look at one column stand side by side.
    """
    found: dict[str, list[Tensor]] = {}
    for block in network.blocks:
        feature = block.features[0]
        if isinstance(feature, MediaFeature):
            raw, embedder = examples.vectors[block.key][rows], network.media[block.key]
            found.setdefault(feature.name, []).append(torch.where(raw.isnan(), torch.nan, embedder.from_vector(raw)))
    return {name: torch.cat(parts, dim=1) for name, parts in found.items()}


def noise_of(network: Network, name: str) -> Tensor | None:
    """What noise and chords (S,C) are to the backbones of the column of sounds `name`; None of other columns."""
    if network.familiarity is None or not len(network.familiarity.noise):
        return None
    sounds = network.sound_features
    widths = [network.media[key].width for key in sounds]
    parts = network.familiarity.noise.split(widths, dim=1)
    own = [part for part, feature in zip(parts, sounds.values(), strict=True) if feature.name == name]
    return torch.cat(own, dim=1) if own else None

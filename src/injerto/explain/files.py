"""Maps over the files of a row whose answers come from vectors: photos by place, sounds by time and frequency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.backbone import Backbone
from injerto.backbones.lattice import spaced
from injerto.explain.asked import Asked
from injerto.explain.contributions import value_of
from injerto.explain.erase import erased_photo, erased_sound
from injerto.explain.maps import carried_back, grad_cam, own_map, slopes
from injerto.explain.sanity import deletion
from injerto.explain.seen_file import Faithful, Layer, SeenFile
from injerto.features.feature import MediaFeature
from injerto.network import Batch, Network
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table

STEPS = 5
RANDOM_ORDERS = 2
OWN = "The head's own map"
OWN_WORDS = "the weights that answer, on each place alone: above 0 it speaks for the answer, below 0 against it"
CAM = "Grad-CAM"
CAM_WORDS = "each channel of the last map by its mean slope to the answer; nothing speaks against"
BACK = "The head's weights carried back"
BACK_WORDS = (
    "slope times value, at the last map that still knows frequency: above 0 it speaks for the answer, below 0 against it"
)


@dataclass(frozen=True)
class Look:
    """One file as one network takes it: pixels (3,S,S) or samples (n,), and the grid (1,D,H,W) it makes of them."""

    key: str
    feature: MediaFeature
    backbone: Backbone
    seen: Tensor
    grid: Tensor

    @classmethod
    def at(cls, network: Network, key: str, feature: MediaFeature, seen: Tensor) -> Look:
        """What the network of the block `key` makes of a file."""
        backbone = network.media[key].backbone
        with torch.no_grad():
            return cls(key, feature, backbone, seen, backbone.grid(seen[None]))


def seen_files(network: Network, table: Table, row: Batch, asked: Asked) -> list[SeenFile]:
    """The files of the only row of `table`, which can be read; cells that are empty have none."""
    looks: dict[str, list[Look]] = {}
    for block in network.blocks:
        feature = block.features[0]
        if isinstance(feature, MediaFeature) and not row.vectors[block.key].isnan().any():
            look = Look.at(network, block.key, feature, feature.read(feature.column(table), 0))
            looks.setdefault(feature.name, []).append(look)
    return [
        _seen(network, look, together, media_name(look.feature.column(table).cell(0)), row, asked)
        for together in looks.values()
        for look in together
    ]


def _seen(network: Network, look: Look, together: list[Look], name: str, row: Batch, asked: Asked) -> SeenFile:
    """Maps of one look at a file; the networks `together` look at the same one."""
    slope = slopes(network, look.key, look.grid, row, asked)[0]
    lattice = look.backbone.lattice(look.grid)
    with torch.no_grad():
        places = look.backbone.gather(look.grid)[0]
    own = Layer(OWN, OWN_WORDS, own_map(network, look.key, places, row, asked).numpy(), signed=True)
    first = own if lattice is None else Layer(BACK, BACK_WORDS, carried_back(look.grid[0], slope).numpy(), signed=True)
    value = value_without(network, row, asked, together, look)
    random, size = np.random.default_rng(0), first.values.size
    told = deletion(value, np.argsort(-first.values.ravel(), kind="stable"), STEPS)
    chance = [deletion(value, random.permutation(size), STEPS) for _ in range(RANDOM_ORDERS)]
    whole = SeenFile(
        column=look.feature.name,
        kind=look.feature.options.kind,
        file=name,
        backbone=look.backbone.name,
        asked=asked.words,
        seen=look.seen,
        layers=[first, Layer(CAM, CAM_WORDS, grad_cam(look.grid[0], slope).numpy())],
        faithful=Faithful(told, np.mean(chance, axis=0), size),
    )
    if lattice is None:
        return whole
    rate_hz = look.feature.resolution_
    when = _when(look.backbone, places.shape[2], rate_hz)
    return replace(whole, rate_hz=rate_hz, lattice=lattice, timeline=own, timeline_s=when)


def _when(backbone: Backbone, places: int, rate_hz: int) -> np.ndarray:
    """Edges (T,2) in seconds of the places of a map."""
    assert backbone.pace is not None
    return spaced(backbone.pace.first, backbone.pace.hop, places, backbone.pace.hop, rate_hz)


def value_without(
    network: Network, row: Batch, asked: Asked, together: list[Look], look: Look
) -> Callable[[np.ndarray], float]:
    """The answer's value where places of `look` are gone, (P,) bool, from the file that all of `together` look at.

    The row's other cells stay.
    """
    answer, lattice = value_of(network, asked), look.backbone.lattice(look.grid)
    shape = (look.grid.shape[2], look.grid.shape[3])

    def without(one: Look, gone: np.ndarray) -> Tensor:
        if lattice is None:
            return erased_photo(one.seen, gone, shape)
        return erased_sound(one.seen, gone, lattice, one.feature.resolution_)

    @torch.inference_mode()
    def value(gone: np.ndarray) -> float:
        vectors = {one.key: one.backbone.vector(without(one, gone)[None]) for one in together}
        return float(answer(Batch(row.scalars, {**row.vectors, **vectors}))[0])

    return value

"""Maps over the files of a row whose answers come from vectors: photos by place, sounds by time and frequency."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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


def seen_files(network: Network, table: Table, row: Batch, asked: Asked) -> list[SeenFile]:
    """The files of the only row of `table`, which can be read; cells that are empty have none."""
    found = []
    for block in network.blocks:
        feature = block.features[0]
        if isinstance(feature, MediaFeature) and not row.vectors[block.key].isnan().any():
            column = feature.column(table)
            made = _of_photo if feature.options.kind == "image" else _of_sound
            name = media_name(column.cell(0))
            found.append(made(network, block.key, feature, name, feature.read(column, 0), row, asked))
    return found


def _of_photo(
    network: Network, key: str, feature: MediaFeature, name: str, pixels: Tensor, row: Batch, asked: Asked
) -> SeenFile:
    backbone = network.media[key].backbone
    with torch.no_grad():
        places = backbone.map(pixels[None])
    own = own_map(network, key, places[0], row, asked).numpy()
    cam = grad_cam(places[0], slopes(network, key, places, row, asked)[0]).numpy()
    layers = [Layer(OWN, OWN_WORDS, own, signed=True), Layer(CAM, CAM_WORDS, cam)]
    erased = partial(erased_photo, shape=own.shape)
    told = _faithful(network, key, row, asked, pixels, own, erased)
    return SeenFile(feature.name, "image", name, backbone.name, asked.words, pixels, layers, faithful=told)


def _of_sound(
    network: Network, key: str, feature: MediaFeature, name: str, samples: Tensor, row: Batch, asked: Asked
) -> SeenFile:
    backbone, rate_hz = network.media[key].backbone, feature.resolution_
    with torch.no_grad():
        grid = backbone.grid(samples[None])
        places = backbone.gather(grid)[0]
    slope = slopes(network, key, grid, row, asked)[0]
    back, cam = carried_back(grid[0], slope).numpy(), grad_cam(grid[0], slope).numpy()
    lattice = backbone.lattice(grid)
    assert lattice is not None
    layers = [Layer(BACK, BACK_WORDS, back, signed=True), Layer(CAM, CAM_WORDS, cam)]
    erased = partial(erased_sound, lattice=lattice, rate_hz=rate_hz)
    return SeenFile(
        feature.name,
        "sound",
        name,
        backbone.name,
        asked.words,
        samples,
        layers,
        rate_hz=rate_hz,
        lattice=lattice,
        timeline=Layer(OWN, OWN_WORDS, own_map(network, key, places, row, asked).numpy(), signed=True),
        timeline_s=_when(backbone, places.shape[2], rate_hz),
        faithful=_faithful(network, key, row, asked, samples, back, erased),
    )


def _when(backbone: Backbone, places: int, rate_hz: int) -> np.ndarray:
    """Edges (T,2) in seconds of the places of a map."""
    assert backbone.pace is not None
    return spaced(backbone.pace.first, backbone.pace.hop, places, backbone.pace.hop, rate_hz)


def _faithful(
    network: Network,
    key: str,
    row: Batch,
    asked: Asked,
    seen: Tensor,
    places: np.ndarray,
    erased: Callable[[Tensor, np.ndarray], Tensor],
) -> Faithful:
    """What the answer's value does as places are erased, those first that the map says speak most for it."""
    value = file_value(network, key, row, asked)
    random = np.random.default_rng(0)
    first = deletion(value, seen, np.argsort(-places.ravel(), kind="stable"), erased, STEPS)
    others = [deletion(value, seen, random.permutation(places.size), erased, STEPS) for _ in range(RANDOM_ORDERS)]
    return Faithful(first, np.mean(others, axis=0), places.size)


def file_value(network: Network, key: str, row: Batch, asked: Asked) -> Callable[[Tensor], Tensor]:
    """The answer's value (N,) with files (N,...) in the place of the row's own, whose other cells stay."""
    answer = value_of(network, asked)

    def value(files: Tensor) -> Tensor:
        vectors = network.media[key].backbone.vector(files)
        count = len(files)
        batch = Batch(
            {name: values.expand(count, *values.shape[1:]) for name, values in row.scalars.items()},
            {name: values.expand(count, -1) for name, values in row.vectors.items()} | {key: vectors},
        )
        return torch.from_numpy(answer(batch))

    return value

"""Why a photo is taken for an individual: where it looks like the look-alike's photo, and which parts match which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.explain.maps import grad_cam
from injerto.explain.nearest import SHOWN, Neighbour
from injerto.explain.seen_file import Layer, SeenFile
from injerto.gallery.asked import Asked
from injerto.individual_network import IndividualNetwork, together
from injerto.likeness import Likeness
from injerto.network import PHOTO
from injerto.photos import Photos
from injerto.table.cell_bytes import media_name

PAIRS = 5
CAM_WORDS = "each channel of the map by its mean slope to the likeness with this photo; nothing speaks against"
MATCH_WORDS = "how much each place adds to the likeness: the cosine with the place most like it, by how much both tell"


@dataclass(frozen=True)
class Match:
    """A place of the photo and the place of the look-alike's photo that is most like it, as (x, y) in shares of the side."""

    here: tuple[float, float]
    there: tuple[float, float]
    adds: float
    """To the likeness, of which all places together are half: the other half is counted from the other photo."""


@dataclass(frozen=True)
class Matches:
    """The look-alike's photo, and the pairs of places that add most, if the network compares place by place."""

    jpeg: bytes | None
    name: str
    pairs: list[Match]
    share: float
    """Of a side that a place has."""


def lookalikes(network: IndividualNetwork, vector: Tensor, asked: Asked) -> list[tuple[int, Neighbour]]:
    """Photos of the gallery, with their rows in it, of the individuals most like the photo of `vector` (1,D)."""
    gallery = network.head.gallery
    if not len(gallery):
        return []
    ranking = gallery.search(vector, asked, SHOWN)
    found = []
    for row, likeness in zip(ranking.photo[0].tolist(), ranking.scores[0].tolist(), strict=True):
        if row >= 0:
            one = gallery.photos.row(row, named=True)
            cells = [(network.head.name, one["individual"]), ("photo", one["photo"])]
            found.append((row, Neighbour(None, likeness, cells, [], jpeg=one["thumbnail"])))
    return found


def individual_maps(network: IndividualNetwork, photos: Photos, row: int) -> tuple[list[SeenFile], Matches]:
    """Maps over the only photo of what makes it like the photo of the gallery in `row`, and the pairs of places that match."""
    gallery = network.head.gallery
    other = gallery.vectors[row]
    one = gallery.photos.row(row, named=True)
    network = network.eval()
    pixels = photos.batch(torch.zeros(1, dtype=torch.int64)).raw[PHOTO]
    with torch.no_grad():
        places, mirrored = (network.trunk(view) for view in (pixels, pixels.flip(3)))
        vector = network.marks(places)
    # Photos of the second flank are turned round before they are looked at, and shown as they were taken.
    here, there = bool(photos.mirrored is not None and photos.mirrored[0]), turned_round(network, one["flank"])
    cam = grad_cam(places[0], _slopes(network, places, mirrored, other)[0])
    layers = [Layer("Grad-CAM", CAM_WORDS, _as_taken(cam, here))]
    pairs: list[Match] = []
    likeness = network.marks.likeness
    if likeness.side:
        adds, found = matching(likeness, vector[0], other)
        layers.append(Layer("Place by place", MATCH_WORDS, _as_taken(adds, here)))
        pairs = [Match(_flipped(one.here, here), _flipped(one.there, there), one.adds) for one in found]
    seen = SeenFile(
        photos.feature.name,
        "image",
        media_name(photos.column.cell(0)),
        network.trunk.name,
        f"alike to {one['individual']}",
        photos.picture(0),
        layers,
    )
    return [seen], Matches(one["thumbnail"], one["individual"], pairs, 1 / likeness.side if likeness.side else 0.0)


def turned_round(network: IndividualNetwork, flank: str | None) -> bool:
    """Whether a photo of the gallery that shows `flank` was turned round before it was looked at."""
    flanks = network.head.flanks_
    return len(flanks) == 2 and network.head.options.flank is not None and flank == flanks[1]


def _as_taken(values: Tensor, turned: bool) -> np.ndarray:
    return (values.flip(1) if turned else values).numpy()


def _flipped(xy_unit: tuple[float, float], turned: bool) -> tuple[float, float]:
    return (1 - xy_unit[0], xy_unit[1]) if turned else xy_unit


def _slopes(network: IndividualNetwork, places: Tensor, mirrored: Tensor, other: Tensor) -> Tensor:
    """How the likeness of the photo, seen as it is and mirrored, changes with each value of its map (1,C,H,W)."""
    places = places.detach().requires_grad_(True)
    with torch.enable_grad():
        looks = [network.marks(places)] + ([network.marks(mirrored)] if network.head.centred else [])
        alike = network.marks.likeness.pairs(together(looks), other[None].float())
        (slope,) = torch.autograd.grad(alike.sum(), places)
    return slope


def matching(likeness: Likeness, here: Tensor, there: Tensor) -> tuple[Tensor, list[Match]]:
    """Vectors (D,) of two photos to what each place of the first adds (H,H), and the pairs that add most."""
    cosines, told = likeness.place_by_place(here, there)
    best, which = cosines.max(dim=1)
    adds = best * told / 2
    strongest = adds.topk(min(PAIRS, len(adds))).indices.tolist()
    pairs = [Match(_middle(at, likeness.side), _middle(int(which[at]), likeness.side), float(adds[at])) for at in strongest]
    return adds.unflatten(0, (likeness.side, likeness.side)), pairs


def _middle(place: int, side: int) -> tuple[float, float]:
    return (place % side + 0.5) / side, (place // side + 0.5) / side

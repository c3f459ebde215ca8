"""Beside the photos of the worst rows of a report, the same photos with the head's own map: what misled it?"""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.examples import Examples
from injerto.explain.asked import ASKED
from injerto.explain.files import OWN, OWN_WORDS
from injerto.explain.heat import over_photo
from injerto.explain.maps import own_map
from injerto.explain.seen_file import Layer
from injerto.features.feature import MediaFeature
from injerto.gallery.thumbnail import data_uri
from injerto.network import Network
from injerto.table.table import Table

MOST = 12
"""Rows of a target: a second of work, and 5 KB of the report each."""
SIDE = 160
WORDS = ["in orange", "what spoke for its answer"]


def show_where(artifact: Artifact, table: Table, examples: Examples) -> None:
    """Add the maps to the evidence of `artifact`, whose rows stand in `table`; a model without photos has none."""
    network = artifact.network
    assert isinstance(network, Network)
    photos: dict[str, tuple[str, MediaFeature]] = {}
    for block in network.blocks:
        feature = block.features[0]
        if isinstance(feature, MediaFeature) and feature.options.kind == "image":
            photos.setdefault(feature.name, (block.key, feature))
    places = {int(row): place for place, row in enumerate(table.rows)}
    for name in network.targets if photos else ():
        for row in artifact.evidence.get(name, {}).get("worst", [])[:MOST]:
            found = [_drawn(network, name, one, table, examples, places[row["row"]]) for one in photos.values()]
            row["pictures"] += [picture for picture in found if picture]
            row["values"] += [WORDS] if any(found) else []


def _drawn(network: Network, name: str, photo: tuple[str, MediaFeature], table: Table, examples: Examples, place: int) -> str:
    """The address of a JPEG, or nothing where the row has no photo that can be read."""
    key, feature = photo
    column = feature.column(table)
    if column.cell(place) is None:
        return ""
    try:
        pixels = feature.read(column, place)
    except MediaError:
        return ""
    head, batch = network.targets[name], examples.batch(torch.tensor([place]))
    with torch.no_grad():
        asked = ASKED[head.kind].of(head, head.trusted(network(batch)[name], network.trust(batch)))
        places = network.media[key].backbone.map(pixels[None])
    values = own_map(network, key, places[0], batch, asked).numpy()
    return data_uri(_laid_over(pixels, Layer(OWN, OWN_WORDS, values, signed=True)))


def _laid_over(pixels: Tensor, layer: Layer) -> bytes:
    """The photo in grey with the map over it."""
    photo = Image.fromarray(np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())).convert("L").convert("RGBA")
    photo = photo.resize((SIDE, SIDE))
    heat = Image.open(io.BytesIO(over_photo(layer))).resize((SIDE, SIDE))
    target = io.BytesIO()
    Image.alpha_composite(photo, heat).convert("RGB").save(target, "JPEG", quality=80)
    return target.getvalue()

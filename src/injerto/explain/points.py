"""Where a network of points thinks each point is: the shares it gives to every place of the photo."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.explain.seen_file import Layer, SeenFile
from injerto.photos import Photos
from injerto.point_network import PointNetwork
from injerto.table.cell_bytes import media_name

KEY = "where the point is likely to be"
MOST = 12
"""Points that are drawn."""
WORDS = "the share it gives to each place, across times down, of the photo as it is"


@torch.inference_mode()
def point_maps(network: PointNetwork, photos: Photos) -> tuple[list[SeenFile], list[str]]:
    """Of the only photo, a map for each point; and what is left out, in sentences. A plain regression has no maps."""
    head = network.head
    logits = network.eval().axes(photos.batch(torch.zeros(1, dtype=torch.int64)))[0]
    if logits.shape[2] == 1:
        return [], [f"The head '{head.options.head}' answers each point with two numbers and has no map of where it may be."]
    layers = [
        Layer(name, WORDS, shares_of(axes).numpy(), reach=network.reach)
        for name, axes in zip(head.points[:MOST], logits, strict=False)
    ]
    name = media_name(photos.column.cell(0))
    seen = SeenFile(photos.feature.name, "image", name, network.photo.backbone_, head.name, photos.picture(0), layers, KEY)
    more = len(head.points) - MOST
    return [seen], [f"The maps of {more} more points are left out."] if more > 0 else []


def shares_of(axes: Tensor) -> Tensor:
    """Logits (2,n) over bins of x and of y to the shares of each place (n,n), a row for each y; they sum to 1.

    Example:
        >>> import math
        >>> shares_of(torch.tensor([[0.0, math.log(3)], [0.0, 0.0]])).round(decimals=3)
        tensor([[0.1250, 0.3750],
                [0.1250, 0.3750]])
    """
    across, down = axes.softmax(dim=1)
    shares: Tensor = down[:, None] * across[None]
    return shares

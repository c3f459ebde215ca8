"""What the network itself says of rows, their files read by the script or by Injerto: what a graph is held against.

In float32, without the fewer bits that the fast path computes with (`backbones/bits.py`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
import soundfile
import torch
from PIL import Image
from torch import Tensor

from injerto.answering import answers_of, placed
from injerto.examples import Examples
from injerto.export.promised import on_the_edge
from injerto.features.feature import MediaFeature
from injerto.learner import Learner, heads_of
from injerto.network import Network
from injerto.photos import photos_of
from injerto.point_network import PointNetwork
from injerto.progress import Silent
from injerto.promises import Promises
from injerto.table.ledger import Ledger
from injerto.table.orientation import upright
from injerto.table.picture_size import picture_size
from injerto.table.table import Table

Feed = Mapping[str, np.ndarray]
"""What the graph is fed of one row, by port."""
TOLERANCE = 1e-4
"""By how much answers may differ: probabilities as they are, numbers in their standard deviations, pixels and larger figures
in proportion. So a probability as close as this to a limit may lie on either side of it."""


@dataclass(frozen=True)
class Expected:
    """Columns of answers, and where their words hang on a hair."""

    frame: pl.DataFrame
    edges: Mapping[str, Tensor] = field(default_factory=dict)

    def on_edge(self, column: str, place: int) -> bool:
        """Whether other words there would be as right."""
        return column in self.edges and bool(self.edges[column][place])


def answers_in_full(
    network: Learner,
    table: Table,
    promises: Promises,
    feeds: Sequence[Feed] | None = None,
    ports: Mapping[str, Any] = MappingProxyType({}),
) -> Expected:
    """What is answered to the rows of `table`, all of which can be used; their files are what `feeds` hold, fed by `ports`,
    or are read here.
    """
    rows = np.arange(len(table))
    if isinstance(network, Network):
        found = answers_of(network, _examples(network, table, feeds, ports), rows, Silent())
        where = table
    else:
        photo, where = network.photo.name, table
        shown = table if feeds is None else _shown(table, photo, [feed[photo] for feed in feeds])
        found = answers_of(network, photos_of(network, shown, progress=Silent()), rows, Silent())
        if isinstance(network, PointNetwork):  # told in pixels of the upright photo
            where = _shown(table, photo, [_blank(cell, table) for cell in table.frame[photo]])
    placed_answers = placed(network, where, found)
    columns: dict[str, pl.Series] = {}
    edges: dict[str, Tensor] = {}
    for name, head in heads_of(network).items():
        answer = placed_answers[name]
        columns |= head.decode(answer) | promises.columns(name, answer)
        edges |= on_the_edge(promises, name, answer, TOLERANCE)
    return Expected(pl.DataFrame(columns), edges)


def _shown(table: Table, photo: str, pictures: Sequence[np.ndarray]) -> Table:
    cells = pl.Series(photo, [_png(pixels) for pixels in pictures], dtype=pl.Binary)
    return replace(table, frame=table.frame.with_columns(cells))


def _blank(cell: Any, table: Table) -> np.ndarray:
    """A picture as large as the upright photo."""
    size = picture_size(cell, table.folder)
    return upright(np.zeros((size.height, size.width), np.uint8), size.orientation)


def _examples(network: Network, table: Table, feeds: Sequence[Feed] | None, ports: Mapping[str, Any]) -> Examples:
    scalars: dict[str, Tensor] = {}
    vectors: dict[str, Tensor] = {}
    for block in network.blocks:
        feature = block.features[0]
        if not isinstance(feature, MediaFeature):
            scalars[block.key] = block.encode(table)
            continue
        column = feature.column(table)
        backbone = network.media[block.key].backbone
        rows = []
        for index in range(len(table)):
            if column.cell(index) is None:
                rows.append(torch.full((1, backbone.width), torch.nan))
                continue
            with torch.inference_mode():
                tensor = feature.read(column, index) if feeds is None else _fed(feature, feeds[index], ports)
                rows.append(backbone.vector(tensor[None].contiguous()).float())
        vectors[block.key] = torch.cat(rows)
    return Examples(scalars, vectors, np.ones(len(table), dtype=bool), Ledger())


def _fed(feature: MediaFeature, feed: Feed, ports: Mapping[str, Any]) -> Tensor:
    """What the feature makes of the pixels or samples that its port was fed."""
    port = next(name for name, told in ports.items() if _feeds(told, feature))
    return feature.decode(_file(feed[port], feature), Path(), None)


def _feeds(told: Mapping[str, Any], feature: MediaFeature) -> bool:
    """Whether a port feeds a column of files at its pixels a side or its rate."""
    is_file = told["by"] in ("photo", "sound") and told["columns"][0] == feature.name
    return is_file and told.get("rate_hz", told.get("shortest")) == feature.resolution_


def _file(values: np.ndarray, feature: MediaFeature) -> bytes:
    if values.ndim == 3:
        return _png(values)
    content = io.BytesIO()
    soundfile.write(content, values, feature.resolution_, format="WAV", subtype="FLOAT")
    return content.getvalue()


def _png(pixels: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG", compress_level=1)
    return content.getvalue()

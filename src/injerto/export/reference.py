"""What the network itself says of rows whose files were read as the script reads them: what a graph is held against.

In float32, without the fewer bits that the fast path computes with (`backbones/bits.py`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import soundfile
import torch
from PIL import Image
from torch import Tensor

from injerto.answering import answers_of, placed
from injerto.examples import Examples
from injerto.features.feature import MediaFeature
from injerto.learner import Learner, heads_of
from injerto.network import Network
from injerto.photos import photos_of
from injerto.point_network import PointNetwork
from injerto.progress import Silent
from injerto.table.ledger import Ledger
from injerto.table.table import Table

Feed = Mapping[str, np.ndarray]
"""What the graph is fed of one row, by port."""


def answers_in_full(network: Learner, table: Table, feeds: Sequence[Feed], ports: Mapping[str, Any]) -> pl.DataFrame:
    """The columns of answers for the rows of `table`, all of which can be used; their files are what `feeds` hold."""
    rows = np.arange(len(table))
    if isinstance(network, Network):
        found = answers_of(network, _examples(network, table, feeds, ports), rows, Silent())
        where = table
    else:
        photo = network.photo.name
        cells = pl.Series(photo, [_png(feed[photo]) for feed in feeds], dtype=pl.Binary)
        shown = replace(table, frame=table.frame.with_columns(cells))
        found = answers_of(network, photos_of(network, shown, progress=Silent()), rows, Silent())
        # Points are told in pixels of the upright photo; an individual is not held against the very file.
        where = shown if isinstance(network, PointNetwork) else table
    placed_answers = placed(network, where, found)
    columns: dict[str, pl.Series] = {}
    for name, head in heads_of(network).items():
        columns |= head.decode(placed_answers[name])
    return pl.DataFrame(columns)


def _examples(network: Network, table: Table, feeds: Sequence[Feed], ports: Mapping[str, Any]) -> Examples:
    scalars: dict[str, Tensor] = {}
    vectors: dict[str, Tensor] = {}
    for block in network.blocks:
        feature = block.features[0]
        if not isinstance(feature, MediaFeature):
            scalars[block.key] = block.encode(table)
            continue
        port = next(name for name, told in ports.items() if _feeds(told, feature))
        column = feature.column(table)
        backbone = network.media[block.key].backbone
        rows = []
        for index, feed in enumerate(feeds):
            if column.cell(index) is None:
                rows.append(torch.full((1, backbone.width), torch.nan))
                continue
            with torch.inference_mode():
                tensor = feature.decode(_file(feed[port], feature), Path(), None)
                rows.append(backbone.vector(tensor[None].contiguous()).float())
        vectors[block.key] = torch.cat(rows)
    return Examples(scalars, vectors, np.ones(len(table), dtype=bool), Ledger())


def _feeds(told: Mapping[str, Any], feature: MediaFeature) -> bool:
    """Whether a port feeds a column of files at its rate."""
    rate_hz = told.get("rate_hz", feature.resolution_)
    return told["by"] in ("photo", "sound") and told["columns"][0] == feature.name and rate_hz == feature.resolution_


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

"""Vectors of files on a cluster: pieces of a column to workers that hold a backbone, vectors back into the cache here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from safetensors.torch import load as tensors_of
from safetensors.torch import save as bytes_of

from injerto.backbones.backbone import Backbone
from injerto.backbones.crew import Crew, Look
from injerto.backbones.engines import EngineName, engine_of
from injerto.backbones.fingerprint import fingerprint
from injerto.backbones.frozen import space_of
from injerto.backbones.harvest import Harvest
from injerto.backbones.networks import build
from injerto.backbones.recall import Recall
from injerto.backbones.stamps import stamp_of
from injerto.backbones.suited import suited
from injerto.errors import ScaleError
from injerto.features.declared import features_of
from injerto.features.feature import MediaFeature
from injerto.progress import SilentStep, Step
from injerto.scale.cluster import Cluster
from injerto.scale.engines import require_same_engine
from injerto.scale.errand import Errand
from injerto.scale.over_ray import over_ray
from injerto.scale.parcel import Parcel
from injerto.scale.pieces import cut, packed, unpacked
from injerto.scale.shared_files import is_lacking, require_absent
from injerto.schema.schema import Input, Schema
from injerto.table.cell_bytes import path_of
from injerto.table.column import Column
from injerto.table.span import span_of
from injerto.table.table import Table

PART_BYTES = 32 * 1024**2
"""Weights travel in parts of this size."""


@dataclass
class Extracting(Errand):
    """Vectors of a column's files, as `extract` computes them."""

    weights: list[Any]
    """References to the parts of the backbone's tensors, as safetensors."""
    column: str
    options: dict[str, Any]
    state: dict[str, Any]
    engine: EngineName
    space: str

    def ready(self) -> None:
        self.feature = feature_of(self.column, self.options, self.state)
        self.backbone = _filled(self.feature.backbone_, self.weights)
        self.chosen = engine_of(self.engine)
        if space_of(fingerprint(self.backbone), self.feature, self.chosen) != self.space:
            require_same_engine(self.space.rpartition("|")[2])
            raise ScaleError(f"it does not have the network '{self.feature.backbone_}' as it is where the command was given")

    def do(self, item: bytes) -> Iterator[bytes]:
        piece = unpacked(item)
        column = piece.column(self.column)
        values = np.full((len(column), self.backbone.width), np.nan, dtype=np.float32)
        harvest = Harvest(self.feature, column, self.backbone, self.chosen, Recall(None, self.space, column), SilentStep())
        harvest.gather(np.arange(len(column)), values)
        reasons = pl.DataFrame(list(harvest.reasons.items()), schema=_REASONS, orient="row")
        digests = pl.DataFrame(list(harvest.digests.items()), schema=_DIGESTS, orient="row")
        yield Parcel({"reasons": reasons, "digests": digests}, {"values": values}).packed()


_REASONS = {"place": pl.Int64, "reason": pl.String}
_DIGESTS = {"place": pl.Int64, "digest": pl.Binary}


class RayCrew(Crew):
    """The workers of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def gather(self, look: Look, rows: np.ndarray, values: np.ndarray, step: Step) -> dict[int, str]:
        column, reasons = look.recall.column.take(rows), dict[int, str]()
        sent: list[list[tuple[str, bytes] | None]] = []
        done = 0
        for place, (content,) in over_ray(self.cluster, _errand(look), _items(column, self.cluster, sent)):
            parcel, stamps = Parcel.unpacked(content), sent[place]
            found = parcel.arrays["values"]
            here = np.arange(done, done + len(found))
            values[rows[here]] = found
            for at, reason in parcel.frames["reasons"].iter_rows():
                _require_seen(column, int(here[at]), reason)
                reasons[int(rows[here[at]])] = reason
            _keep(look.recall, column, here, found, dict(parcel.frames["digests"].iter_rows()), stamps)
            sent[place] = []
            done += len(found)
            step.advance(len(found))
        look.recall.flush()
        return reasons


def require_files(schema: Schema) -> None:
    """*Raises* ScaleError when a cluster could do nothing for a training: it computes vectors of files, and nothing else."""
    files = [name for name, item in schema.inputs.items() if item.kind in ("image", "sound")]
    if files and schema.points is None and schema.individual is None:
        return
    found = "learns from whole photos" if files else "has no column of photos or sounds"
    raise ScaleError(
        f"Training on a cluster looks at photos and sounds with pretrained networks there, and this training {found}. "
        "Train without --on; predict, drift and listen go over a cluster with any model."
    )


def feature_of(column: str, options: dict[str, Any], state: dict[str, Any]) -> MediaFeature:
    """A fitted feature from what it was declared with and what it learned."""
    (feature,) = features_of({column: Input.model_validate(options)})
    assert isinstance(feature, MediaFeature)  # only such are sent
    suited(feature).restore(state)
    return feature


def _errand(look: Look) -> Extracting:
    """What travels of a look: options and numbers, weights as safetensors."""
    import ray

    feature, tensors = look.feature, look.backbone.state_dict()
    content = bytes_of({name: one.contiguous() for name, one in tensors.items() if not name.startswith(_OWN)})
    weights = [ray.put(content[start : start + PART_BYTES]) for start in range(0, len(content), PART_BYTES)]
    options = feature.options.model_dump(mode="json")
    space = space_of(fingerprint(look.backbone), feature, engine_of(look.engine))
    return Extracting(weights, feature.name, options, feature.state(), look.engine, space)


_OWN = "own."
"""Tensors of what a network calls things by itself, which no vector depends on."""


def _filled(name: str, weights: list[Any]) -> Backbone:
    import ray

    backbone = build(name)
    backbone.load_state_dict(tensors_of(b"".join(ray.get(weights))), strict=False)  # whether all came, the fingerprint tells
    return backbone.eval()


def _items(column: Column, cluster: Cluster, sent: list[list[tuple[str, bytes] | None]]) -> Iterator[bytes]:
    """The pieces of a column as they travel; `sent` gets the stamps of their files, taken before they are read."""
    table = Table(pl.DataFrame({column.name: column.values}), column.folder, "", column.rows)
    for piece in cut([table], workers=cluster.workers, sort="vectors"):
        cells = piece.column(column.name)
        sent.append([stamp_of(cells.cell(place), cells.folder) for place in range(len(cells))])
        yield packed(piece)


def _keep(
    recall: Recall,
    column: Column,
    here: np.ndarray,
    found: np.ndarray,
    digests: dict[int, bytes],
    stamps: list[tuple[str, bytes] | None],
) -> None:
    """Let the cache keep what workers computed of the cells at `here`, by the content they read and the stamps before."""
    kept = {}
    for at, digest in digests.items():
        recall.note(digest, stamps[at])
        if not np.isnan(found[at]).any():
            kept[recall.key(digest, span_of(column.cell(int(here[at]))))] = found[at]
    recall.keep(kept)


def _require_seen(column: Column, place: int, reason: str) -> None:
    path = path_of(column.cell(place))
    if path is not None and is_lacking(reason):
        require_absent(column.folder / path.strip())

"""Vectors put into the cache in place of those that a network makes of photos, for benchmarks of all that comes after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import engine_of
from injerto.backbones.fingerprint import fingerprint
from injerto.backbones.frozen import space_of
from injerto.backbones.recall import Recall
from injerto.backbones.stamps import stamp_of
from injerto.backbones.suited import suited
from injerto.backbones.weights import load
from injerto.features.declared import features_of
from injerto.features.feature import MediaFeature
from injerto.schema.schema import Input
from injerto.table.cell_bytes import media_bytes
from injerto.table.table import Table

AT_ONCE = 20_000
"""Files whose vectors are made at a time."""
DIRECTIONS = 40
"""In which classes differ, of all channels."""
SPREAD = 2.0


def put_vectors(table: Table, name: str, label: str, cache: VectorCache, seed: int) -> None:
    """Into `cache`, for every file of the column `name`, a vector drawn around a centre of its class in the column `label`.

    With INJERTO_ENGINE=torch the same vectors are found by training and by answers.
    """
    (feature,) = features_of({name: Input(kind="image")})
    assert isinstance(feature, MediaFeature)
    column = suited(feature).column(table)
    network = load(feature.backbone_)
    recall = Recall(cache, space_of(fingerprint(network), feature, engine_of("auto")), column)
    random = np.random.default_rng(seed)
    codes = table.frame[label].rank("dense").to_numpy() - 1
    ways = random.normal(size=(DIRECTIONS, network.width)).astype(np.float32) / DIRECTIONS**0.5
    centres = random.normal(size=(codes.max() + 1, DIRECTIONS)).astype(np.float32)

    def key(row: int) -> bytes:
        cell = column.cell(row)
        stamp = stamp_of(cell, column.folder)
        return recall.key(recall.digest(media_bytes(cell, column.folder), stamp))

    with ThreadPoolExecutor() as pool:
        for start in range(0, len(table), AT_ONCE):
            some = codes[start : start + AT_ONCE]
            places = centres[some] + SPREAD * random.normal(size=(len(some), DIRECTIONS)).astype(np.float32)
            vectors = 0.5 + 0.3 * (places @ ways + 0.5 * random.normal(size=(len(some), network.width)).astype(np.float32))
            keys = pool.map(key, range(start, start + len(some)))
            recall.keep(dict(zip(keys, vectors.astype(np.float32), strict=True)))
    recall.flush()

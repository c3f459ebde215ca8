"""Planting: rows that one model learned for a category column, as the start of a column of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from injerto.artifact import folder
from injerto.errors import ArtifactError, SchemaError, did_you_mean
from injerto.features.feature import Feature
from injerto.features.levels import LevelsFeature
from injerto.features.vocabulary import FIRST, MISSING, UNKNOWN
from injerto.lookup.find import lookup_of
from injerto.network import Network
from injerto.progress import Progress
from injerto.schema.schema import Input, Schema


@dataclass(frozen=True)
class Scion:
    """The rows (levels + 2, W) that a model learned for a column: UNKNOWN, MISSING, then levels by name."""

    origin: str
    names: list[str]
    counts: list[int]
    rows: Tensor


def scions_of(schema: Schema) -> dict[str, Scion]:
    """The rows to plant, by input. *Raises* SchemaError naming every input whose model or column is not to be had."""
    scions, problems = {}, []
    for name, options in schema.inputs.items():
        if options.plant is not None:
            try:
                scions[name] = _scion(name, options.plant, options)
            except ArtifactError as error:
                problems.append(f"Input '{name}' cannot be planted: {error}")
    if problems:
        raise SchemaError(problems)
    return scions


def _scion(name: str, plant: str, options: Input) -> Scion:
    place, _, column = plant.rpartition(":") if not Path(plant).exists() and ":" in plant else (plant, "", name)
    network = folder.load(Path(place)).network
    found = lookup_of(network, column)
    if found is None:
        names = [feature.name for feature in network.features if isinstance(feature, LevelsFeature)]
        raise ArtifactError(
            f"the model '{place}' has no category column '{column}'.{did_you_mean(column, names)} "
            f"It has: {', '.join(names) or 'none'}. Name the column behind the folder: FOLDER:COLUMN."
        )
    feature, lookup = found
    if options.hash_rows != feature.options.hash_rows:
        raise ArtifactError(
            f"its option hash_rows is {options.hash_rows}, that of '{column}' in '{place}' is {feature.options.hash_rows}. "
            "A hash finds its row again only among as many rows."
        )
    if options.width not in (None, feature.width_):
        raise ArtifactError(
            f"its width is declared as {options.width}, the rows of '{column}' in '{place}' have {feature.width_} values. "
            "Leave the width out."
        )
    return Scion(f"'{column}' of {place}", feature.row_names, feature.counts_, lookup.matrix(column))


def widen(features: Iterable[Feature], scions: Mapping[str, Scion]) -> None:
    """Give planted columns the width of the rows they are given."""
    for feature in features:
        if feature.name in scions and isinstance(feature, LevelsFeature):
            feature.widen(scions[feature.name].rows.shape[1])


def plant(network: Network, scions: Mapping[str, Scion], progress: Progress) -> None:
    """Put the rows of each level that both models know in their places, and UNKNOWN's; levels that are new start as UNKNOWN.

    *Raises* SchemaError when a column has no level that its origin knows.
    """
    for name, scion in scions.items():
        found = lookup_of(network, name)
        assert found is not None, f"'{name}' is checked to be a column of levels"
        feature, lookup = found
        place = {level: row for row, level in enumerate(scion.names) if row >= FIRST and scion.counts[row]}
        here = [place.get(level, -1) for level in feature.row_names]
        here[UNKNOWN], here[MISSING] = UNKNOWN, MISSING if scion.counts[MISSING] else -1
        taken, levels = sum(row >= FIRST for row in here), feature.rows - FIRST
        if levels and not taken:
            raise SchemaError(
                [f"Input '{name}' cannot be planted: none of its {levels:,} levels is among those of {scion.origin}."]
            )
        source = torch.tensor(here)
        lookup.plant(name, scion.rows[source.clamp_min(0)], source >= 0)
        progress.say(f"'{name}': {taken:,} of {levels:,} levels start from {scion.origin}; the others are new.")

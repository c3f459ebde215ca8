"""Fit all features on the training rows: each alone, or those of one vocabulary together."""

from __future__ import annotations

from collections.abc import Sequence

from injerto.features.feature import Feature
from injerto.features.levels import LevelsFeature
from injerto.table.table import Table


def fit_features(features: Sequence[Feature], table: Table) -> list[Feature]:
    """`features` fitted on the rows of `table`, which are the training rows."""
    sharing: dict[str, list[str]] = {}
    for feature in features:
        if feature.options.vocabulary is not None:
            sharing.setdefault(feature.options.vocabulary, []).append(feature.name)
    for feature in features:
        if isinstance(feature, LevelsFeature):
            names = sharing.get(feature.options.vocabulary or "", [feature.name])
            feature.fit_together([table.column(name) for name in names])
        else:
            feature.fit(feature.column(table))
    return list(features)

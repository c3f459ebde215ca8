"""From what is declared of the inputs to their features, before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping

from injerto.features import FEATURES
from injerto.features.feature import Feature
from injerto.schema.schema import Input

JOINS = "+"


def features_of(inputs: Mapping[str, Input]) -> list[Feature]:
    """The features of all inputs in their order; a column that several backbones look at (`a+b`) is a feature for each."""
    features = []
    for name, options in inputs.items():
        parts = options.backbone.split(JOINS)
        for part in parts:
            feature = FEATURES[options.kind](name, options.model_copy(update={"backbone": part.strip()}))
            feature.key = name if len(parts) == 1 else f"{name}{JOINS}{part.strip()}"
            features.append(feature)
    return features

"""Problems of the training options that only their names and numbers show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from injerto.errors import did_you_mean
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema, Training


def check_training(schema: Schema) -> Iterator[Problem]:
    """An error for every multiplier of a parameter group that is none, or that cannot be a rate."""
    groups = list(Training().multipliers)
    for name, value in schema.training.multipliers.items():
        if name not in groups:
            near = did_you_mean(name, groups) or did_you_mean(name.partition("/")[0], groups)
            said = f"'{name}' in training.multipliers is not a parameter group.{near} The groups: {', '.join(groups)}."
            yield Problem("error", "", said)
        elif not (math.isfinite(value) and value >= 0):
            said = f"training.multipliers: '{name}' is {value:g}. Give 0, which keeps the group as it is, or a number above 0."
            yield Problem("error", "", said)

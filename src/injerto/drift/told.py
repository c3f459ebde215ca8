"""What is told of a column beside its test: levels that are new, files that are strange."""

from __future__ import annotations

import numpy as np

from injerto.drift.found import Strange
from injerto.drift.shuffles import Array
from injerto.features.feature import Feature, MediaFeature
from injerto.features.levels import LevelsFeature
from injerto.features.vocabulary import UNKNOWN
from injerto.table.media import media_name
from injerto.table.table import Table

MOST_LEVELS = 50
MOST_FILES = 8


def new_levels(feature: Feature, table: Table) -> tuple[tuple[str, int], ...]:
    """Levels that the model does not know, because training never or hardly ever showed them, with how many cells hold them."""
    if not isinstance(feature, LevelsFeature):
        return ()
    texts = feature.texts(feature.column(table)).drop_nulls()
    strange = texts.filter(feature.vocabulary_.ids(texts) == UNKNOWN)
    counts = strange.value_counts(name="cells").rename({strange.name: "level"}) if len(strange) else None
    if counts is None:
        return ()
    shown = counts.sort(["cells", "level"], descending=[True, False]).head(MOST_LEVELS)
    return tuple((str(level), int(cells)) for level, cells in shown.iter_rows())


def strangest(feature: Feature, table: Table, shares: Array) -> tuple[Strange, ...]:
    """The files (of N rows with `shares` (N,) of files as strange) that are the strangest; none that are ordinary."""
    if not isinstance(feature, MediaFeature):
        return ()
    column = feature.column(table)
    order = np.argsort(np.where(np.isnan(shares), np.inf, shares), kind="stable")[:MOST_FILES]
    return tuple(
        Strange(column.row(place), media_name(column.cell(place)), column.cell(place), column.folder, float(shares[place]))
        for place in order.tolist()
        if shares[place] <= 0.5 and column.cell(place) is not None
    )

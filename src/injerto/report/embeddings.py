"""The map of a column's levels: one page to hover over, to search and to zoom, that opens anywhere."""

from __future__ import annotations

import base64

import numpy as np

from injerto.artifact.artifact import Artifact
from injerto.embedders.lookup import TRUST_ROWS
from injerto.features.vocabulary import FIRST, MISSING, UNKNOWN
from injerto.lookup.embeddings import Embeddings
from injerto.report.language import LanguageCode, speaking
from injerto.report.table_name import table_name
from injerto.report.template import filled, script_safe

MOST_LEVELS = 50_000
"""The most frequent levels, which are drawn; with 8 values each the page then weighs about 4 MB and still moves."""
LONGEST = 200
"""Signs of a level that the page holds."""
LISTED = 100
"""Levels in the table below the map."""
NEAREST = 3
"""Neighbours of each of these."""


def embeddings_page(artifact: Artifact, found: Embeddings, language: LanguageCode = "en") -> str:
    """The page as HTML, with its style, its data and its script inside."""
    with speaking(language):
        return _page(artifact, found)


def _page(artifact: Artifact, found: Embeddings) -> str:
    drawn = min(len(found.levels), MOST_LEVELS)
    names = [_cut(level) for level in found.levels[:drawn]]
    plane = found.plane(drawn)
    rows = found.matrix[: FIRST + drawn]
    data = {
        "names": ["UNKNOWN", "MISSING", *names],
        "counts": found.counts[: FIRST + drawn].tolist(),
        "width": found.width,
        "rows": _packed(rows),
        "points": _packed(plane.points),
        "trust": _packed(found.trust[: FIRST + drawn]),
    }
    return filled(
        "embeddings.html",
        artifact=artifact,
        found=found,
        drawn=drawn,
        listed=[found.around(row, NEAREST) for row in range(FIRST, FIRST + min(drawn, LISTED))],
        cut=_cut,
        any_cut=any(len(level) > LONGEST for level in found.levels[:drawn]),
        longest=LONGEST,
        shares=plane.shares,
        trust_rows=f"{TRUST_ROWS:g}",
        unknown=UNKNOWN,
        missing=MISSING,
        style=("page.css", "embeddings.css"),
        script=("embeddings.js",),
        data=script_safe(data),
        table=table_name(artifact),
    )


def _cut(level: str) -> str:
    return level if len(level) <= LONGEST else level[: LONGEST - 1] + "…"


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")

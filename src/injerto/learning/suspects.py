"""Labels of points that may be wrong: those far from where rows that do not belong with theirs tell them to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from injerto.learning.label_repairs import RowLabels, repairs
from injerto.learning.row_errors import expected_errors, typical
from injerto.table.framing import Framing

FAR = 4.5
"""A label is a suspect when it is this many times as far off as labels of its point typically are."""
MOST = 200
FEWEST_LABELS = 20
"""Of a point, below which nothing is typical."""
FEWEST_ROWS = 100
"""Told by the network, below which only the ridge is believed."""
_FINEST_UNIT = 1e-3
"""A typical distance is at least a thousandth of the square's side, in case labels are told to the last bit."""


@dataclass(frozen=True)
class Suspect:
    """One label, in pixels of the photo as stored. `row` counts from 0 among the rows that were looked at."""

    row: int
    point: str
    x: float
    y: float
    told_x: float
    told_y: float
    times: float
    """How many times as far from the told place as is typical of the point."""
    reason: str


def suspects_of(
    xy_unit: np.ndarray,
    ridge: np.ndarray,
    framing: Framing,
    points: Sequence[str],
    *,
    pairs: Sequence[Sequence[str]] = (),
    network: np.ndarray | None = None,
    most: int = MOST,
) -> list[Suspect]:
    """The labels among `xy_unit` (N,K,2) that may be wrong, row by row, the row with the most suspicious first; `most` of them.

    `ridge` (N,K,2) are places by a ridge that did not learn from the row, `network` those by the network where it did not, all
    in shares of the square's side and NaN where unknown. `pairs` are points that change places in a mirrored photo. A point
    with fewer than `FEWEST_LABELS` labels has no suspects.
    """
    label, told = xy_unit.astype(np.float64), ridge.astype(np.float64)
    groups = [np.full(len(label), True)]
    if network is not None:
        apart = ~np.isnan(network).all(axis=(1, 2))
        if apart.sum() >= FEWEST_ROWS:
            told[apart] = _blended(label[apart], told[apart], network[apart])
            groups = [apart, ~apart]
    place, usual, times = np.full(label.shape, np.nan), np.full(label.shape[:2], np.nan), np.full(label.shape[:2], np.nan)
    for group in groups:  # rows that were told in the same way
        errors = label[group] - told[group]
        place[group] = told[group] + expected_errors(errors)
        usual[group] = _usual(errors)
        errors = label[group] - place[group]
        times[group] = np.linalg.norm(errors, axis=2) / _usual(errors)
    times = np.nan_to_num(times)
    rows = np.flatnonzero((times >= FAR).any(axis=1))
    rows = rows[np.argsort(-times[rows].max(axis=1), kind="stable")]
    pixels, places = framing.pixels_of(label), framing.pixels_of(place)
    turned = framing.unit_of(pixels[:, :, ::-1])
    couples = [(points.index(one), points.index(other)) for one, other in pairs]
    found: list[Suspect] = []
    for row in rows.tolist():
        far = np.flatnonzero(times[row] >= FAR).tolist()
        labels = RowLabels(label[row], turned[row], told[row], usual[row])
        reasons = dict.fromkeys(far, "") | repairs(labels, far, points, couples, limit=FAR)
        for point in sorted(reasons, key=lambda point: -times[row, point]):
            x, y, told_x, told_y = (round(float(one), 2) for one in (*pixels[row, point], *places[row, point]))
            off = round(float(times[row, point]), 1)
            reason = reasons[point] or f"{off:g} times as far from where it is expected as is typical"
            found.append(Suspect(row, points[point], x, y, told_x, told_y, off, reason))
    return found[:most]


def _usual(errors: np.ndarray) -> np.ndarray:
    """How far off labels (n,K,2) of each point (K,) typically are; NaN where too few are known."""
    enough = (~np.isnan(errors).any(axis=2)).sum(axis=0) >= FEWEST_LABELS
    return np.where(enough, np.maximum(typical(errors), _FINEST_UNIT), np.nan)


def _blended(label: np.ndarray, ridge: np.ndarray, network: np.ndarray) -> np.ndarray:
    """The mean of both places, each weighing as the inverse square of how far off it typically is."""
    one, other = (1 / np.square(np.maximum(typical(label - told), _FINEST_UNIT))[:, None] for told in (ridge, network))
    return np.asarray((one * ridge + other * network) / (one + other))

"""Rows labelled in a few ways, each with other points missing: as two annotators do, or two data sets in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from injerto.schema.guess import counted
from injerto.schema.point_labels import listed
from injerto.schema.problems import Problem

FEWEST_ROWS = 20
SMALLEST_SHARE = 0.05
"""A pattern stands in at least this share of the rows; what is rarer happens by chance."""
_COVERED = 0.8
"""Patterns together make up at least this share of the rows, else points go missing in every which way."""
_MOST_PATTERNS = 6
_FEWEST_ROWS_EACH = 5
_BEYOND_CHANCE = 1.5
"""A pattern is so many times as common as it would be if every point went missing for itself."""


@dataclass(frozen=True)
class Pattern:
    """One way in which rows are labelled."""

    known: tuple[int, ...]
    """Places of the points that are known."""
    missing: tuple[int, ...]
    """Places of the points that are not."""
    rows: int
    share: float
    """Of the rows that have any known point."""


def label_patterns(known: np.ndarray) -> list[Pattern]:
    """The few patterns that rows (N,K) come in, the commonest first; none when they are all alike or differ in many ways.

    One of two patterns lacks at least two points, and a quarter of all, that another has.
    """
    labelled = known[known.any(axis=1)]
    if len(labelled) < FEWEST_ROWS:
        return []
    kinds, counts = np.unique(labelled, axis=0, return_counts=True)
    shares = counts / len(labelled)
    common = np.flatnonzero((shares >= SMALLEST_SHARE) & (counts >= _FEWEST_ROWS_EACH))
    common = common[np.argsort(-counts[common], kind="stable")]
    if not 2 <= len(common) <= _MOST_PATTERNS or shares[common].sum() < _COVERED:
        return []
    marginal = labelled.mean(axis=0)
    chance = np.where(kinds, marginal, 1 - marginal).prod(axis=1)
    many = max(2, known.shape[1] / 4)
    lacking = [one for one in common if any((kinds[other] & ~kinds[one]).sum() >= many for other in common)]
    if not any(shares[one] > _BEYOND_CHANCE * chance[one] for one in lacking):
        return []
    return [
        Pattern(
            tuple(np.flatnonzero(kinds[one]).tolist()),
            tuple(np.flatnonzero(~kinds[one]).tolist()),
            int(counts[one]),
            float(shares[one]),
        )
        for one in common
    ]


def check_label_patterns(known: np.ndarray, names: Sequence[str]) -> Iterator[Problem]:
    """A warning with the patterns that rows (N,K) come in, if they do."""
    patterns = label_patterns(known)
    if patterns:
        ways = "; ".join(f"{pattern.share:.0%} of them have {_points(pattern, names)}" for pattern in patterns[:4])
        yield Problem(
            "warning",
            "",
            f"Points: the labelled rows come in {counted(len(patterns), 'pattern')} of which points are known: {ways}. Two "
            "annotators, or two collections in one table? They may also place the same point differently. If a column says "
            "where a row's labels are from, name it as the option 'source'.",
        )


def _points(pattern: Pattern, names: Sequence[str]) -> str:
    if not pattern.missing:
        return f"all {len(names)} points"
    if len(pattern.known) <= len(pattern.missing):
        return f"only {len(pattern.known)} of {len(names)} points ({listed([names[place] for place in pattern.known])})"
    return f"all but {len(pattern.missing)} of {len(names)} points ({listed([names[place] for place in pattern.missing])})"

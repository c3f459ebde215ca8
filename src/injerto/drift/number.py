"""Numbers: the largest difference between the shares of both tables below any value, and how far the middle moved."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from injerto.drift.change import Change, Share, Sides, with_missing
from injerto.drift.shuffles import Array

BINS = 12
"""Bars of the picture, the first and last open."""


def number_change(sides: Sides) -> Change:
    """*Source*: the statistic of Kolmogorov and Smirnov, with the chance of permutations instead of that of formulas."""
    cells = sides.both().numpy().astype(np.float64)
    known = np.isfinite(cells)
    shuffles = sides.shuffles.only(known)
    values, new = cells[known], shuffles.new
    found = shuffles.test(lambda drawn: kolmogorov_smirnov(values, drawn))
    figures: dict[str, Any] = {"ks": found.apart}
    difference, p = with_missing(sides, ~known, found, figures)
    if not (new.any() and (~new).any()):
        return Change(difference, p, figures, "empty in every row" if not new.any() else "was empty in training")
    before, after = values[~new], values[new]
    middles = [float(np.median(side)) * sides.scale + sides.centre for side in (before, after)]
    figures |= {"median_before": middles[0], "median_after": middles[1]}
    figures["moved_sd"] = float((after.mean() - before.mean()) / (before.std() or 1.0))
    figures["outside"] = float(((after < before.min()) | (after > before.max())).mean())
    words = f"middle {middles[0]:.4g} before, {middles[1]:.4g} now"
    if figures["outside"]:
        words += f"; {figures['outside']:.1%} outside of the training range"
    return Change(difference, p, figures, words + _missing(figures), bars(before, after, sides.centre, sides.scale))


def kolmogorov_smirnov(values: Array, drawn: Array) -> Array:
    """(B,) the largest difference between the shares of the new rows (B,N) bool and the others whose `values` (N,) lie below.

    Example:
        >>> kolmogorov_smirnov(np.array([1.0, 2.0, 2.0, 3.0]), np.array([[False, False, True, True]])).tolist()
        [0.5]
    """
    order = np.argsort(values, kind="stable")
    steps = values[order]
    last = np.append(steps[1:] != steps[:-1], True) if len(steps) else np.zeros(0, dtype=bool)
    new = drawn[:, order].astype(np.float32)
    count = new.sum(axis=1, keepdims=True)
    below = np.cumsum(new, axis=1)
    others = np.arange(1, len(values) + 1, dtype=np.float32) - below
    apart = np.abs(below / np.maximum(count, 1) - others / np.maximum(len(values) - count, 1))
    return np.asarray(apart[:, last].max(axis=1, initial=0.0))


def bars(before: Array, after: Array, centre: float, scale: float) -> tuple[Share, ...]:
    """Shares of both in ranges of equal width between the 2 % and 98 % of all values, in the user's units."""
    both = np.concatenate([before, after])
    low, high = np.quantile(both, [0.02, 0.98])
    if not high > low:
        low, high = both.min(), both.max()
    edges = np.linspace(low, high, BINS + 1)[1:-1] if high > low else np.zeros(0)
    counts = [np.bincount(np.searchsorted(edges, side), minlength=len(edges) + 1) / len(side) for side in (before, after)]
    shown = [f"{edge * scale + centre:.4g}" for edge in edges]
    labels = [f"to {shown[0]}", *(f"{a} to {b}" for a, b in pairwise(shown)), f"from {shown[-1]}"] if shown else [""]
    return tuple(Share(label, float(a), float(b)) for label, a, b in zip(labels, *counts, strict=True))


def _missing(figures: dict[str, Any]) -> str:
    before, after = figures["missing_before"], figures["missing_after"]
    return f"; empty {before:.1%} before, {after:.1%} now" if before or after else ""

"""Scores as lines of a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def figure_rows(figures: Mapping[str, float], intervals: Mapping[str, Sequence[float]]) -> list[list[str]]:
    """Name, value and interval of each figure."""
    return [[name, f"{value:.4g}", shown_interval(intervals.get(name))] for name, value in figures.items()]


def shown_interval(interval: Sequence[float] | None) -> str:
    """Both ends, or a dash where there is none."""
    return f"{interval[0]:.4g} to {interval[1]:.4g}" if interval else "-"

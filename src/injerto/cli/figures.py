"""Scores as lines of a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from injerto.comparison import TargetComparison

POINT_FIGURES = ("mean_px", "rmse_px", "pck_10", "in_circle", "radius_px")
"""Of each point, as many as a line of a terminal holds; JSON has them all."""


def figure_rows(figures: Mapping[str, float], intervals: Mapping[str, Sequence[float]]) -> list[list[str]]:
    """Name, value and interval of each figure."""
    return [[name, f"{value:.4g}", shown_interval(intervals.get(name))] for name, value in figures.items()]


def point_grid(points: Mapping[str, Mapping[str, float]]) -> tuple[list[str], list[list[str]]]:
    """Columns and a line for each point that was scored."""
    names = [name for name in POINT_FIGURES if any(name in figures for figures in points.values())]
    scored = {point: figures for point, figures in points.items() if any(name in figures for name in names)}
    return ["point", *names], [[point, *(shown(figures, name) for name in names)] for point, figures in scored.items()]


def shown(figures: Mapping[str, float], name: str) -> str:
    """One figure, or a dash where the rows did not allow it."""
    return f"{figures[name]:.4g}" if name in figures else "-"


def shown_interval(interval: Sequence[float] | None) -> str:
    """Both ends, or a dash where there is none."""
    return f"{interval[0]:.4g} to {interval[1]:.4g}" if interval else "-"


def difference_rows(target: TargetComparison) -> list[list[str]]:
    """Name, both values, difference, interval and the better model of each figure."""
    lines = [
        [one.name, f"{one.a:.4g}", f"{one.b:.4g}", _signed(one.difference), _ends(one.interval), one.better or "-"]
        for one in target.figures.values()
    ]
    return lines + [[name, f"{a:.4g}", f"{b:.4g}", "-", "-", "-"] for name, (a, b) in target.apart.items()]


def _ends(interval: Sequence[float] | None) -> str:
    return f"{_signed(interval[0])} to {_signed(interval[1])}" if interval else "-"


def _signed(value: float) -> str:
    return f"{value:+.3g}" if value else "0"

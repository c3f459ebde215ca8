"""Contributions as bars from the usual answer: to the right what speaks for it, to the left what speaks against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from injerto.explain.contributions import Contributions
from injerto.explain.words import short
from injerto.report.language import say, written
from injerto.report.notes import note_text

SHOWN = 20


@dataclass(frozen=True)
class Bar:
    """One column: edges in per cent of the scale."""

    column: str
    cell: str
    value: str
    left: float
    width: float
    low: float
    spread: float
    against: bool


@dataclass(frozen=True)
class Bars:
    """The contributions to one answer."""

    title: str
    words: str
    bars: list[Bar]
    zero: float
    more: int
    how: str


def bars_of(one: Contributions, title: str, cells: dict[str, str]) -> Bars:
    """The largest first, on a scale that holds all of them."""
    ranked = one.ranked[:SHOWN]
    spread = [0.0 if np.isnan(error) else 2 * error for _, _, error in ranked]
    low = min(0.0, *(value - wide for (_, value, _), wide in zip(ranked, spread, strict=True)))
    high = max(0.0, *(value + wide for (_, value, _), wide in zip(ranked, spread, strict=True)))
    span = (high - low) or 1.0
    drawn = [
        Bar(
            column=name,
            cell=cells.get(name, ""),
            value=_signed(value, one.asked.unit),
            left=100 * (min(value, 0.0) - low) / span,
            width=100 * abs(value) / span,
            low=100 * (value - wide - low) / span,
            spread=100 * 2 * wide / span,
            against=value < 0,
        )
        for (name, value, _), wide in zip(ranked, spread, strict=True)
    ]
    return Bars(title, _usual(one), drawn, -100 * low / span, len(one.columns) - len(ranked), _how(one))


def _signed(value: float, unit: str) -> str:
    if unit == "probability":
        return say("{points:+.1f} points", points=100 * value)
    return f"+{short(value)}" if value >= 0 else short(value)


def _usual(one: Contributions) -> str:
    """From where to where the contributions lead."""
    form = (lambda value: written(value, ".1%")) if one.asked.unit else short
    return say(
        "Contributions add up: from {usual}, which rows get on average, to {answer}.",
        usual=form(one.found.usual),
        answer=form(one.found.answer),
    )


def _how(one: Contributions) -> str:
    rows = {"count": one.found.background, "rows": note_text(one.background)}
    if one.found.exact:
        return say("Shapley values by all sets of columns, over {count} {rows}; thin lines are two standard errors.", **rows)
    return say(
        "Shapley values by orders of the columns drawn at random, over {count} {rows}; thin lines are two standard errors.",
        **rows,
    )

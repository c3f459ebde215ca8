"""The one sentence a person takes away, for each kind of target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from injerto.report.svg import short

Score = dict[str, Any]


def class_headline(score: Score, where: str) -> str:
    """How often right, beside always saying the most frequent class."""
    spread = _percents(score, "accuracy")
    return (
        f"Right on {score['accuracy']:.1%} of {score['rows']:,} {where}{spread}. "
        f"Always answering the most frequent class is right on {score['baseline']['accuracy']:.1%}."
    )


def classes_headline(score: Score, where: str) -> str:
    """How well labels are found, beside giving every row the same ones."""
    return (
        f"Mean average precision {score['map']:.3f} on {score['rows']:,} {where}{_percents(score, 'map')}. "
        f"Ranking no row above another gives {score['baseline']['map']:.3f}."
    )


def number_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean."""
    ends = score["intervals"].get("mae")
    spread = f" (95 % interval {short(ends[0])} to {short(ends[1])})" if ends else ""
    return (
        f"Off by {short(score['mae'])} on average on {score['rows']:,} {where}{spread}. "
        f"Always answering the mean is off by {short(score['baseline']['mae'])}."
    )


HEADLINES: dict[str, Callable[[Score, str], str]] = {
    "class": class_headline,
    "classes": classes_headline,
    "number": number_headline,
}


def _percents(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return f" (95 % interval {ends[0]:.1%} to {ends[1]:.1%})" if ends else ""

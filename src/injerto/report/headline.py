"""The one sentence a person takes away, for each kind of target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from injerto.report.svg import short

Score = dict[str, Any]

UNKNOWN = "an unknown figure"
"""Said where a figure could not be computed."""


def class_headline(score: Score, where: str) -> str:
    """How often right, beside always saying the most frequent class."""
    spread = _percents(score, "accuracy")
    right, plain = _shown(score, "accuracy", "{:.1%}")
    return (
        f"Right on {right} of {score['rows']:,} {where}{spread}. Always answering the most frequent class is right on {plain}."
    )


def classes_headline(score: Score, where: str) -> str:
    """How well labels are found, beside giving every row the same ones."""
    found, plain = _shown(score, "map", "{:.3f}")
    return (
        f"Mean average precision {found} on {score['rows']:,} {where}{_percents(score, 'map')}. "
        f"Ranking no row above another gives {plain}."
    )


def number_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean."""
    ends = score["intervals"].get("mae")
    spread = f" (95 % interval {short(ends[0])} to {short(ends[1])})" if ends else ""
    off, plain = (UNKNOWN if value is None else short(value) for value in (score.get("mae"), score["baseline"].get("mae")))
    return f"Off by {off} on average on {score['rows']:,} {where}{spread}. Always answering the mean is off by {plain}."


def keypoints_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean place."""
    ends = score["intervals"].get("mean_px")
    spread = f" (95 % interval {short(ends[0])} to {short(ends[1])})" if ends else ""
    off, plain = (
        UNKNOWN if value is None else short(value) for value in (score.get("mean_px"), score["baseline"].get("mean_px"))
    )
    return (
        f"Off by {off} pixels on average on {score['rows']:,} {where}{spread}. "
        f"Always answering the mean place is off by {plain}.{_rivals(score)}"
    )


def individual_headline(score: Score, where: str) -> str:
    """How often the likeliest name is right, beside naming by chance, and whether new ones are told."""
    right, plain = _shown(score, "top1", "{:.1%}")
    five, told = score.get("top5"), score.get("balanced_accuracy")
    among = f", and among the first five on {five:.1%}" if five is not None else ""
    new = (
        f" Known and new are told apart in {told:.1%}, averaged over both{_percents(score, 'balanced_accuracy')}."
        if told is not None
        else ""
    )
    return (
        f"Of {score['rows']:,} {where}, the likeliest name is right on {right} of those whose individual is in the gallery"
        f"{_percents(score, 'top1')}{among}. Answering without looking is right on {plain}.{new}"
    )


def _rivals(score: Score) -> str:
    """How far off other ways to answer are on the same rows."""
    told = [(name, figures["mean_px"]) for name, figures in score.get("rivals", {}).items() if "mean_px" in figures]
    return "".join(f" A {name}, fitted in seconds, is off by {short(off)}." for name, off in told)


HEADLINES: dict[str, Callable[[Score, str], str]] = {
    "class": class_headline,
    "classes": classes_headline,
    "number": number_headline,
    "keypoints": keypoints_headline,
    "individual": individual_headline,
}


def _shown(score: Score, figure: str, form: str) -> tuple[str, str]:
    """The model's figure and the baseline's in words; one that was not finite is left out of the scores."""
    values = score.get(figure), score["baseline"].get(figure)
    model, baseline = (UNKNOWN if value is None else form.format(value) for value in values)
    return model, baseline


def _percents(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return f" (95 % interval {ends[0]:.1%} to {ends[1]:.1%})" if ends else ""

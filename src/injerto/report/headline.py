"""The one sentence a person takes away, for each kind of target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from injerto.report.language import say, written
from injerto.report.notes import note_text
from injerto.report.svg import short

Score = dict[str, Any]

UNKNOWN = "an unknown figure"
"""Said where a figure could not be computed."""


def class_headline(score: Score, where: str) -> str:
    """How often right, beside always saying the most frequent class."""
    right, plain = _shown(score, "accuracy", ".1%")
    return say(
        "Right on {right} of {rows:,} {where}{spread}. Always answering the most frequent class is right on {plain}.",
        right=right,
        rows=score["rows"],
        where=say(where),
        spread=_percents(score, "accuracy"),
        plain=plain,
    )


def classes_headline(score: Score, where: str) -> str:
    """How well labels are found, beside giving every row the same ones."""
    found, plain = _shown(score, "map", ".3f")
    return say(
        "Mean average precision {found} on {rows:,} {where}{spread}. Ranking no row above another gives {plain}.",
        found=found,
        rows=score["rows"],
        where=say(where),
        spread=_percents(score, "map"),
        plain=plain,
    )


def number_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean."""
    off, plain = _lengths(score, "mae")
    return say(
        "Off by {off} on average on {rows:,} {where}{spread}. Always answering the mean is off by {plain}.",
        off=off,
        rows=score["rows"],
        where=say(where),
        spread=_interval(score, "mae"),
        plain=plain,
    )


def keypoints_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean place."""
    off, plain = _lengths(score, "mean_px")
    told = say(
        "Off by {off} pixels on average on {rows:,} {where}{spread}. Always answering the mean place is off by {plain}.",
        off=off,
        rows=score["rows"],
        where=say(where),
        spread=_interval(score, "mean_px"),
        plain=plain,
    )
    return " ".join([told, *_rivals(score)])


def individual_headline(score: Score, where: str) -> str:
    """How often the likeliest name is right, beside naming by chance, and whether new ones are told."""
    right, plain = _shown(score, "top1", ".1%")
    five, told = score.get("top5"), score.get("balanced_accuracy")
    parts = [
        say(
            "Of {rows:,} {where}, the likeliest name is right on {right} of those whose individual is in the gallery{spread}.",
            rows=score["rows"],
            where=say(where),
            right=right,
            spread=_percents(score, "top1"),
        )
        if five is None
        else say(
            "Of {rows:,} {where}, the likeliest name is right on {right} of those whose individual is in the gallery{spread}, "
            "and among the first five on {five:.1%}.",
            rows=score["rows"],
            where=say(where),
            right=right,
            spread=_percents(score, "top1"),
            five=five,
        ),
        say("Answering without looking is right on {plain}.", plain=plain),
    ]
    if told is not None:
        parts.append(
            say(
                "Known and new are told apart in {told:.1%}, averaged over both{spread}.",
                told=told,
                spread=_percents(score, "balanced_accuracy"),
            )
        )
    return " ".join(parts)


def _rivals(score: Score) -> list[str]:
    """How far off other ways to answer are on the same rows."""
    rivals = {name: figures["mean_px"] for name, figures in score.get("rivals", {}).items() if "mean_px" in figures}
    return [
        say("A {rival}, fitted in seconds, is off by {off}.", rival=note_text(name), off=short(off))
        for name, off in rivals.items()
    ]


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
    model, baseline = (say(UNKNOWN) if value is None else written(value, form) for value in values)
    return model, baseline


def _lengths(score: Score, figure: str) -> tuple[str, str]:
    values = score.get(figure), score["baseline"].get(figure)
    model, baseline = (say(UNKNOWN) if value is None else short(value) for value in values)
    return model, baseline


def _percents(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return say(" (95 % interval {low:.1%} to {high:.1%})", low=ends[0], high=ends[1]) if ends else ""


def _interval(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return say(" (95 % interval {low} to {high})", low=short(ends[0]), high=short(ends[1])) if ends else ""

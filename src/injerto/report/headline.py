"""The one sentence a person takes away, for each kind of target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from injerto.report.language import say, written
from injerto.report.notes import note_text
from injerto.report.svg import short

Score = dict[str, Any]

UNKNOWN = "an unknown figure"
"""Said where a figure could not be computed."""


@dataclass(frozen=True)
class Sentence:
    """How good the answers to one kind of target are, by one figure beside that of the best answer that never looks."""

    words: str
    called: str
    """The place of the figure in the words; `plain` is that of the other."""
    figure: str
    form: str = ""
    """How it is written, as `format` has it; without one as a length."""

    def of(self, score: Score, where: str) -> str:
        """The sentence on the rows that `where` tells of."""
        shown, plain = (_shown(of.get(self.figure), self.form) for of in (score, score["baseline"]))
        spread = _percents(score, self.figure) if self.form else _interval(score, self.figure)
        return say(self.words, rows=score["rows"], where=say(where), spread=spread, plain=plain, **{self.called: shown})


SENTENCES = {
    "class": Sentence(
        "Right on {right} of {rows:,} {where}{spread}. Always answering the most frequent class is right on {plain}.",
        called="right",
        figure="accuracy",
        form=".1%",
    ),
    "classes": Sentence(
        "Mean average precision {found} on {rows:,} {where}{spread}. Ranking no row above another gives {plain}.",
        called="found",
        figure="map",
        form=".3f",
    ),
    "number": Sentence(
        "Off by {off} on average on {rows:,} {where}{spread}. Always answering the mean is off by {plain}.",
        called="off",
        figure="mae",
    ),
    "keypoints": Sentence(
        "Off by {off} pixels on average on {rows:,} {where}{spread}. Always answering the mean place is off by {plain}.",
        called="off",
        figure="mean_px",
    ),
}


def keypoints_headline(score: Score, where: str) -> str:
    """How far off, beside always saying the mean place and beside other ways to answer."""
    return " ".join([SENTENCES["keypoints"].of(score, where), *_rivals(score)])


def individual_headline(score: Score, where: str) -> str:
    """How often the likeliest name is right, beside naming by chance, and whether new ones are told."""
    right, plain = (_shown(of.get("top1"), ".1%") for of in (score, score["baseline"]))
    five, told = score.get("top5"), score.get("balanced_accuracy")
    found = {"rows": score["rows"], "where": say(where), "right": right, "spread": _percents(score, "top1")}
    parts = [
        say(
            "Of {rows:,} {where}, the likeliest name is right on {right} of those whose individual is in the gallery{spread}.",
            **found,
        )
        if five is None
        else say(
            "Of {rows:,} {where}, the likeliest name is right on {right} of those whose individual is in the gallery{spread}, "
            "and among the first five on {five:.1%}.",
            **found,
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
    **{kind: sentence.of for kind, sentence in SENTENCES.items()},
    "keypoints": keypoints_headline,
    "individual": individual_headline,
}


def _shown(value: float | None, form: str) -> str:
    """A figure in words; one that was not finite is left out of the scores."""
    if value is None:
        return say(UNKNOWN)
    return written(value, form) if form else short(value)


def _percents(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return say(" (95 % interval {low:.1%} to {high:.1%})", low=ends[0], high=ends[1]) if ends else ""


def _interval(score: Score, figure: str) -> str:
    ends = score["intervals"].get(figure)
    return say(" (95 % interval {low} to {high})", low=short(ends[0]), high=short(ends[1])) if ends else ""

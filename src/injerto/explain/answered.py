"""What the model says of one row, target by target: the answer, how sure it is of what, and whether it would rather not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from injerto.explain.words import short
from injerto.heads.head import Head

SHOWN, ALWAYS, TAIL = 10, 3, 0.0005
"""Chances that are shown at most, and at least; others are shown from this chance on."""
Row = Mapping[str, Any]
"""The columns of one answer, as `predict` gives them."""


@dataclass(frozen=True)
class Answered:
    """The answer to one target."""

    target: str
    kind: str
    words: str
    chances: list[tuple[str, float]] = field(default_factory=list)
    """The likeliest first."""
    told: str = ""
    """Whether it would answer where few errors are asked for, in a sentence; empty of kinds that are never right or wrong."""
    abstains: bool | None = None
    held: str = ""
    """What holds the truth in a share of rows, in a sentence."""
    truth: str | None = None
    """What the table says it is, where it does."""


def answered(head: Head, answer: Tensor, row: Row, *, max_error: float, coverage: float, truth: str | None) -> Answered:
    """Of an answer (1,...) in the user's units, whose columns `row` has."""
    words, chances = _SAID[head.kind](head, row)
    rule = head.abstention(max_error) if head.abstains else None
    told, abstains = "", None
    if rule is not None:
        abstains = not bool(rule.told(answer)[0])
        would = "would not answer" if abstains else "would answer"
        told = f"Where at most {100 * max_error:.3g} % of the answers it gives may be wrong it {would} this row."
    elif head.abstains:
        share = f"{100 * max_error:.3g} % of the answers it gives"
        told = f"Too few rows were held out in training to say whether it would answer where {share} may be wrong."
    cover = head.cover(coverage) if head.covers else None
    said = (
        {} if cover is None or head.kind == "keypoints" else {name: cells[0] for name, cells in cover.columns(answer).items()}
    )
    held = _held(head.name, said, coverage) if said else ""
    return Answered(head.name, head.kind, words, _worth_showing(chances), told, abstains, held, truth)


def _worth_showing(chances: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The likeliest, and not a long tail of nothing."""
    return [one for place, one in enumerate(chances[:SHOWN]) if place < ALWAYS or one[1] >= TAIL]


def _held(name: str, said: Row, coverage: float) -> str:
    share = f"In {coverage:.0%} of rows like those held out the truth lies"
    if f"{name}_low" in said:
        return f"{share} between {short(said[f'{name}_low'])} and {short(said[f'{name}_high'])}, as told of this one."
    return f"{share} in the set told of this one: {said[f'{name}_set'] or 'none'}."


def _one_class(head: Head, row: Row) -> tuple[str, list[tuple[str, float]]]:
    chances = _ranked(head, row)
    return f"{row[head.name]} ({chances[0][1]:.1%})", chances


def _classes(head: Head, row: Row) -> tuple[str, list[tuple[str, float]]]:
    return str(row[head.name] or "none of the labels"), _ranked(head, row)


def _number(head: Head, row: Row) -> tuple[str, list[tuple[str, float]]]:
    return short(row[head.name]), []


def _points(head: Head, row: Row) -> tuple[str, list[tuple[str, float]]]:
    there = [name for name in head.parts if (row[f"{name}_in_picture"] or 0) >= 0.5]
    return f"{len(there)} of {len(head.parts)} points in the picture", [
        (f"{name} at {short(row[f'{name}_x'])}, {short(row[f'{name}_y'])}", row[f"{name}_confidence"])
        for name in head.parts
        if row[f"{name}_x"] is not None and row[f"{name}_confidence"] is not None
    ]


def _individual(head: Head, row: Row) -> tuple[str, list[tuple[str, float]]]:
    said = row[f"{head.name}_decision"]
    words = f"known: {row[head.name]}" if said == "known" else "a new individual" if said == "new" else said
    places = range(1, SHOWN)
    alike = [(row[f"{head.name}_{at}"], row[f"{head.name}_{at}_probability"]) for at in places if f"{head.name}_{at}" in row]
    chances = [(name, chance) for name, chance in alike if name is not None] + [("somebody new", row[f"{head.name}_new"])]
    return words, sorted(chances, key=lambda one: -one[1])


def _ranked(head: Head, row: Row) -> list[tuple[str, float]]:
    chances = [(name, float(row[f"{head.name}_probability_{name}"])) for name in head.choices]
    return sorted(chances, key=lambda one: -one[1])


_SAID: dict[str, Callable[[Head, Row], tuple[str, list[tuple[str, float]]]]] = {
    "class": _one_class,
    "classes": _classes,
    "number": _number,
    "keypoints": _points,
    "individual": _individual,
}
"""By kind of head."""

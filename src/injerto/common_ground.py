"""What two models can be compared on, of one target: the same rows, the same labels, the same points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from injerto.heads.head import Head
from injerto.metrics.paired import Side
from injerto.schema.guess import counted

_SHOWN = 10


@dataclass(frozen=True)
class Ground:
    """Both models' truths and answers to the rows (N,) that count."""

    first: Side
    second: Side
    kept: np.ndarray
    """Which of the rows that were given these are, bool."""
    notes: tuple[str, ...] = ()
    """What is not compared, or not alike, in sentences."""
    unlike: frozenset[str] = frozenset()
    """Figures that mean another thing for each of the models: they have no difference."""


def common_ground(heads: tuple[Head, Head], first: Side, second: Side) -> Ground:
    """What the two `heads` of one kind and name can be compared on."""
    whole = Ground(first, second, np.ones(len(first.truth), dtype=bool))
    return _GROUNDS[heads[0].kind](heads, whole)


def _number(heads: tuple[Head, Head], ground: Ground) -> Ground:
    """A number is a number to every model."""
    return ground


def _class(heads: tuple[Head, Head], ground: Ground) -> Ground:
    """A class that a model lacks is wrong in its accuracy, as it should be; probabilities are of each model's own classes."""
    a, b = (head.choices for head in heads)
    if set(a) == set(b):
        return ground
    unlike = frozenset({"log_loss", "brier", "auc", "top5"})
    note = (
        f"The models know different classes of '{heads[0].name}'{_only(a, b)} Rows of a class that a model does not know count "
        f"as wrong for it. {', '.join(sorted(unlike))} are of each model's own classes and rows, and are not compared."
    )
    return replace(ground, notes=(note,), unlike=unlike)


def _classes(heads: tuple[Head, Head], ground: Ground) -> Ground:
    """Each label is a question by itself: those that both know are compared."""
    return _shared(heads, ground, "labels")


def _keypoints(heads: tuple[Head, Head], ground: Ground) -> Ground:
    """The points that both find; shares of a length only where it is the same length."""
    ground = _shared(heads, ground, "points")
    a, b = (side.truth[:, :, 2] for side in _sides(ground))
    if np.array_equal(a, b, equal_nan=True):
        return ground
    unlike = frozenset({"nme", "pck_05", "pck_10", "pck_20"})
    note = (
        f"The models measure '{heads[0].name}' by different lengths of reference, so {', '.join(sorted(unlike))} "
        "are not compared. Those in pixels are."
    )
    return replace(ground, notes=(*ground.notes, note), unlike=unlike)


def _individual(heads: tuple[Head, Head], ground: Ground) -> Ground:
    """Rows whose individual both galleries hold, or neither: other rows ask one model who it is, the other if it is new."""
    alike = ground.first.truth == ground.second.truth
    a, b = (head.choices for head in heads)
    notes = []
    if set(a) != set(b):
        sizes = f"{counted(len(a), 'individual')} in A, {len(b):,} in B"
        notes.append(
            f"The galleries of '{heads[0].name}' differ: {sizes}{_only(a, b)} Among more individuals it is harder to find the "
            "right one."
        )
    if not alike.all():
        notes.append(
            f"{counted(int((~alike).sum()), 'row')} left out of '{heads[0].name}': the individual is known to one model "
            "and new to the other."
        )
    first, second = (Side(side.truth[alike], side.answer[alike]) for side in _sides(ground))
    return replace(ground, first=first, second=second, kept=alike, notes=tuple(notes))


_GROUNDS: dict[str, Callable[[tuple[Head, Head], Ground], Ground]] = {
    "class": _class,
    "classes": _classes,
    "number": _number,
    "keypoints": _keypoints,
    "individual": _individual,
}


def _shared(heads: tuple[Head, Head], ground: Ground, what: str) -> Ground:
    """The places of the second axis that both models have a name for, in the order of the first."""
    a, b = (head.choices for head in heads)
    if a == b:
        return ground
    both = [name for name in a if name in b]
    first, second = (
        Side(*(values[:, [names.index(name) for name in both]] for values in side))
        for names, side in zip((a, b), _sides(ground), strict=True)
    )
    if set(a) == set(b):
        return replace(ground, first=first, second=second)
    note = f"Of '{heads[0].name}' {len(both):,} {what} are compared, those that both models know{_only(a, b)}"
    return replace(ground, first=first, second=second, notes=(note,))


def _sides(ground: Ground) -> tuple[Side, Side]:
    return ground.first, ground.second


def _only(a: Sequence[str], b: Sequence[str]) -> str:
    """What only one of the models knows, as the end of a sentence."""
    parts = []
    for name, own, others in (("A", a, b), ("B", b, a)):
        more = [choice for choice in own if choice not in set(others)]
        if more:
            rest = f" and {len(more) - _SHOWN:,} more" if len(more) > _SHOWN else ""
            parts.append(f"only {name} knows {', '.join(more[:_SHOWN])}{rest}")
    return f": {'; '.join(parts)}." if parts else "."

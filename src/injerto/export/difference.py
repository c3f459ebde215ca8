"""How far the answers of two doors to the same rows are apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from injerto.export.reference import TOLERANCE, Expected
from injerto.heads.individual import IndividualHead
from injerto.heads.number import NumberHead
from injerto.learner import Learner, heads_of


@dataclass(frozen=True)
class Difference:
    """The largest one between numbers, where it is, and how many answers in words are others."""

    largest: float = 0.0
    where: str = "No answer differs"
    other_words: int = 0
    where_words: str = ""
    """The first of these."""

    @property
    def is_small(self) -> bool:
        """Whether the answers count as the same."""
        return self.largest <= TOLERANCE and not self.other_words


def difference(found: Sequence[Mapping[str, Any]], expected: Expected, numbers: Sequence[int], network: Learner) -> Difference:
    """Between rows of answers `found` and `expected`, of the rows of a table that have these `numbers`."""
    largest, where, others = 0.0, Difference.where, list[str]()
    skipped, scales = _lesser_names(network), _scales(network)
    for place, (row, told) in enumerate(zip(found, expected.frame.iter_rows(named=True), strict=True)):
        for name in [name for name in row if name not in skipped]:
            said = f"Row {numbers[place]}: '{name}' is {row[name]} there and {told[name]} here"
            apart = _apart(row[name], told[name], scales.get(name))
            if math.isfinite(apart):
                largest, where = (apart, said) if apart > largest else (largest, where)
            elif not (expected.on_edge(name, place) or _level(name, row[name], told)):
                others.append(said)
    return Difference(largest, where, len(others), others[0] if others else "")


def _apart(one: Any, other: Any, scale: float | None) -> float:
    """Infinite between different words."""
    if isinstance(one, float) and isinstance(other, float) and not (math.isnan(one) or math.isnan(other)):
        return abs(one - other) / (scale or max(1.0, abs(other)))
    if isinstance(other, bool):
        other = str(other).lower()
    nothing = (None, "")
    return 0.0 if one == other or (one in nothing and other in nothing) or str(one) == str(other) else math.inf


def _level(name: str, said: Any, told: Mapping[str, Any]) -> bool:
    """Whether a class is as likely as the likeliest one, so that either may be named."""
    best, own = told.get(f"{name}_probability"), told.get(f"{name}_probability_{said}")
    return best is not None and own is not None and best - own <= TOLERANCE


def _scales(network: Learner) -> dict[str, float]:
    scales = {name: head.std_ for name, head in heads_of(network).items() if isinstance(head, NumberHead)}
    return scales | {f"{name}_{end}": scale for name, scale in scales.items() for end in ("low", "high")}


def _lesser_names(network: Learner) -> set[str]:
    """Look-alikes behind the first: two that are equally likely have no order."""
    individuals = [name for name, head in heads_of(network).items() if isinstance(head, IndividualHead)]
    return {f"{name}_{place}" for name in individuals for place in range(2, 11)}

"""Whether rows that share a group share their label, and by more than chance: the evidence that a group is one thing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

AGREE = 0.98
"""Below 1, so that one slip in the labels does not hide what ties the rows."""
MOST_BY_CHANCE = 0.1
"""Where nearly all rows have one label anyway, agreement proves nothing: slips are weighed against those of chance, too."""
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class OneLabel:
    """Counts over groups of more than one labelled row."""

    groups: int
    rows: int
    agreeing: int
    """Rows with the commonest label of their group."""
    by_chance: float
    """Rows that would not have the label of their group's first row if labels were dealt at random."""

    @property
    def holds(self) -> bool:
        """Whether nearly all rows agree, of which many would not by chance."""
        slips = self.rows - self.agreeing
        return self.share >= AGREE and slips <= MOST_BY_CHANCE * self.by_chance

    @property
    def share(self) -> float:
        """Share of rows that agree with their group."""
        return self.agreeing / self.rows if self.rows else 0.0


def one_label(groups: Sequence[str], labels: Sequence[str | None]) -> OneLabel:
    """Count how rows agree with their group.

    Example:
        >>> one_label(["a", "a", "a", "b", "b"], ["wren", "wren", "jay", "jay", "jay"])
        OneLabel(groups=2, rows=5, agreeing=4, by_chance=1.44)
    """
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        if label is not None:
            of[group][label] += 1
    every = Counter(label for label in labels if label is not None)
    known = sum(every.values())
    differ = 1 - sum((count / known) ** 2 for count in every.values()) if known else 0.0
    several = [counts for counts in of.values() if counts.total() > 1]
    rows = sum(counts.total() for counts in several)
    agreeing = sum(max(counts.values()) for counts in several)
    return OneLabel(len(several), rows, agreeing, round((rows - len(several)) * differ, 6))


def without_labels(parts: Sequence[str], labels: Sequence[str | None], most_values: int) -> list[str]:
    """The parts of names without what says the label itself: its words, or a code of it at one place.

    A class and a number, dog_17, has one label whatever 17 is; only the rest can tell whether it names one thing.
    """
    tokens = [_TOKEN.findall(part.lower()) for part in parts]
    words = [set(_TOKEN.findall(label.lower())) if label else set() for label in labels]
    codes = set()
    for place in range(max(map(len, tokens), default=0)):
        at = [of[place] if len(of) > place else "" for of in tokens]
        if len(set(at)) <= most_values and one_label(at, labels).holds:
            codes.add(place)
    return [
        " ".join(token for place, token in enumerate(of) if place not in codes and token not in said)
        for of, said in zip(tokens, words, strict=True)
    ]


def groups_of_labels(groups: Sequence[str], labels: Sequence[str | None]) -> Counter[str]:
    """How many groups each label stands in."""
    return Counter(label for _, label in set(zip(groups, labels, strict=True)) if label is not None)

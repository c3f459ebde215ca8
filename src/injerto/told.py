"""What a person should know of answers beside the answers themselves, and how that of several pieces is put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from injerto.reference.unlike import Flagged
from injerto.table.ledger import Entry, Ledger

LISTED = 1_000
"""Cells that cannot be used which are listed of a long table; the answers' column `problem` has them all."""


@dataclass
class Told:
    """What a person should know of answers: how many, what could not be used, and what to be wary of."""

    rows: int = 0
    unused: int = 0
    """Rows that could not be used."""
    ledger: Ledger = field(default_factory=Ledger)
    """The cells why; of a long table the first of them."""
    unseen: dict[str, float] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    promises: tuple[str, ...] = ()
    unlike: Flagged | None = None
    decisions: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each was made, by target that has decisions."""

    def add(self, other: Told) -> None:
        """Take in what is told of further rows."""
        both, rows = {**self.unseen, **other.unseen}, self.rows + other.rows
        shares = {name: (self.unseen.get(name, 0) * self.rows + other.unseen.get(name, 0) * other.rows) / rows for name in both}
        self.empty = other.empty if not self.rows else [name for name in self.empty if name in other.empty]
        self.ledger.extend(other.ledger.entries[: max(0, LISTED - len(self.ledger))])
        self.rows, self.unused, self.unseen = rows, self.unused + other.unused, shares
        self.promises = self.promises or other.promises
        judged = [one for one in (self.unlike, other.unlike) if one is not None]
        self.unlike = judged[0] + judged[1] if len(judged) == 2 else next(iter(judged), None)
        for name, counts in other.decisions.items():
            self.decisions[name] = dict(Counter(self.decisions.get(name, {})) + Counter(counts))

    @property
    def ranked(self) -> dict[str, dict[str, int]]:
        """`decisions`, the most frequent first."""
        return {name: dict(Counter(counts).most_common()) for name, counts in self.decisions.items()}

    def to_json(self) -> dict[str, Any]:
        """As a part's note keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Told:
        """What `to_json` gave."""
        unlike = None if told["unlike"] is None else Flagged(**told["unlike"])
        ledger = Ledger([Entry(**entry) for entry in told["ledger"]["entries"]])
        taken = {"ledger": ledger, "unlike": unlike, "promises": tuple(told["promises"])}
        return cls(**{**told, **taken})

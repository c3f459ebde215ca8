"""What a comparison of two models found: figures of both, their difference B - A, its interval, and what that says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from injerto.artifact.known_rows import Known
from injerto.metrics.figures import MAIN
from injerto.metrics.meanings import MEANINGS
from injerto.schema.guess import counted
from injerto.table.ledger import Ledger

Letter = Literal["A", "B"]


@dataclass(frozen=True)
class Difference:
    """One figure of both models on the same rows. `interval` holds 95 % of the bootstrap draws of B - A."""

    name: str
    a: float
    b: float
    interval: tuple[float, float] | None
    """None where there are too few rows or groups to say."""

    @property
    def difference(self) -> float:
        """B - A."""
        return self.b - self.a

    @property
    def shown(self) -> bool:
        """Whether the rows show a difference: 0 lies outside of the interval."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]

    @property
    def better(self) -> Letter | None:
        """The model that is better; None where no difference is shown, or none of the two directions is the better one."""
        direction = MEANINGS[self.name].better
        if not self.shown or direction not in ("higher", "lower"):
            return None
        return "B" if (self.difference > 0) == (direction == "higher") else "A"

    @property
    def words(self) -> str:
        """What the difference says, as a sentence without its full stop."""
        meaning = MEANINGS[self.name]
        if self.interval is None:
            return f"too little to tell a difference in {meaning.title} from chance: B - A is {self.difference:.3g}"
        low, high = self.interval
        if not self.shown:
            found = f"B - A is {self.difference:.3g} {_ends(low, high)}"
            return f"no difference that these rows could show in {meaning.title}: {found}"
        size = f"by {abs(self.difference):.3g} {_ends(*sorted((abs(low), abs(high))))}"
        way = "higher" if self.difference > 0 else "lower"
        if self.better is None:
            return f"{meaning.title} is {way} in B {size}, where {meaning.better} is better"
        return f"{self.better} is better: {meaning.title} {meaning.better} {size}"

    def to_json(self) -> dict[str, Any]:
        """`better` is "A", "B" or null."""
        told = {"a": self.a, "b": self.b, "difference": self.difference, "interval": self.interval}
        return told | {"better": self.better, "words": self.words}


@dataclass(frozen=True)
class TargetComparison:
    """One target on the `rows` that both models could use and that are labelled for both."""

    name: str
    kind: str
    rows: int
    units: int
    """What the bootstrap drew: groups of rows, or rows."""
    groups: tuple[str, ...]
    """The columns whose groups were drawn whole; none where rows were."""
    figures: dict[str, Difference]
    apart: dict[str, tuple[float, float]]
    """Figures of A and of B that mean another thing for each, and so have no difference."""
    same: bool
    """Whether both models gave the same answers."""

    @property
    def drawn(self) -> str:
        """What the bootstrap drew, in words."""
        if not self.groups:
            return counted(self.units, "row")
        columns = "' and '".join(self.groups)
        return f"{counted(self.units, 'group')} of '{columns}'"

    @property
    def words(self) -> list[str]:
        """What is found, in sentences: the main figure first, then which other figures differ."""
        if self.same:
            return ["no difference at all: both models give the same answers."]
        if not self.figures:
            return ["nothing to compare: the rows allow no figure that means the same for both models."]
        main = self.figures.get(MAIN[self.kind]) or next(iter(self.figures.values()))
        said = [f"{main.words}."]
        for letter in ("A", "B"):
            others = [one.name for one in self.figures.values() if one.better == letter and one is not main]
            if others:
                said.append(f"{'Also better' if main.better == letter else 'Better'} in {letter}: {', '.join(others)}.")
        return said

    def to_json(self) -> dict[str, Any]:
        """Figures at the top, so that a script reads `targets.NAME.accuracy.difference`."""
        figures: dict[str, Any] = {name: one.to_json() for name, one in self.figures.items()}
        figures |= {name: {"a": a, "b": b, "difference": None} for name, (a, b) in self.apart.items()}
        drawn = {"groups": list(self.groups), "units": self.units}
        return figures | {"kind": self.kind, "rows": self.rows, "drawn": drawn, "same": self.same, "words": self.words}


@dataclass(frozen=True)
class Comparison:
    """Two models, A and B, on one table."""

    rows: int
    unusable: dict[str, int]
    """Rows that "A" cannot use, that "B" cannot, and that neither can ("both")."""
    targets: dict[str, TargetComparison]
    ledger: Ledger
    """Cells that one of the models could not use, each once."""
    notes: tuple[str, ...] = ()
    """Why the differences may say less, or other, than they seem to."""
    known: tuple[Known, ...] = ()
    """Rows that A has met before, and B."""

    def to_json(self) -> dict[str, Any]:
        """The comparison as a script wants it."""
        targets = {name: found.to_json() for name, found in self.targets.items()}
        unusable = {name.lower(): count for name, count in self.unusable.items()}
        return {"rows": self.rows, "unusable": unusable, "targets": targets, "notes": list(self.notes)}


def _ends(low: float, high: float) -> str:
    return f"({low:.3g} to {high:.3g})"

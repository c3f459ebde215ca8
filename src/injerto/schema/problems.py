"""What a check finds: problems with their weight, a line for every column, the ledger of bad files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from injerto.errors import SchemaError
from injerto.schema.points_hint import points_hint
from injerto.schema.schema import Schema
from injerto.table.ledger import Ledger

Severity = Literal["error", "warning", "note"]
Role = Literal["target", "input", "dropped"]


@dataclass(frozen=True)
class Problem:
    """An error stands in the way of training, a warning may spoil the model, a note is good to know."""

    severity: Severity
    column: str
    """Empty when the problem is the whole table's."""
    message: str


@dataclass(frozen=True)
class ColumnSummary:
    """One line about a column: what it is taken for, why, and what is in it."""

    name: str
    role: Role
    kind: str
    """Empty for a column that is left out."""
    reason: str
    distinct: int
    missing_share: float
    example: str


@dataclass(frozen=True)
class CheckReport:
    """All that a check found; nothing is raised until asked for."""

    schema: Schema
    rows: int
    columns: list[ColumnSummary]
    problems: list[Problem]
    ledger: Ledger = field(default_factory=Ledger)
    """Every file that could not be read; empty after a quick check."""

    @property
    def errors(self) -> list[Problem]:
        """The problems that stand in the way of training."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that may spoil the model."""
        return [problem for problem in self.problems if problem.severity == "warning"]

    def raise_errors(self) -> None:
        """*Raises* SchemaError with every error, also when there is no target to train for."""
        messages = [problem.message for problem in self.errors]
        if not self.schema.targets:
            hint = points_hint([column.name for column in self.columns])
            messages.append(f"No target: say which column is to be predicted.{hint}")
        if messages:
            raise SchemaError(messages)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON; `ready` says whether training could start."""
        return {
            "rows": self.rows,
            "ready": bool(self.schema.targets) and not self.errors,
            "columns": [asdict(column) for column in self.columns],
            "problems": [asdict(problem) for problem in self.problems],
            "unreadable": self.ledger.frame().to_dicts(),
        }

"""What a comparison of a new table with the training one found, in words, as JSON and as a page."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any, ClassVar

from injerto.drift.change import Change
from injerto.places.address import Place
from injerto.reference.unlike import Unlike
from injerto.schema.guess import counted
from injerto.table.ledger import Ledger


@dataclass(frozen=True)
class Strange:
    """One of the files that are most unlike those of training."""

    row: int
    file: str
    cell: object
    folder: Place
    """Where relative paths start."""
    share: float
    """Of the files held out in training, those at least as strange."""


@dataclass(frozen=True)
class ColumnDrift:
    """One column, or the answers to one target. `p_holm` counts all tests of the table; None of what is not tested."""

    name: str
    kind: str
    change: Change
    p_holm: float | None
    unlike: float | None = None
    """Share of the filled cells that are stranger than 95 % of those held out in training; None of answers."""
    new_levels: tuple[tuple[str, int], ...] = ()
    """Of categories: levels the model does not know, with their cells, the most frequent first."""
    strangest: tuple[Strange, ...] = ()

    def drifted(self, level: float, fail_above: float = 0.0) -> bool:
        """Whether it changed by more than chance, and by more than `fail_above`."""
        return self.p_holm is not None and self.p_holm <= level and self.change.difference > fail_above

    def verdict(self, level: float) -> str:
        """The change in a word or two."""
        if self.p_holm is None:
            return "told only"
        return f"{self.change.size} change" if self.drifted(level) else "no change shown"

    def to_json(self, level: float) -> dict[str, Any]:
        """As a script wants it; docs/drift.md has the keys."""
        data: dict[str, Any] = {
            "kind": self.kind,
            "drifted": self.drifted(level),
            "difference": self.change.difference,
            "p": self.change.p,
            "p_holm": self.p_holm,
            "verdict": self.verdict(level),
            "words": self.change.words,
            **self.change.figures,
        }
        if self.unlike is not None:
            data["unlike"] = self.unlike
        if self.new_levels:
            data["new_levels"] = [{"level": level, "cells": count} for level, count in self.new_levels]
        if self.strangest:
            data["strangest"] = [{"row": one.row, "file": one.file, "share": one.share} for one in self.strangest]
        return data


@dataclass(frozen=True)
class Drift:
    """How a new table differs from the rows that taught a model, column by column.

    Example: `if drift.drifted: print(drift.words)`; in a notebook the object shows itself as a table.
    """

    HEAD: ClassVar[tuple[str, ...]] = ("column", "kind", "verdict", "difference", "p", "what changed")
    """Of `lines`."""

    columns: dict[str, ColumnDrift]
    answers: dict[str, ColumnDrift]
    unlike: Unlike
    rows: int
    """Of the new table."""
    used: int
    """Those of them that could be used."""
    reference_rows: int
    """Rows that taught the model."""
    groups: tuple[str, ...]
    """Columns whose groups were drawn whole."""
    ledger: Ledger
    level: float = 0.05
    fail_above: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def all(self) -> list[ColumnDrift]:
        """Columns, then answers."""
        return [*self.columns.values(), *self.answers.values()]

    @property
    def changed(self) -> list[ColumnDrift]:
        """Those that changed by more than chance and by more than `fail_above`, the largest change first."""
        found = [one for one in self.all if one.drifted(self.level, self.fail_above)]
        return sorted(found, key=lambda one: -one.change.difference)

    @property
    def drifted(self) -> bool:
        """Whether anything did."""
        return bool(self.changed)

    @property
    def words(self) -> str:
        """The verdict in two sentences."""
        tested = sum(one.p_holm is not None for one in self.all)
        named = ", ".join(f"{self._called(one)} ({one.change.size})" for one in self.changed)
        if self.drifted:
            first = f"The table differs from the training rows in {len(self.changed)} of {tested} tests: {named}."
        elif self.fail_above and any(one.drifted(self.level) for one in self.all):
            first = (
                f"The table differs from the training rows, but by no more than {self.fail_above:g} in any of {tested} tests."
            )
        else:
            first = f"No difference from the training rows that {counted(self.used, 'row')} could show, in {tested} tests."
        return f"{first} {self.unlike.words}"

    def _called(self, one: ColumnDrift) -> str:
        return f"answers to '{one.name}'" if one in self.answers.values() else f"'{one.name}'"

    def to_json(self) -> dict[str, Any]:
        """As a script wants it; docs/drift.md has the keys."""
        return {
            "drifted": self.drifted,
            "changed": [self._called(one) for one in self.changed],
            "words": self.words,
            "level": self.level,
            "fail_above": self.fail_above,
            "rows": self.rows,
            "used": self.used,
            "reference_rows": self.reference_rows,
            "groups": list(self.groups),
            "unlike": self.unlike.to_json(),
            "columns": {name: one.to_json(self.level) for name, one in self.columns.items()},
            "answers": {name: one.to_json(self.level) for name, one in self.answers.items()},
            "notes": list(self.notes),
            "unused": [{"row": e.row, "column": e.column, "file": e.file, "reason": e.reason} for e in self.ledger],
        }

    def lines(self) -> list[list[str]]:
        """A line for each column and target: name, kind, verdict, difference, p after Holm, and words."""
        return [
            [
                f"answers: {one.name}" if one in self.answers.values() else one.name,
                one.kind,
                one.verdict(self.level),
                f"{one.change.difference:.2f}",
                "-" if one.p_holm is None else f"{one.p_holm:.2g}",
                one.change.words,
            ]
            for one in self.all
        ]

    def __repr__(self) -> str:
        return "\n".join([self.words, *("  " + "  ".join(line) for line in self.lines())])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in self.HEAD)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in line)}</tr>" for line in self.lines())
        return f"<p>{html.escape(self.words)}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

"""All that is said of one row, as a page, a script and a notebook take it."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

from injerto.explain.answered import Answered
from injerto.explain.contributions import Contributions
from injerto.explain.individuals import Matches
from injerto.explain.nearest import Neighbour
from injerto.explain.seen_file import SeenFile
from injerto.table.html_grid import html_grid


@dataclass(frozen=True)
class Familiar:
    """How unlike the training rows the row is: the share of them that were at least as strange, of the row and by column."""

    row: float
    columns: dict[str, float]
    flagged: bool
    strangest: str

    @property
    def words(self) -> str:
        """In a sentence."""
        share = f"{self.row:.1%} of the training rows were at least as strange"
        if self.flagged:
            return f"It is unlike anything seen in training, most of all by '{self.strangest}': only {share}."
        return f"It is like the rows of training: {share}."


@dataclass(frozen=True)
class Explanation:
    """One row of `table`, counted from 0."""

    table: str
    row: int
    cells: list[tuple[str, str]]
    """The columns that the model reads, as text."""
    answers: list[Answered]
    familiar: Familiar | None
    contributions: list[Contributions] = field(default_factory=list)
    files: list[SeenFile] = field(default_factory=list)
    nearest: list[Neighbour] = field(default_factory=list)
    nearest_words: str = ""
    matches: Matches | None = None
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As a script wants it; docs/explain.md has the keys."""
        return {
            "table": self.table,
            "row": self.row,
            "answers": {one.target: _answer(one) for one in self.answers},
            "familiarity": None
            if self.familiar is None
            else {"row": self.familiar.row, "columns": self.familiar.columns, "unlike": self.familiar.flagged},
            "contributions": {one.asked.head.name: _contributions(one) for one in self.contributions},
            "maps": [_maps(one) for one in self.files],
            "nearest": [{"row": one.row, "likeness": one.likeness, "cells": dict(one.cells)} for one in self.nearest],
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """What is said, as sentences of a terminal."""
        said = []
        for one in self.answers:
            truth = "" if one.truth is None else f"; the table says {one.truth}"
            said += [f"{one.target}: {one.words}{truth}", *(f"  {words}" for words in (one.told, one.held) if words)]
        said += [] if self.familiar is None else [self.familiar.words]
        return said

    def __repr__(self) -> str:
        return "\n".join([f"Row {self.row} of {self.table}", *self.lines()])

    def _repr_html_(self) -> str:
        parts = [f"<p><b>Row {self.row} of {html.escape(self.table)}</b></p>"]
        parts += [f"<p>{html.escape(line)}</p>" for line in self.lines()]
        for one in self.contributions:
            rows = [[name, f"{value:+.3g}", f"{error:.2g}"] for name, value, error in one.ranked]
            parts.append(html_grid([one.asked.words, "contribution", "standard error"], rows))
        return "".join(parts)


def _answer(one: Answered) -> dict[str, Any]:
    return {
        "answer": one.words,
        "chances": dict(one.chances),
        "abstains": one.abstains,
        "told": one.told,
        "held": one.held,
        "truth": one.truth,
    }


def _contributions(one: Contributions) -> dict[str, Any]:
    found = one.found
    return {
        "of": one.asked.words,
        "columns": {name: {"contribution": value, "error": error} for name, value, error in one.ranked},
        "usual": found.usual,
        "answer": found.answer,
        "exact": found.exact,
        "background_rows": found.background,
        "background": one.background,
    }


def _maps(one: SeenFile) -> dict[str, Any]:
    told = one.faithful
    layers = [*one.layers, *([one.timeline] if one.timeline is not None else [])]
    return {
        "column": one.column,
        "file": one.file,
        "backbone": one.backbone,
        "of": one.asked,
        "maps": [{"title": layer.title, "values": layer.values.tolist()} for layer in layers],
        "deletion": None if told is None else {"map": told.first.tolist(), "random": told.random.tolist()},
    }

"""Looks at tables: `injerto check`, one at a time, since the last change of mind is the one that counts."""

from __future__ import annotations

import json
import shlex
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from injerto.report.language import LanguageCode, speaking
from injerto.report.notes import note_text
from injerto.web.problems import Problem
from injerto.web.studio.asked import Asked
from injerto.web.studio.child import Child


class Checks:
    """Numbered from 1. Used from the event loop alone."""

    def __init__(self) -> None:
        self.number = 0
        self.child: Child | None = None
        self._draft = Path(tempfile.mkdtemp(prefix="injerto-draft-")) / "draft.toml"
        self._same: dict[str, str] = {}
        self._language: LanguageCode = "en"

    def begin(self, table: Path, asked: Asked, model: Path, *, quick: bool) -> int:
        """Start a check, and end the one before; `model` is where training would put what it learned."""
        self.close()
        self.number += 1
        self._language = asked.lang or "en"
        self._draft = self._draft.with_name(f"{self.number}.toml")
        words = asked.check(table, quick=quick)
        self._same = {"check": _line(words), "train": _line(asked.train(table, model))}
        self.child = Child([*words, "--write", str(self._draft), "--json"])
        return self.number

    def told(self, number: int) -> dict[str, Any]:
        """Where a check is, and what it found; as JSON. *Raises* Problem (404) for one that a later one has replaced."""
        if self.child is None or number != self.number:
            raise Problem(404, "There is no such check any more.")
        child = self.child
        told = {"running": child.running, "commands": self._same, "error": child.seen.error, **child.seen.told()}
        if child.running:
            return told
        report = _json(child.output)
        if report is None and not child.seen.error:
            told["error"] = "\n".join(child.seen.said[-12:]) or f"The check ended with the code {child.code}."
        with speaking(self._language):
            return told | {"report": report and _translated(report), "kept_together": self._together()}

    def close(self) -> None:
        """End the check under way, if any."""
        if self.child is not None:
            self.child.stop()

    def _together(self) -> str:
        """Which rows the draft keeps on one side of the split, in words; nothing where it keeps none."""
        try:
            split = tomllib.loads(self._draft.read_text(encoding="utf-8")).get("split", {})
        except (OSError, ValueError):
            return ""
        group = split.get("group")
        return "" if group is None else f"{group}: {note_text(split.get('group_reason') or 'rows with the same value')}"


def _translated(report: dict[str, Any]) -> dict[str, Any]:
    """What a check found with its sentences in the language that is spoken, where there is a translation."""
    columns = [one | {"reason": note_text(one["reason"])} for one in report["columns"]]
    problems = [one | {"message": note_text(one["message"])} for one in report["problems"]]
    unreadable = [one | {"reason": note_text(one["reason"])} for one in report["unreadable"]]
    return report | {"columns": columns, "problems": problems, "unreadable": unreadable}


def _line(words: list[str]) -> str:
    return shlex.join(["injerto", *words])


def _json(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None

"""One training: what was asked for, where it is, and the model it leaves; kept in a file, so that it outlives the page."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from injerto.artifact.place import is_model
from injerto.web.studio.child import Child
from injerto.whole_file import write_whole

State = Literal["waiting", "running", "stopping", "stopped", "failed", "done"]
SHOWN = ("report.html", "suspects.csv", "ledger.csv")
"""Files of a model that the page leads to."""


@dataclass
class Training:
    """`words` are those after `injerto` of the command that trains."""

    name: str
    table: str
    words: list[str]
    model: Path
    state: State = "waiting"
    error: str = ""
    child: Child | None = None

    @property
    def command(self) -> str:
        """The command line that does the same."""
        return shlex.join(["injerto", *self.words])

    @property
    def source(self) -> Path:
        """The table, or the folder, that teaches."""
        return Path(self.words[1])

    def begin(self, child: Child) -> None:
        """It is under way."""
        self.child, self.state, self.error = child, "running", ""

    def end(self, child: Child) -> None:
        """Its process has ended."""
        if is_model(self.model):  # it is written last, and whole
            self.state = "done"
        elif child.stopped:
            self.state = "stopped"
        else:
            self.state, self.error = "failed", child.seen.error or _unsaid(child)

    def brief(self) -> dict[str, Any]:
        """One line of the list, as JSON."""
        pieces = [] if self.child is None else list(self.child.seen.pieces.values())
        now = next((piece.told() for piece in reversed(pieces) if not piece.ended), None)
        return {"name": self.name, "table": self.table, "state": self.state, "now": now if self.state == "running" else None}

    def told(self) -> dict[str, Any]:
        """All that the page shows of it, as JSON."""
        seen = {"pieces": [], "said": [], "curves": []} if self.child is None else self.child.seen.told()
        return self.brief() | seen | {"command": self.command, "error": self.error, "model": str(self.model)} | self._result()

    def _result(self) -> dict[str, Any]:
        if self.state != "done":
            return {"scores": {}, "files": []}
        scores = json.loads((self.model / "scores.json").read_text(encoding="utf-8"))
        return {"scores": _plain(scores), "files": [name for name in SHOWN if _holds_something(self.model / name)]}

    def write(self, folder: Path) -> None:
        """Keep the facts. *Raises* OutputError when the disk is full."""
        facts = {"table": self.table, "words": self.words, "model": str(self.model), "state": self.state, "error": self.error}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        write_whole(folder / f"{self.name}.json", lambda file: file.write(text.encode()))

    @classmethod
    def read(cls, file: Path) -> Training:
        """One that an earlier run of the studio kept; what was under way then is stopped now."""
        facts = json.loads(file.read_text(encoding="utf-8"))
        model = Path(facts["model"])
        kept: State = facts["state"]
        if is_model(model):
            kept = "done"
        elif kept != "failed":
            kept = "stopped"
        return cls(file.stem, facts["table"], facts["words"], model, kept, facts["error"])


def _unsaid(child: Child) -> str:
    last = "\n".join(child.seen.said[-12:])
    return f"Training ended with the code {child.code} and said no more than this:\n{last}"


def _holds_something(file: Path) -> bool:
    """Whether it is there and, of a table, has more than its head."""
    return file.is_file() and (file.suffix != ".csv" or file.read_bytes().count(b"\n") > 1)


def _plain(scores: dict[str, Any]) -> dict[str, Any]:
    """Of the rows that tested, or of those that chose where none did: figures of each target, and its baseline's."""
    part = "test" if scores.get("test") else "tune"
    targets = {
        name: {
            "rows": score.get("rows"),
            "figures": {figure: value for figure, value in score.items() if isinstance(value, float) and figure != "seconds"},
            "baseline": {figure: value for figure, value in score.get("baseline", {}).items() if isinstance(value, float)},
            "intervals": score.get("intervals", {}),
        }
        for name, score in scores.get(part, {}).items()
    }
    return {"part": part, "targets": targets}

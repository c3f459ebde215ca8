"""What is known of a command under way from the lines that it writes; see `injerto.cli.json_watcher`."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

MOST_SENTENCES = 400


@dataclass
class Piece:
    """A piece of work: how far it is, and the losses of its epochs."""

    name: str
    total: int | None
    done: int = 0
    note: str = ""
    ended: bool = False
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    losses: list[tuple[int, float | None, float | None]] = field(default_factory=list)
    """Epoch, loss on training rows, loss on tune rows."""

    def told(self) -> dict[str, Any]:
        """As JSON, the losses left out."""
        seconds = self.seconds if self.ended else time.monotonic() - self.started
        return {
            "name": self.name,
            "total": self.total,
            "done": self.done,
            "note": self.note,
            "ended": self.ended,
            "seconds": round(seconds, 1),
        }


@dataclass
class Seen:
    """All that was written so far."""

    pieces: dict[int, Piece] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    error: str = ""
    """The message of a mistake, as the command line shows it; all its lines."""

    def take(self, line: str) -> None:
        """One line of stderr."""
        line = line.rstrip("\r\n")
        told = _object(line)
        if told is None:
            self._sentence(line)
        elif "said" in told:
            self._say(str(told["said"]))
        else:
            self._step(told)

    def told(self) -> dict[str, Any]:
        """As JSON: the pieces of work, the sentences, the losses of every piece that has some."""
        curves = [{"name": piece.name, "losses": piece.losses} for piece in self.pieces.values() if piece.losses]
        return {"pieces": [piece.told() for piece in self.pieces.values()], "said": self.said, "curves": curves}

    def _sentence(self, line: str) -> None:
        if line.startswith("Error: "):
            self.error = line.removeprefix("Error: ")
        elif self.error:
            self.error += f"\n{line}"  # a message goes on to the end
        elif line:
            self._say(line)

    def _say(self, sentence: str) -> None:
        self.said = [*self.said, sentence][-MOST_SENTENCES:]

    def _step(self, told: dict[str, Any]) -> None:
        number = told["step"]
        if "name" in told:
            self.pieces[number] = Piece(told["name"], told["total"])
            return
        piece = self.pieces[number]
        if "epoch" in told:
            piece.losses = [*piece.losses, (told["epoch"], told["train_loss"], told["tune_loss"])]
        elif "ended" in told:
            piece.ended, piece.seconds = True, time.monotonic() - piece.started
        else:
            piece.done, piece.note = told["done"], told["note"]


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and ("said" in told or "step" in told) else None

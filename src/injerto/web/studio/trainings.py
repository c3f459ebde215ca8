"""All trainings of a work folder, of which one runs at a time."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

from injerto.web.problems import Problem
from injerto.web.studio.child import Child
from injerto.web.studio.training import Training

_NAME = re.compile(r"[^\W_][\w .-]{0,79}", re.ASCII)


class Trainings:
    """By name, in the order in which they were asked for. Any thread may call this."""

    def __init__(self, work: Path) -> None:
        self.models, self.notes = work / "models", work / "trainings"
        self.known: dict[str, Training] = {}
        self._lock = threading.RLock()
        self._closed = False
        for file in sorted(self.notes.glob("*.json"), key=lambda path: path.stat().st_mtime):
            try:
                training = Training.read(file)
            except (ValueError, KeyError, TypeError):
                continue  # of another hand or version; it is not touched
            self.known[training.name] = training

    def of(self, name: str) -> Training:
        """*Raises* Problem (404)."""
        if name not in self.known:
            raise Problem(404, f"There is no training '{name[:80]}'.")
        return self.known[name]

    def place_for(self, name: str) -> Path:
        """Where the model `name` will lie. *Raises* Problem: 422 for a name that is none, 409 for one that is taken."""
        if not _NAME.fullmatch(name) or name[-1] in " .":
            raise Problem(422, f"'{name[:80]}' is no name of a model: use letters, digits, spaces, dots, - and _, at most 80.")
        if name in self.known or (self.models / name).exists():
            raise Problem(409, f"There is a model '{name}' already. Give another name.")
        return self.models / name

    def add(self, name: str, table: str, words: Sequence[str]) -> Training:
        """Ask for a training; it starts when those before it have ended."""
        with self._lock:
            self.known[name] = training = Training(name, table, list(words), self.place_for(name))
            training.write(self.notes)
            self._next()
            return training

    def again(self, name: str) -> Training:
        """Let a training that was stopped or failed go on. *Raises* Problem: 404; 409 where it is under way or done."""
        with self._lock:
            training = self.of(name)
            if training.state not in ("stopped", "failed"):
                raise Problem(409, f"The training '{name}' is {training.state}.")
            training.state = "waiting"
            training.write(self.notes)
            self._next()
            return training

    def stop(self, name: str) -> Training:
        """Ask a training to end. *Raises* Problem: 404; 409 where there is nothing to stop."""
        with self._lock:
            training = self.of(name)
            if training.state == "waiting":
                training.state = "stopped"
                training.write(self.notes)
            elif training.state == "running" and training.child is not None:
                training.state = "stopping"
                training.child.stop()
            else:
                raise Problem(409, f"The training '{name}' is {training.state}.")
            return training

    def close(self) -> None:
        """Stop what runs, and start no more. What is stopped goes on when the studio is asked again."""
        with self._lock:
            self._closed = True
            running = [one.child for one in self.known.values() if one.child is not None and one.child.running]
            for child in running:
                child.stop()
        for child in running:
            child.wait(25)

    def _next(self) -> None:
        if self._closed or any(one.state in ("running", "stopping") for one in self.known.values()):
            return
        training = next((one for one in self.known.values() if one.state == "waiting"), None)
        if training is not None:
            self.models.mkdir(parents=True, exist_ok=True)
            training.begin(Child([*training.words, "--json"], ended=lambda child: self._ended(training, child)))
            training.write(self.notes)

    def _ended(self, training: Training, child: Child) -> None:
        with self._lock:
            training.end(child)
            training.write(self.notes)
            self._next()

"""One recording as it was heard: its events, or why it could not be used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from injerto.events.event import Event


@dataclass(frozen=True)
class Heard:
    """What is kept of a recording. With a `problem` there are no events."""

    recording: str
    inner: str
    """Its path from the folder that was given; its name where the file itself was."""
    stamp: tuple[int, int]
    """Bytes and time of the last change when it was heard."""
    seconds: float = 0.0
    rate_hz: int = 0
    events: tuple[Event, ...] = ()
    problem: str = ""
    rows: tuple[int, int] = (0, 0)
    """Where its shares are kept: the first row and how many."""

    def to_line(self) -> str:
        """One line of JSON; numbers come back to the last bit."""
        return json.dumps(vars(self))

    @classmethod
    def of_line(cls, line: str | bytes) -> Heard:
        """What `to_line` gave. *Raises* ValueError when it is anything else."""
        try:
            told: dict[str, Any] = json.loads(line)
            for name in ("stamp", "rows"):
                told[name] = tuple(told[name])
            return cls(**{**told, "events": tuple(Event(*event) for event in told["events"])})
        except (TypeError, KeyError, json.JSONDecodeError) as slip:
            raise ValueError(f"not a line of a journal: {slip}") from slip

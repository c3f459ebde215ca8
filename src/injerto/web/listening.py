"""Recordings of a request to events, as `injerto listen` hears them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from injerto.errors import ListeningError, MediaError
from injerto.events.rule import EventRule
from injerto.listening.heard import Heard
from injerto.listening.listen import listen, rule_of
from injerto.progress import Progress, SilentStep, Step
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.problems import Problem, busy
from injerto.web.served import Served
from injerto.web.uploads import require_sound


@dataclass(frozen=True)
class Sent:
    """A recording of a request. Its name is shown, and never opened."""

    name: str
    content: bytes


class Listening:
    """The work of a lane for one request."""

    def __init__(self, served: Served, rule: EventRule, limits: Limits) -> None:
        self.served, self.rule, self.limits = served, rule, limits

    def __call__(self, asked: Sequence[Sequence[Sent]]) -> list[bytes | Problem]:
        return [self._response(sent) for sent in asked]

    def _response(self, sent: Sequence[Sent]) -> bytes | Problem:
        refused = {place: reason for place, one in enumerate(sent) if (reason := self._refusal(one.content))}
        heard: list[Heard] = []
        with tempfile.TemporaryDirectory(prefix="injerto-serve-", ignore_cleanup_errors=True) as name:
            paths = [Path(name, f"{place:05d}") for place in range(len(sent)) if place not in refused]
            for path in paths:
                path.write_bytes(sent[int(path.name)].content)
            try:
                heard = list(self._heard(paths, Path(name, "journal"))) if paths else []
            except ListeningError as slip:
                return Problem(422, str(slip))
            except _TooLong:
                return busy(f"The recordings were not heard to their end after {self.limits.request_seconds:g} s.", seconds=5)
        by_place = {int(Path(one.recording).name): one for one in heard}
        told = [
            _told(one.name, by_place[place]) if place in by_place else _unheard(one.name, refused[place])
            for place, one in enumerate(sent)
        ]
        if all(one["problem"] for one in told):
            unused = [{"row": place, "reason": one["problem"]} for place, one in enumerate(told)]
            return Problem(422, f"No recording can be used. {sent[0].name}: {told[0]['problem']}", unused=unused)
        return to_json({"model": self.served.name, "recordings": told}, inf_nan_mode="null")

    def _heard(self, paths: list[Path], work: Path) -> Iterator[Heard]:
        progress = _Deadline(time.monotonic() + self.limits.request_seconds)
        found = listen(self.served.artifact, paths, self.rule, work=work, progress=progress)
        yield from found
        found.close()

    def _refusal(self, content: bytes) -> str:
        try:
            require_sound(content, self.limits)
        except MediaError as slip:
            return slip.reason
        return ""


def rule_for(served: Served, options: Options) -> EventRule:
    """The model's own rule with what a request amends. *Raises* Problem (422) for a rule that contradicts itself."""
    try:
        return rule_of(served.artifact).amended(
            threshold=options.threshold,
            low=options.low,
            gap_seconds=options.gap_seconds,
            shortest_seconds=options.shortest_seconds,
        )
    except ListeningError as slip:
        raise Problem(422, str(slip)) from slip


def _told(name: str, heard: Heard) -> dict[str, Any]:
    return {
        "recording": name,
        "seconds": heard.seconds,
        "problem": heard.problem or None,
        "events": [one._asdict() for one in heard.events],
    }


def _unheard(name: str, reason: str) -> dict[str, Any]:
    return {"recording": name, "seconds": 0.0, "problem": reason, "events": []}


class _TooLong(Exception):
    """There is no time left for a request."""


class _DeadlineStep(SilentStep):
    def __init__(self, until: float) -> None:
        self.until = until

    def advance(self, count: int = 1, note: str = "") -> None:
        if time.monotonic() > self.until:
            raise _TooLong


class _Deadline(Progress):
    """Ends work on the way when nobody waits for it any longer."""

    def __init__(self, until: float) -> None:
        self.until = until

    def say(self, sentence: str) -> None:
        return None

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        yield _DeadlineStep(self.until)

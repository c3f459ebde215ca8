"""What was said in another process arrives as it was said, and nothing stays open when that process is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from injerto.progress import Progress, Step
from injerto.scale import retelling
from injerto.scale.retelling import Box, Retelling, Told


class Kept(Progress):
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def say(self, sentence: str) -> None:
        self.calls.append(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        self.calls.append(("open", name, total))
        try:
            yield KeptStep(self, name)
        finally:
            self.calls.append(("close", name))


class KeptStep(Step):
    def __init__(self, kept: Kept, name: str) -> None:
        self.kept, self.name = kept, name

    def advance(self, count: int = 1, note: str = "") -> None:
        self.kept.calls.append((self.name, count, note))

    def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
        self.kept.calls.append((self.name, "epoch", epoch, train_loss, tune_loss))


def boxed() -> tuple[Box, Told]:
    """A box and who speaks into it, without an actor between them."""
    box = Box()
    return box, Told(SimpleNamespace(put=SimpleNamespace(remote=box.put)))


def test_little_counts_are_sent_together(monkeypatch: pytest.MonkeyPatch) -> None:
    box, told = boxed()
    monkeypatch.setattr(retelling, "SECONDS_BETWEEN", 60.0)
    with told.step("epochs", 5) as step:
        step.advance(2, "loss 0.5")
        step.advance()
        step.judged(0, 0.5, None)
        step.advance(2)
    kept = Kept()
    retold = Retelling(kept)
    for event in box.take():
        retold.tell(event)
    assert kept.calls == [
        ("open", "epochs", 5),
        ("epochs", 3, "loss 0.5"),
        ("epochs", "epoch", 0, 0.5, None),
        ("epochs", 2, ""),
        ("close", "epochs"),
    ]
    assert retold.open == {}


def test_a_loss_closes_what_was_open_and_is_said() -> None:
    box, told = boxed()
    assert box.start() is None
    told.put(("open", 0, "outer", None), ("open", 1, "inner", 2))
    box.start()
    told.say("goes on")
    kept = Kept()
    retold = Retelling(kept)
    for event in box.take():
        retold.tell(event)
    assert kept.calls[2:] == [
        ("close", "inner"),
        ("close", "outer"),
        "A process of the cluster was lost; all of them have been started again.",
        "goes on",
    ]


def test_how_it_ended_is_kept_for_who_starts_again() -> None:
    box, _ = boxed()
    assert box.ended() is None
    box.end(b"")
    assert box.start() == box.ended() == b""

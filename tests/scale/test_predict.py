"""Answers of a cluster are those of one machine: rows, promises, the ledger, whatever is lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal

import injerto
from injerto.predict import Predictions
from injerto.progress import Silent, SilentStep, Step
from injerto.scale import pieces

if TYPE_CHECKING:
    from conftest import Nodes


class Events(Silent):
    """Something happens when so many rows are answered."""

    def __init__(self, events: dict[int, Callable[[], None]]) -> None:
        self.events, self.done = events, 0

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        outer = self

        class Counted(SilentStep):
            def advance(self, count: int = 1, note: str = "") -> None:
                outer.done += count
                for at in [at for at in outer.events if at <= outer.done]:
                    outer.events.pop(at)()

        yield Counted()


def require_same(here: Predictions, there: Predictions) -> None:
    assert_frame_equal(here.frame, there.frame, check_exact=True)
    assert here.ledger == there.ledger
    assert (here.unseen, here.empty, here.promises) == (there.unseen, there.empty, there.promises)
    assert (here.photo, here.folder) == (there.photo, there.folder)


@pytest.mark.slow
def test_a_table_with_odd_cells(nodes: Nodes, model: injerto.Model, given: injerto.Table) -> None:
    here = model.predict(given, max_error=0.3)
    there = model.predict(given, max_error=0.3, on=nodes.address)
    assert here.ledger.rows == {5, 7}
    require_same(here.with_unlike(), there.with_unlike())


@pytest.mark.slow
def test_a_worker_is_killed_and_a_machine_is_lost(
    nodes: Nodes, model: injerto.Model, given: injerto.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "FILE_ROWS", (2, 2))
    killed: list[int] = []

    def kill() -> None:
        killed.extend(nodes.workers()[:1])
        os.kill(killed[0], signal.SIGKILL)

    events = {2: kill, 8: nodes.lose}
    found = model.predict(given, on=nodes.address, progress=Events(events))
    assert len(killed) == 1 and not events
    require_same(model.predict(given), found)
    nodes.others.append(nodes.add())

"""Requests that come together go together; what one does wrong, and how long another takes, is its own affair."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from injerto.web.lane import Lane
from injerto.web.limits import Limits
from injerto.web.problems import Problem

LIMITS = Limits(collect_ms=30, batch_rows=10, queue=20, request_seconds=2)


def run(work: object) -> object:
    return asyncio.run(work)  # type: ignore[arg-type]


def test_neighbours_with_one_key_go_together_within_the_rows_of_a_batch():
    batches: list[list[int]] = []

    def doubled(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        return [2 * one for one in asked]

    async def all_of_it() -> list[int]:
        lane = Lane("test", LIMITS)
        lane.start()
        found = await asyncio.gather(*(lane.ask(number % 2, doubled, number, 3) for number in range(8)))
        await lane.stop()
        assert lane.counts.requests == 8
        assert lane.counts.rows == 24
        assert lane.counts.waiting == 0
        assert lane.counts.batches == len(batches)
        return found

    assert run(all_of_it()) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert batches == [[0, 2, 4], [1, 3, 5], [6], [7]]


def test_one_that_fails_costs_no_other_its_answer():
    def picky(asked: Sequence[int]) -> list[int]:
        if 3 in asked:
            raise ValueError("no threes")
        return list(asked)

    async def all_of_it() -> list[object]:
        lane = Lane("test", LIMITS)
        lane.start()
        found = await asyncio.gather(*(lane.ask("", picky, number, 1) for number in range(5)), return_exceptions=True)
        await lane.stop()
        return list(found)

    found = run(all_of_it())
    assert isinstance(found, list)
    assert str(found.pop(3)) == "no threes"
    assert found == [0, 1, 2, 4]


def test_a_full_line_and_a_slow_answer_are_told():
    async def all_of_it() -> None:
        lane = Lane("test", Limits(queue=2, request_seconds=0.2, collect_ms=0))
        lane.start()
        slow = [
            asyncio.ensure_future(lane.ask(number, lambda asked: time.sleep(0.5) or asked, number, 1)) for number in range(2)
        ]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem, match="2 requests wait already"):
            await lane.ask("x", lambda asked: asked, 1, 1)
        for one in slow:
            with pytest.raises(Problem, match=r"no answer after 0\.2 s"):
                await one
        await asyncio.sleep(0.6)
        assert lane.counts.waiting == 0  # the second was dropped before its turn
        assert await lane.ask("x", lambda asked: asked, 1, 1) == 1
        await lane.stop()

    run(all_of_it())

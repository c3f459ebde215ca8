"""A lane: requests wait in line, those that can go together do, and one thread answers them. The event loop stays free."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from injerto.web.limits import Limits
from injerto.web.problems import busy

_MOMENT_SECONDS = 0.0005

Work = Callable[[Sequence[Any]], Sequence[Any]]
"""Takes what some requests ask, and gives for each its result or the exception that it meets."""


@dataclass
class Job:
    """One request in line. Neighbours with the same `key` are worked on together, by the `work` of the first."""

    key: Hashable
    work: Work
    asked: Any
    rows: int
    answer: asyncio.Future[Any]
    dropped: bool = False
    """Nobody waits for it any more."""


@dataclass
class Counts:
    """What has gone through a lane."""

    waiting: int = 0
    """Requests in line or being worked on."""
    requests: int = 0
    batches: int = 0
    rows: int = 0


class Lane:
    """Its methods are called within one event loop, which the thread hands its results back to."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.limits, self.counts = limits, Counts()
        self._line: SimpleQueue[Job | None] = SimpleQueue()
        self._aside: deque[Job | None] = deque()
        """Taken out of the line, for a later batch."""
        self._expected = 1
        self._thread = threading.Thread(target=self._run, name=f"injerto-{name}", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to work, for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Work on what is in line, then end."""
        self._line.put(None)
        await asyncio.to_thread(self._thread.join)

    async def ask(self, key: Hashable, work: Work, asked: Any, rows: int) -> Any:
        """The result for `asked`. *Raises* what it met; Problem (503) when the line is full or there is no answer in time."""
        assert self._loop is not None
        if self.counts.waiting >= self.limits.queue:
            raise busy(f"{self.counts.waiting:,} requests wait already. Send this one again later.")
        job = Job(key, work, asked, rows, self._loop.create_future())
        self.counts.waiting += 1
        self._line.put(job)
        try:
            async with asyncio.timeout(self.limits.request_seconds):
                return await job.answer
        except TimeoutError as late:
            raise busy(f"There was no answer after {self.limits.request_seconds:g} s.", seconds=5) from late
        finally:
            job.dropped = True

    def _run(self) -> None:
        assert self._loop is not None
        while batch := self._batch():
            wanted = [job for job in batch if not job.dropped]
            results = worked(wanted) if wanted else []
            dropped = [(job, None) for job in batch if job.dropped and job not in wanted]
            self._loop.call_soon_threadsafe(self._deliver, [*zip(wanted, results, strict=True), *dropped])

    def _batch(self) -> list[Job]:
        """The next jobs that go together, the one that has waited longest among them; none when there will be no more."""
        first = self._aside.popleft() if self._aside else self._line.get()
        if first is None:
            return []
        self._gather()
        batch, rows, left = [first], first.rows, deque[Job | None]()
        for job in self._others():
            fits = job is not None and job.key == first.key and rows + job.rows <= self.limits.batch_rows
            if job is not None and fits:
                batch.append(job)
                rows += job.rows
            else:
                left.append(job)
        self._aside, self._expected = left, len(batch)
        return batch

    def _gather(self) -> None:
        """Wait for as many as came the last time, but not long: whoever asks again and again comes back at about the same time.

        A pass over all of them costs little more than one over half of them, who would make the others wait for a second one.
        """
        until = time.monotonic() + self.limits.collect_ms / 1000
        while 1 + self._line.qsize() + len(self._aside) < self._expected and time.monotonic() < until:
            time.sleep(_MOMENT_SECONDS)

    def _others(self) -> list[Job | None]:
        found = list(self._aside)
        while True:
            try:
                found.append(self._line.get_nowait())
            except Empty:
                return found

    def _deliver(self, done: list[tuple[Job, Any]]) -> None:
        self.counts.waiting -= len(done)
        self.counts.requests += len(done)
        self.counts.rows += sum(job.rows for job, _ in done)
        self.counts.batches += 1
        for job, result in done:
            if job.answer.done():
                continue
            if isinstance(result, BaseException):
                job.answer.set_exception(result)
            else:
                job.answer.set_result(result)


def worked(jobs: Sequence[Job]) -> list[Any]:
    """The result of each job. Where they fail together each is tried alone: one request must not cost another its answer."""
    try:
        return list(jobs[0].work([job.asked for job in jobs]))
    except Exception as slip:
        if len(jobs) == 1:
            return [slip]
        return [worked([job])[0] for job in jobs]

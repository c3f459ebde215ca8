"""What the first process of a training on a cluster has to say, told to whoever watches where the command was given."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

from injerto.progress import Progress, Step

SECONDS_BETWEEN = 0.2
"""How long what is done of a step is added up before it is sent, and how often it is asked for."""
Event = tuple[Any, ...]
"""("say", sentence), ("open", step, name, total), ("advance", step, count, note), ("judged", step, ...), ("close", step), or
("start", number), where processes begin anew."""


class Box:
    """An actor of Ray beside the command: what was said and not yet heard, and how the training ended, once it did."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.starts = 0
        self.found: bytes | None = None

    def start(self) -> bytes | None:
        """Note that the processes start, for the first time or again; how an earlier start ended comes back."""
        self.events.append(("start", self.starts))
        self.starts += 1
        return self.found

    def put(self, events: list[Event]) -> None:
        """Keep events until they are taken."""
        self.events += events

    def take(self) -> list[Event]:
        """All events since the last time."""
        events, self.events = self.events, []
        return events

    def end(self, found: bytes) -> None:
        """Note how it ended."""
        self.found = found

    def ended(self) -> bytes | None:
        """How it ended, as `end` was told."""
        return self.found


class Told(Progress):
    """The first process's watcher: it puts everything into the box, and little counts together."""

    def __init__(self, box: Any) -> None:
        self.box, self.numbers, self.lock = box, count(), threading.Lock()
        self.done: dict[int, tuple[int, str]] = {}
        self.sent = time.monotonic()

    def say(self, sentence: str) -> None:
        self.put(("say", sentence))

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        number = next(self.numbers)
        self.put(("open", number, name, total))
        try:
            yield _ToldStep(self, number)
        finally:
            self.put(("close", number))

    def advance(self, number: int, units: int, note: str) -> None:
        """Add to what is done of a step."""
        with self.lock:
            done, before = self.done.get(number, (0, ""))
            self.done[number] = (done + units, note or before)
        if time.monotonic() - self.sent > SECONDS_BETWEEN:
            self.put()

    def put(self, *events: Event) -> Any:
        """Send what is done so far, then `events`."""
        with self.lock:
            done, self.done = self.done, {}
            self.sent = time.monotonic()
            return self.box.put.remote([*(("advance", number, *one) for number, one in done.items()), *events])


class _ToldStep(Step):
    def __init__(self, told: Told, number: int) -> None:
        self.told, self.number = told, number

    def advance(self, count: int = 1, note: str = "") -> None:
        self.told.advance(self.number, count, note)

    def judged(self, epoch: int, train_loss: float, tune_loss: float | None) -> None:
        self.told.put(("judged", self.number, epoch, train_loss, tune_loss))


class Retelling:
    """Events become calls of a `Progress` again."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.open: dict[int, tuple[AbstractContextManager[Step], Step]] = {}

    def tell(self, event: Event) -> None:
        """Do what the first process did."""
        match event:
            case ("say", sentence):
                self.progress.say(sentence)
            case ("start", number) if number:
                self.close()
                self.progress.say("A process of the cluster was lost; all of them have been started again.")
            case ("open", number, name, total):
                manager = self.progress.step(name, total)
                self.open[number] = (manager, manager.__enter__())
            case ("advance", number, units, note):
                self.open[number][1].advance(units, note)
            case ("judged", number, epoch, train_loss, tune_loss):
                self.open[number][1].judged(epoch, train_loss, tune_loss)
            case ("close", number):
                self.open.pop(number)[0].__exit__(None, None, None)

    def close(self) -> None:
        """End what was open when its process was lost."""
        while self.open:
            self.open.popitem()[1][0].__exit__(None, None, None)


@contextmanager
def retold(box: Any, progress: Progress) -> Iterator[None]:
    """While inside, what is put into the actor `box` is told to `progress`, from a thread of its own; all of it by the end."""
    over = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="retelling") as threads:
        telling = threads.submit(_retell, box, progress, over)
        try:
            yield
        finally:
            over.set()
        telling.result()


def _retell(box: Any, progress: Progress, over: threading.Event) -> None:
    import ray

    retelling = Retelling(progress)
    try:
        last = False
        while not last:
            last = over.wait(SECONDS_BETWEEN)
            for event in ray.get(box.take.remote()):
                retelling.tell(event)
    finally:
        retelling.close()

"""Blocks of a long recording through a network on all cores, in their order, while the next ones are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import torch

from injerto.backbones.memory import keep_memory

T = TypeVar("T")
R = TypeVar("R")

WAITING = 2
"""Blocks a stream may have before it: one in work and one ready. More would only fill the memory."""


def streamed(compute: Callable[[T], R], blocks: Iterable[T], streams: int | None = None) -> Iterator[R]:
    """`compute` of every block, in order, by `streams` threads (None: as many as torch has), each on one core.

    Two cores in one small operator wait for each other more than they work. The caller's thread only reads the blocks; one
    shape for all of them is fastest. An error of `compute` is raised at its block's turn.
    """
    keep_memory()
    before = torch.get_num_threads()
    streams = streams or before
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(streams, initializer=torch.set_num_threads, initargs=(1,))

    def one(block: T) -> R:
        with torch.inference_mode():
            return compute(block)

    try:
        for block in blocks:
            waiting.append(pool.submit(one, block))
            if len(waiting) >= WAITING * streams:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
        torch.set_num_threads(before)  # a thread's own setting becomes the default of threads started later


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Neighbours together, `size` at a time; the last are as many as are left."""
    left = iter(items)
    while together := list(islice(left, size)):
        yield together

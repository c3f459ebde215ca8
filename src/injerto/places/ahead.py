"""Reading ahead: a store is slow to answer, so the files after the one that is worked on are on their way by then."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from injerto.places.address import Address
from injerto.places.spool import SPOOL

T = TypeVar("T")

THREADS = 16
"""Files on their way at once."""
WINDOW = 4 * THREADS
"""Files that are fetched, or on their way, before they are wanted."""


def ahead(items: Iterable[T], address_of: Callable[[T], Address | None]) -> Iterator[T]:
    """`items` as they are, while the files that the next ones name are being fetched; nothing is done where none has one."""
    coming: deque[T] = deque()
    pool: ThreadPoolExecutor | None = None
    left = True
    try:
        for item in items:
            address = address_of(item)
            if address is not None and pool is None:
                pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fetch")
            if pool is not None and address is not None:
                pool.submit(SPOOL.ahead, address)
            coming.append(item)
            if pool is None or len(coming) > WINDOW:
                yield coming.popleft()
        while coming:
            yield coming.popleft()
        left = False
    finally:
        if pool is not None:  # who goes away early wants nothing of what is not yet on its way
            pool.shutdown(wait=False, cancel_futures=left)

"""Items through Ray Data to workers and back: bounded amounts on the way, every item answered exactly once."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from injerto.backbones.engines import ENGINE_SETTING
from injerto.errors import ScaleError
from injerto.scale.cluster import Cluster
from injerto.scale.errand import Errand
from injerto.scale.worker import CONTENT, ERROR, LAST, NUMBER, PART, Worker, as_block
from injerto.version import __version__

WINDOW_BYTES = 256 * 1024**2
WINDOW_ITEMS = 2000
"""Items wait in the object store up to so many or so large, then the next are taken: a table may be larger than all of it."""
_STORE_SHARE = 0.25
"""Of the object store, what items may take; answers may take as much again, then workers wait until they are fetched."""
_QUEUED = 2
"""Items that lie with a worker: the one it works on and the next."""


def over_ray(
    cluster: Cluster, errand: Errand, items: Iterable[bytes], *, ordered: bool = True
) -> Iterator[tuple[int, list[bytes]]]:
    """The number of every item, from 0, with all parts of its answer; each once, in order or as they come.

    Ray does again what was lost with a worker or a machine. *Raises* ScaleError when a worker cannot go on.
    """
    first = 0
    for window in _windows(items, cluster.store_bytes):
        numbers = range(first, first + len(window))
        yield from _whole(_parts(_dataset(cluster, errand, window, numbers, ordered)), numbers)
        first += len(window)


def _windows(items: Iterable[bytes], store_bytes: int) -> Iterator[list[bytes]]:
    """Items that wait together; at least one."""
    most = min(WINDOW_BYTES, int(store_bytes * _STORE_SHARE)) or WINDOW_BYTES
    held: list[bytes] = []
    size = 0
    for item in items:
        if held and (size + len(item) > most or len(held) >= WINDOW_ITEMS):
            yield held
            held, size = [], 0
        held.append(item)
        size += len(item)
    if held:
        yield held


def _dataset(cluster: Cluster, errand: Errand, window: list[bytes], numbers: range, ordered: bool) -> Any:
    """The work as Ray Data plans it: a block an item, actors for the errand, limits for what lies between."""
    with _quietly():
        import ray
        from ray.data import ActorPoolStrategy, DataContext

        context = DataContext.get_current().copy()
        context.enable_progress_bars = context.print_on_execution_start = False
        context.execution_options.preserve_order = ordered
        limits = type(context.execution_options.resource_limits)
        context.execution_options.resource_limits = limits(object_store_memory=2 * _STORE_SHARE * cluster.store_bytes)
        count = min(cluster.workers, len(window))
        pool = ActorPoolStrategy(min_size=1, max_size=count, initial_size=count, max_tasks_in_flight_per_actor=_QUEUED)
        with DataContext.current(context):
            blocks = [as_block({NUMBER: [number], CONTENT: [item]}) for number, item in zip(numbers, window, strict=True)]
            return ray.data.from_arrow(blocks).map_batches(
                Worker,
                fn_constructor_args=(errand, __version__, settings_here()),
                batch_size=None,
                batch_format="pyarrow",
                zero_copy_batch=True,
                compute=pool,
                num_cpus=cluster.cpus,
                num_gpus=cluster.gpus or None,
            )


def _parts(dataset: Any) -> Iterator[dict[str, Any]]:
    """The answers' parts as Ray Data hands them over."""
    import ray

    batches = iter(dataset.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1))
    while True:
        try:
            with _quietly():
                batch = next(batches, None)
        except (ray.exceptions.RayError, ray.data.exceptions.RayDataUserCodeException) as slip:
            lines = str(slip).strip().splitlines()
            raise ScaleError(f"Ray could not finish the work: {lines[-1] if lines else slip!r}") from slip
        if batch is None:
            return
        yield from batch.to_pylist()


def _whole(parts: Iterable[dict[str, Any]], expected: range) -> Iterator[tuple[int, list[bytes]]]:
    """Answers all of whose parts are there; no item twice, none forgotten."""
    found: dict[int, dict[int, bytes]] = {}
    counts: dict[int, int] = {}
    done: set[int] = set()
    for one in parts:
        number = one[NUMBER]
        if one[ERROR]:
            raise ScaleError(f"{one[ERROR]}. The work was stopped.")
        if number in done:
            continue
        found.setdefault(number, {})[one[PART]] = one[CONTENT]
        if one[LAST]:
            counts[number] = one[PART] + 1
        if counts.get(number) == len(found[number]):
            done.add(number)
            whole = found.pop(number)
            yield number, [whole[place] for place in range(len(whole))]
    if missing := set(expected) - done:
        raise ScaleError(
            f"Ray ended without an answer to {len(missing):,} of {len(expected):,} pieces of work. Give the command again."
        )


def settings_here() -> dict[str, str]:
    """Settings of this machine that answers depend on."""
    return {name: os.environ[name] for name in (ENGINE_SETTING,) if name in os.environ}


@contextmanager
def _quietly() -> Iterator[None]:
    """Without Ray Data's account of its plans, and without its warnings of what its later versions will do."""
    logger = logging.getLogger("ray.data")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)

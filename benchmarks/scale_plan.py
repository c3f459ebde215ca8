"""How many machines a billion rows, 100 million photos or 10 million hours of sound would take, and what would hold them up.

    python benchmarks/scale_plan.py              the plan, from the costs below
    python benchmarks/scale_plan.py --check      the same simulation against real processes on this machine

Pieces of work are pulled by cores. A piece is fetched over its machine's network and the store's, worked on by one core, and
its answers are joined by one driver; a share of machines is lost on the way, with what they had in hand. Whatever is busy
nearly all the time is what holds the work up.
"""

from __future__ import annotations

import heapq
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from machine import machine

import injerto

CORES = 16
"""Of one machine."""
NETWORK = 1.25e9
"""Bytes a second that a machine receives: 10 Gbit/s."""
STORE = 20e9
"""Bytes a second that an object store gives to all of them."""
LOST_EACH_HOUR = 0.002
"""Share of the machines that are lost in an hour."""
MODEL: dict[str, injerto.Model] = {}


@dataclass(frozen=True)
class Stage:
    """One kind of work: what a piece of it costs. `serial` is what cannot be spread: it follows the rest on one machine."""

    name: str
    units: float
    piece: float
    """Units of a piece."""
    core_seconds: float
    """Of one unit on one core."""
    bytes: float
    """Of one unit, read."""
    driver_unit: float
    """Seconds of the driver for each unit, such as to keep its vector."""
    driver_piece: float
    """Seconds of the driver for a piece, whatever is in it."""
    serial: float = 0.0
    """Seconds that follow, whatever the number of machines."""

    @property
    def driver_seconds(self) -> float:
        """Of one piece."""
        return self.driver_piece + self.driver_unit * self.piece


CLIPS_AN_HOUR = 360
# Costs of one core as measured in docs/benchmarks.md and docs/scale.md; of the driver by benchmarks/ray_pieces.py. Pieces have
# the size that `scale/pieces.py` cuts, but for counting and encoding: one process writes half a million rows at once.
STAGES = [
    Stage("1 billion rows of 20 columns: answer", 1e9, 49_152, 1 / 50_000, 61, 1.4e-6, 0.0135),
    Stage("1 billion rows of 20 columns: count and encode", 1e9, 500_000, 1 / 240_000 + 1 / 450_000, 122, 0.7e-6, 0.0),
    Stage("100 million photos of 100 kB: vectors of efficientnet_lite0", 1e8, 1024, 1 / 190, 1e5, 31e-6, 0.0096),
    Stage(
        "10 million hours of sound (FLAC), clips of 10 s: vectors of mn04",
        1e7,
        1024 / CLIPS_AN_HOUR,
        3600 / 400,
        8e7,
        31e-6 * CLIPS_AN_HOUR,
        0.0096,
    ),
]


@dataclass(frozen=True)
class Outcome:
    """How long it took, and which share of that each thing was busy."""

    seconds: float
    busy: dict[str, float]
    again: int
    """Pieces that were worked on a second time."""


def simulate(
    stage: Stage, machines: int, *, cores: int = CORES, lost: float = LOST_EACH_HOUR, most_pieces: int = 20_000
) -> Outcome:
    """The work of `stage` on so many machines; many pieces are simulated as fewer, larger ones, ten a core at least."""
    pieces = max(1, round(stage.units / stage.piece))
    bundle = max(1, pieces // max(most_pieces, 10 * machines * cores))
    work = stage.piece * bundle
    fetch = work * stage.bytes
    workers = [(0.0, worker) for worker in range(machines * cores)]
    heapq.heapify(workers)
    left, store_free, network_free, driver_free = -(-pieces // bundle), 0.0, [0.0] * machines, 0.0
    fails = [(number + 1) * 3600 / (lost * machines) for number in range(1000)] if lost else []
    busy, again, end = dict.fromkeys(("cores", "network", "store", "driver"), 0.0), 0, 0.0
    while left:
        free, worker = heapq.heappop(workers)
        place = worker // cores
        store_free = max(store_free, free) + fetch / STORE
        network_free[place] = max(network_free[place], free) + fetch / NETWORK
        start = max(store_free, network_free[place])
        done = start + work * stage.core_seconds
        busy["store"] += fetch / STORE
        busy["network"] += fetch / NETWORK / machines
        busy["cores"] += work * stage.core_seconds / (machines * cores)
        heapq.heappush(workers, (done, worker))
        if fails and done > fails[0]:  # a machine goes, with a piece on each core; another takes its place
            fails.pop(0)
            again += cores
            left += cores
        left -= 1
        driver_free = max(driver_free, done) + stage.driver_seconds * bundle
        busy["driver"] += stage.driver_seconds * bundle
        end = max(end, driver_free)
    total = end + stage.serial
    return Outcome(total, {name: seconds / total for name, seconds in busy.items()}, again * bundle)


def plan() -> None:
    """Hours, and what holds the work up, by the number of machines."""
    counts = (1, 10, 100, 1000)
    print(f"Machines of {CORES} cores and {NETWORK * 8 / 1e9:.0f} Gbit/s, a store of {STORE / 1e9:.0f} GB/s, ", end="")
    print(f"{LOST_EACH_HOUR:.1%} of the machines lost each hour.\n")
    print("| work | " + " | ".join(f"{count:,} machine{'s' * (count > 1)}" for count in counts) + " |")
    print("|---|" + "---|" * len(counts))
    for stage in STAGES:
        cells = []
        for count in counts:
            found = simulate(stage, count)
            first = max(found.busy, key=lambda name: found.busy[name])
            cells.append(f"{_time(found.seconds)}, {first} {found.busy[first]:.0%}")
        print(f"| {stage.name} | " + " | ".join(cells) + " |")


def _time(seconds: float) -> str:
    return (
        f"{seconds / 86400:.1f} days"
        if seconds > 2 * 86400
        else f"{seconds / 3600:.1f} h"
        if seconds > 5400
        else f"{seconds / 60:.0f} min"
    )


def load(folder: str) -> None:
    """What a worker does before its first piece."""
    MODEL["answers"] = injerto.load(folder)


def answer(path: str) -> int:
    """What a worker does with a piece."""
    return len(MODEL["answers"].predict(path).frame)


def check() -> None:
    """Real processes answer real pieces; the simulation is given the cost of one process and says that of more."""
    rows, pieces = 40_000, 12
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        from scale_data import pieces as made

        frame = next(made(rows))[0]
        injerto.train(frame.head(5000), "bought", budget_seconds=20, out=folder / "model")
        paths = []
        for number in range(pieces):
            frame.write_parquet(folder / f"{number}.parquet")
            paths.append(str(folder / f"{number}.parquet"))
        alone = real(folder, paths, 1)
        stage = Stage("check", rows * pieces, rows, alone / (rows * pieces), 61, 0.0, 0.0)
        print(machine())
        print("\n| processes | measured s | simulated s |\n|---|---|---|")
        for count in (1, 2):
            measured = alone if count == 1 else real(folder, paths, count)
            simulated = simulate(replace(stage), 1, cores=count, lost=0)
            print(f"| {count} | {measured:.2f} | {simulated.seconds:.2f} |")


def real(folder: Path, paths: list[str], count: int) -> float:
    """Seconds in which so many processes, each on one thread, answer all pieces; starting them does not count."""
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=load, initargs=(str(folder / "model"),)
    ) as pool:
        list(pool.map(answer, paths[:1] * count * 2))
        started = time.perf_counter()
        list(pool.map(answer, paths))
        return time.perf_counter() - started


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else plan()

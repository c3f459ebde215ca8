"""A cluster of three nodes on this machine for the tests of Ray; without Ray they are skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from inline import patch

import injerto
from small import photo_folder

NODE = {"num_cpus": 1, "object_store_memory": 100 * 1024**2, "include_log_monitor": False}
SYSTEM = {"health_check_period_ms": 1000, "health_check_failure_threshold": 5}
"""A node that is gone is noticed in seconds: Ray's own patience would be longer than the tests."""


class Nodes:
    """Nodes that tests add and take away, at `address`."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        head = {"include_dashboard": False, "no_monitor": True, "_system_config": SYSTEM}
        self.cluster: Any = Cluster(initialize_head=True, head_node_args=NODE | head)
        self.address = f"ray://{self.cluster.address}"
        self.others = [self.add()]

    def add(self) -> Any:
        """One more node of one core."""
        return self.cluster.add_node(**NODE)

    def workers(self) -> list[int]:
        """The processes that hold a model, of this cluster only."""
        return self._processes("MapBatches(Worker)")

    def learners(self) -> list[int]:
        """The processes of Ray Train, of this cluster only."""
        return self._processes("RayTrainWorker")

    def _processes(self, kind: str) -> list[int]:
        from ray._private.state import actors

        found = [one for one in actors().values() if one["State"] == "ALIVE" and kind in one["ActorClassName"]]
        return [one["Pid"] for one in found]

    def lose(self) -> None:
        """A node goes without a word."""
        self.cluster.remove_node(self.others.pop(), allow_graceful=False)


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    pytest.importorskip("ray", reason="needs the extra 'ray'")
    before = dict(os.environ)
    os.environ |= {
        "RAY_USAGE_STATS_ENABLED": "0",
        "OMP_NUM_THREADS": "1",
        "RAY_raylet_start_wait_time_s": "120",
        "RAY_agent_register_timeout_ms": "120000",
    }
    found = Nodes()
    try:
        yield found
    finally:
        found.cluster.shutdown()
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this process."""
    patch(monkeypatch)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return photo_folder(tmp_path_factory.mktemp("photos"), each=20)


@pytest.fixture(scope="session")
def table(photos: Path) -> injerto.Table:
    """Photos of two classes, with a number."""
    frame = injerto.Table.read(photos).frame
    return injerto.Table.of(frame.with_columns(mass=pl.int_range(pl.len()).cast(pl.Float64) % 7), folder=photos)


@pytest.fixture(scope="session")
def given(table: injerto.Table, photos: Path) -> injerto.Table:
    """Such a table with a photo that is none, a cell without any, and a number that is none."""
    broken = photos / "broken.png"
    broken.write_bytes(b"no photo")
    mass = pl.when(pl.col("at") == 5).then(pl.lit("heavy")).otherwise(pl.col("mass").cast(pl.String))
    file = pl.when(pl.col("at") == 7).then(pl.lit("broken.png")).when(pl.col("at") == 9).then(None).otherwise("file")
    return injerto.Table.of(table.frame.with_row_index("at").with_columns(mass=mass, file=file).drop("at"), folder=photos)


@pytest.fixture(scope="session")
def model(table: injerto.Table) -> injerto.Model:
    return injerto.train(table, "class", seed=1, mode="probe", no_group=True)

"""A cluster of three nodes on this machine for the tests of Ray; without Ray they are skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

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

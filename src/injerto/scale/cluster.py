"""Join a Ray cluster for as long as work lasts, and see how many workers it has room for."""

from __future__ import annotations

import importlib.util
import logging
import os
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from injerto.errors import ScaleError
from injerto.scale.address import AUTO, Address, address_of
from injerto.schema.guess import counted

LOCAL = "local"
"""Ray's word for a cluster of this machine alone, started for the time."""
_PATIENCE_S = 5.0
_NAMED = "RAY_ADDRESS"
"""Ray's own setting of where the cluster is; `ray job submit` sets it."""
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""Unless they are set: Ray would tell its makers of every cluster that is started, and the terminal of what it mends itself."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that this process has joined, and how its workers are cut."""

    nodes: int
    workers: int
    """Actors at the same time: one for each GPU where there are any, else one for each core."""
    cpus: float
    gpus: float
    """What an actor asks for."""
    store_bytes: int
    """Of the object store, all machines together."""

    @property
    def words(self) -> str:
        """Its size, in a few words."""
        return f"Ray: {counted(self.nodes, 'machine')}, {counted(self.workers, 'worker')}"


@contextmanager
def joined(on: str) -> Iterator[Cluster]:
    """The cluster that `on` means, joined within and left afterwards. One that a program has joined before stays joined.

    *Raises* ScaleError when Ray is not installed, or there is no such cluster.
    """
    address = address_of(on)
    require_ray()
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    import ray

    mine = not ray.is_initialized()
    if mine:
        _join(ray, address)
    elif address.host and ray.get_runtime_context().gcs_address != address.place:
        raise ScaleError(
            f"This program has joined another cluster, at {ray.get_runtime_context().gcs_address}, and can be part of one "
            f"only. Leave it with ray.shutdown(), or give 'ray' instead of '{on}'."
        )
    try:
        yield _measured(ray)
    finally:
        if mine:
            ray.shutdown()


def require_ray() -> None:
    """*Raises* ScaleError when Ray is not installed."""
    if importlib.util.find_spec("ray") is None or importlib.util.find_spec("pyarrow") is None:
        raise ScaleError("Work on a cluster needs Ray, which is not installed. Install it with: pip install 'injerto[ray]'.")


def _join(ray: Any, address: Address) -> None:
    """Join the cluster that is meant, or start one here where none is asked to run already."""
    place = address.place if address.host else os.environ.get(_NAMED, "")
    if place:
        _require_listener(place, "" if address.host else f" (the setting {_NAMED})")
    else:
        place = _noted()
        if place and not _listens(place):  # what a cluster that was killed left behind: Ray itself would try it for minutes
            if address.running:
                raise _unreachable(AUTO, f"the one that was started last, {place}, does not answer any more")
            place = LOCAL
    _init(ray, place or AUTO, may_start=not address.running and not os.environ.get(_NAMED))


def _init(ray: Any, place: str, *, may_start: bool) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Ray will do otherwise in a later version
        try:
            if place == LOCAL:
                ray.init(address=LOCAL, include_dashboard=False, **quiet)
            else:
                ray.init(address=place, **quiet)
        except ConnectionError as slip:
            if not may_start or place != AUTO:
                raise _unreachable(place, str(slip)) from slip
            ray.init(address=LOCAL, include_dashboard=False, **quiet)
        except (RuntimeError, ValueError, OSError) as slip:
            raise _unreachable(place, str(slip)) from slip


def _noted() -> str:
    """Where the cluster is that was started last on this machine, as Ray notes it in a file."""
    try:
        return Path(os.environ.get("RAY_TMPDIR", tempfile.gettempdir()), "ray", "ray_current_cluster").read_text().strip()
    except OSError:
        return ""


def _listens(place: str) -> bool:
    try:
        _require_listener(place, "")
    except ScaleError:
        return False
    return True


def _require_listener(place: str, whence: str) -> None:
    """Ask the port first: Ray itself would try for minutes."""
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S).close()
    except (OSError, ValueError) as slip:
        raise _unreachable(f"{place}{whence}", getattr(slip, "strerror", None) or str(slip)) from slip


def _unreachable(place: str, reason: str) -> ScaleError:
    which = "No Ray cluster runs on this machine" if place == AUTO else f"The Ray cluster at {place} cannot be reached"
    return ScaleError(
        f"{which}: {reason.strip().rstrip('.')}. Start one with 'ray start --head' on its first machine, join it with "
        "'ray start --address=HOST:6379' on the others, and give this command on one of them; 'ray status' says who is there."
    )


def _measured(ray: Any) -> Cluster:
    whole = ray.cluster_resources()
    cores, gpus = int(whole.get("CPU", 0)), int(whole.get("GPU", 0))
    if not cores:
        raise ScaleError("The Ray cluster offers no processor to compute on. Start its machines without --num-cpus=0.")
    nodes = [node for node in ray.nodes() if node["Alive"]]
    workers = min(gpus, cores) if gpus else cores
    return Cluster(len(nodes), workers, 1.0, 1.0 if gpus else 0.0, int(whole.get("object_store_memory", 0)))

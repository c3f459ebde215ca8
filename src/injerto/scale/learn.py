"""One training in several processes of a cluster: Ray Train starts them, and all of them again when one is lost."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from injerto.errors import ScaleError, TrainingError
from injerto.progress import Progress
from injerto.scale.cluster import Cluster, joined
from injerto.scale.over_ray import settings_here
from injerto.scale.retelling import Box, Told, retold
from injerto.scale.slip import packed, unpacked
from injerto.schema.guess import counted
from injerto.together import LostError, lead
from injerto.version import __version__

MOST_LOSSES = 3
"""So often processes are started again."""
_MOST_WAITS = 2
"""So often Ray waits a minute more until there is room for all of them."""
_DONE = b""
_LIGHT = {"RAY_TRAIN_METRICS_ENABLED": "0", "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0"}
"""Unless they are set: what Ray Train would start besides. Each epoch is kept, so a machine may go without a word."""


@dataclass(frozen=True)
class Order:
    """What every process is told; all of it travels."""

    work: list[Any]
    """A reference to what the first process does, given who watches."""
    folder: str
    """Where the command was given: relative paths start here, on every machine."""
    shared: str
    """A folder beside the model to be, which is there as long as the command runs."""
    box: Any
    version: str
    settings: dict[str, str]


def require_cluster(on: str | None, out: Path | None, processes: int) -> tuple[str, Path]:
    """`on` and `out`. *Raises* ScaleError where processes have no cluster to be started on, or no place for their model."""
    if processes < 1:
        raise ScaleError(f"A training of {processes} processes cannot be: give 1 or more.")
    if on is None:
        raise ScaleError(
            "Several processes are started on a Ray cluster only: add --on ray (in Python on='ray'). Without one, start them "
            f"yourself: torchrun --nproc-per-node {processes} -m injerto train ..., without --processes."
        )
    if out is None:
        raise ScaleError("A training in processes of a cluster needs 'out': a folder for the model, which its machines share.")
    return on, out


def learn(work: Callable[[Progress], object], out: Path, on: str, processes: int, progress: Progress) -> None:
    """Let `work` be done by the first of several `processes`, with the help of the others; it writes a model folder at `out`.

    *Raises* what `work` raises, ScaleError when the cluster cannot be used, TrainingError when processes are lost again and
    again.
    """
    for name, value in _LIGHT.items():
        os.environ.setdefault(name, value)
    with joined(on) as cluster:
        _require_room(cluster, processes)
        progress.say(f"Learned by {counted(processes, 'process', 'processes')} together. {cluster.words}.")
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.shared-", dir=out.parent.resolve()) as shared:
            found = _found(cluster, work, shared, processes, progress)
    if found != _DONE:
        raise unpacked(found)
    if not out.is_dir():
        raise ScaleError(
            f"The training has ended, but this machine sees no model at '{out.resolve()}'. Give an --out in a folder that all "
            "machines of the cluster see under the same path, such as a network drive."
        )


def _require_room(cluster: Cluster, processes: int) -> None:
    if processes > cluster.workers:
        unit = "GPU" if cluster.gpus else "core"
        raise ScaleError(
            f"{processes} processes were asked for, and the cluster has room for {cluster.workers}: each takes a {unit}. "
            f"Give --processes {cluster.workers} or fewer, or add machines with 'ray start --address=HOST:PORT'."
        )


def _found(cluster: Cluster, work: Callable[[Progress], object], shared: str, processes: int, progress: Progress) -> bytes:
    """How the training ended: nothing, or a mistake, packed."""
    import ray

    with _patiently():
        box = _box(ray)
        order = Order([ray.put(work)], os.getcwd(), shared, box, __version__, settings_here())
        trainer = _trainer(cluster, order, processes)
        try:
            with retold(box, progress):
                trainer.fit()
        except SystemExit:  # Ray Train takes Ctrl-C for itself
            raise KeyboardInterrupt from None
        except (ray.train.TrainingFailedError, ray.exceptions.RayError) as slip:
            found: bytes | None = ray.get(box.ended.remote())
            if found is None:
                raise TrainingError(_given_up(slip)) from slip
        else:
            found = ray.get(box.ended.remote())
    if found is None:  # or it ends without a word
        raise KeyboardInterrupt
    return found


def _box(ray: Any) -> Any:
    """On this machine, which is the one that must stay."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return ray.remote(Box).options(num_cpus=0, scheduling_strategy=here).remote()


def _trainer(cluster: Cluster, order: Order, processes: int) -> Any:
    import ray.train
    from ray.train.torch import TorchConfig, TorchTrainer

    kinds: Any = ray.train
    each = {"CPU": cluster.cpus} | ({"GPU": cluster.gpus} if cluster.gpus else {})
    losses = kinds.FailureConfig(max_failures=MOST_LOSSES, controller_failure_limit=_MOST_WAITS)
    return TorchTrainer(
        _take_part,
        train_loop_config={"order": order},
        torch_config=TorchConfig(backend="gloo"),  # the one that `lead` speaks through; between GPUs it adds NCCL
        scaling_config=kinds.ScalingConfig(num_workers=processes, use_gpu=bool(cluster.gpus), resources_per_worker=each),
        run_config=kinds.RunConfig(name="injerto", storage_path=order.shared, failure_config=losses),
    )


def _take_part(told: dict[str, Any]) -> None:
    """What each process does. Where it raises, Ray Train starts all of them again."""
    import ray

    order: Order = told["order"]
    helps = ray.train.get_context().get_world_rank() > 0
    if helps or ray.get(order.box.start.remote()) is not None:  # all was done when a process was lost
        lead(lambda: None)
    else:
        _be_first(order)


def _be_first(order: Order) -> None:
    """A mistake goes into the box, as Ray's own way of telling buries it, and trying again would not mend it."""
    import ray

    try:
        lead(partial(_do, order))
    except LostError:
        raise
    except Exception as slip:
        ray.get(order.box.end.remote(packed(slip)))


def _do(order: Order) -> None:
    import ray

    _require_same(order)
    os.environ |= order.settings
    told = Told(order.box)
    try:
        with chdir(order.folder):
            ray.get(order.work[0])(told)
    finally:
        ray.get(told.put())
    ray.get(order.box.end.remote(_DONE))


def _require_same(order: Order) -> None:
    host = socket.gethostname()
    if order.version != __version__:
        raise ScaleError(
            f"The first process, on {host}, has Injerto {__version__}, the command came from {order.version}. Install the same "
            "there."
        )
    for folder in (order.folder, order.shared):
        if not os.path.isdir(folder):
            raise ScaleError(
                f"The first process, on {host}, does not see the folder '{folder}', of the command or its --out. "
                "Give the command, and an --out, in a folder that all machines of the cluster see under the same path, such as "
                "a network drive."
            )


def _given_up(slip: Exception) -> str:
    lines = [line for line in str(slip).splitlines() if line.strip()]
    return (
        f"Ray could not finish the training, after it had started the processes again up to {MOST_LOSSES} times: "
        f"{lines[-1].strip() if lines else repr(slip)}. Give the same command again: it goes on from the last whole epoch."
    )


@contextmanager
def _patiently() -> Iterator[None]:
    """Without Ray's warnings of what its later versions will do, and with the same Ctrl-C afterwards as before."""
    hears = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if hears:
            signal.signal(signal.SIGINT, before)

"""Several processes as one: the first does everything, the others help it through what takes long, and nobody else writes.

`torchrun` starts the same command in each process. In `lead`, process 0 goes through the whole program; the others wait for
tasks. A task goes to all of them at once, as it stands in process 0, so that all that was decided before it was decided by one.
Alone, everything here does nothing.
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
from torch.distributed.rendezvous import rendezvous

from injerto.draws import Share, hold
from injerto.errors import InjertoError, TrainingError

PATIENCE = timedelta(minutes=5)
"""How long a process waits for another's part of a step: longer than a file takes to come over a slow network."""
FAREWELL_SECONDS = 10.0
"""How long process 0 waits for the others to have heard that the work is done."""
_LOOK_SECONDS = 0.02

T = TypeVar("T")


class Task(ABC):
    """A piece of work that processes share, sent to the others as it stands; what it finds there comes back."""

    @abstractmethod
    def help(self) -> Any:
        """Do another process's part."""


@dataclass
class _Group:
    """The processes that work together, seen from one of them."""

    rank: int
    size: int
    store: dist.distributed_c10d.Store
    gloo: dist.ProcessGroup
    nccl: dist.ProcessGroup | None = None
    """The same ones for what lies on GPUs; None where two of them share one, or one has none."""
    tasks: int = 0
    sharing: bool = False


class _Stopped(BaseException):
    """This process is to end: who started it wants it, or process 0 has failed and said why."""


_groups: list[_Group] = []
_calls = count()


def lead(work: Callable[[], T], *, patience: timedelta = PATIENCE) -> T | None:
    """Do `work` in process 0 with the help of the others, where this returns None once the work is done.

    To be called in every process: under `torchrun`, or where torch.distributed has been initialised, as Ray Train does.

    *Raises* TrainingError when a process is lost.
    """
    group = _join(patience)
    try:
        with _told_to_end():
            if group.rank == 0:
                return _do(group, work)
            _help_out(group)
            return None
    finally:
        _groups.clear()
        # A process that lives on, as Ray's do, lets go of those that still wait for its part of a step.
        if group.nccl is not None:
            dist.destroy_process_group(group.nccl)
        dist.destroy_process_group(group.gloo)


def processes() -> int:
    """How many there are."""
    return _groups[0].size if _groups else 1


def place() -> int:
    """The number of this process, from 0."""
    return _groups[0].rank if _groups else 0


def sharing() -> bool:
    """Whether a task is under way in which others do their part."""
    return bool(_groups) and _groups[0].sharing


@contextmanager
def shared(task: Task) -> Iterator[None]:
    """While inside, the others `help` with `task`. Alone it goes on as ever."""
    if not _groups:
        yield
        return
    group = _groups[0]
    _send(group, task)
    with _in_step(group):
        yield
    _results(group)


def done_by_all(task: Task, own: Callable[[], T]) -> list[T]:
    """What each process makes of its part of `task`: process 0, which calls this, by `own`, the others by the task's `help`."""
    group = _groups[0]
    _send(group, task)
    return [own(), *_results(group)]


def part_of(rows: Tensor) -> Tensor:
    """Of the rows of a batch, those that this process takes. A batch of fewer rows than processes is everyone's."""
    share = _share(len(rows))
    return rows if share is None else rows[share.first :: share.step]


def turn_to(rows: int) -> None:
    """From now on what is drawn is drawn for this process's part of a batch of `rows`."""
    hold(_share(rows))


def _share(rows: int) -> Share | None:
    if not sharing():
        return None
    group = _groups[0]
    return Share(rows, group.rank, group.size) if rows >= group.size else Share(rows, 0, 1)


def total(value: Tensor) -> Tensor:
    """The sum of `value` over the processes that share a task; `value` itself alone. No gradient passes through."""
    if not sharing():
        return value
    value = value.detach().clone()
    with _others():
        return _added(value, _groups[0])


def _added(value: Tensor, group: _Group) -> Tensor:
    """From one GPU to another where that is possible, else by way of the processors."""
    straight = value.is_cuda and not value.is_sparse and group.nccl is not None
    told = value if straight else value.cpu()
    dist.all_reduce(told, group=group.nccl if straight else group.gloo)
    return told.to(value.device)


def summed(value: Tensor) -> Tensor:
    """As `total`, and what is asked of the sum on the way back is asked of each part of it."""
    found: Tensor = _Sum.apply(value)  # type: ignore[no-untyped-call]
    return found


class _Sum(torch.autograd.Function):
    """Each process's loss depends on the sum, so the gradient of the part that this process gave is summed, too."""

    @staticmethod
    def forward(ctx: FunctionCtx, value: Tensor) -> Tensor:
        return total(value)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> Tensor:
        whole: Tensor = total(grad)
        return whole


def agreed(value: T) -> T:
    """What process 0 says."""
    if not sharing():
        return value
    told = [value]
    with _others():
        dist.broadcast_object_list(told, src=0, group=_groups[0].gloo)
    return told[0]


def add_up(parameters: Sequence[nn.Parameter], loss: Tensor) -> Tensor:
    """Let every gradient be the sum over processes; the sum of `loss` (), too, is given back. Alone nothing happens.

    All that is dense goes in one message after the backward pass. torch's DistributedDataParallel sends its first parts while
    later ones are computed, but it wants every process to use every parameter of one `forward`, and takes no gradient that
    holds only the rows of a batch; ours are sums, not means, as processes hold different numbers of known labels.
    """
    if not sharing():
        return loss
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    dense = [gradient for gradient in gradients if not gradient.is_sparse]
    for parameter in parameters:
        if parameter.grad is not None and parameter.grad.is_sparse:
            parameter.grad = total(parameter.grad.coalesce())
    flat = total(torch.cat([loss.detach().reshape(1), *(gradient.reshape(-1) for gradient in dense)]))
    whole, *parts = flat.split([1, *(gradient.numel() for gradient in dense)])
    for gradient, part in zip(dense, parts, strict=True):
        gradient.copy_(part.view(gradient.shape))
    found: Tensor = whole[0]
    return found


def _join(patience: timedelta) -> _Group:
    _take_gpu()
    if not dist.is_initialized():
        store, rank, size = next(rendezvous("env://", timeout=patience))
        # After a loss torchrun starts all processes anew beside a store that still has the addresses of those that are gone.
        anew = dist.distributed_c10d.PrefixStore(f"start {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
        dist.init_process_group("gloo", store=anew, rank=rank, world_size=size, timeout=patience)
    gloo = dist.new_group(backend="gloo", timeout=patience)
    assert gloo is not None
    # What an earlier call wrote there is nothing to this one.
    store = dist.distributed_c10d.PrefixStore(f"injerto {next(_calls)}", dist.distributed_c10d._get_default_store())
    group = _Group(dist.get_rank(), dist.get_world_size(), store, gloo, _between_gpus(gloo, patience))
    _groups[:] = [group]
    return group


def _take_gpu() -> None:
    """Let processes of one machine use its GPUs in turn, each one of its own as long as there are enough."""
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())


def _between_gpus(gloo: dist.ProcessGroup, patience: timedelta) -> dist.ProcessGroup | None:
    """NCCL, if every process has a GPU of its own: it refuses two that share one."""
    gpus: list[str | None] = [None] * dist.get_world_size()
    dist.all_gather_object(gpus, _own_gpu(), group=gloo)
    if None in gpus or len(set(gpus)) < len(gpus):
        return None
    found: dist.ProcessGroup | None = dist.new_group(backend="nccl", timeout=patience)
    return found


def _own_gpu() -> str | None:
    """Which one, of all machines, this process has taken; None where NCCL cannot use it."""
    if not (torch.cuda.is_available() and dist.is_nccl_available()):
        return None
    return str(torch.cuda.get_device_properties(torch.cuda.current_device()).uuid)


@contextmanager
def _told_to_end() -> Iterator[None]:
    """SIGTERM, by which `torchrun` ends what is left of a group, is an exception inside: there is something to say."""
    if not _hears_signals():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is _stop:
            signal.signal(signal.SIGTERM, before)


def _hears_signals() -> bool:
    return threading.current_thread() is threading.main_thread()


def _stop(number: int, frame: object) -> None:
    _end_in_peace()
    raise _Stopped


def _end_in_peace() -> None:
    """From now on SIGTERM changes nothing: this process is ending, and has half a minute to say why."""
    if _hears_signals():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _do(group: _Group, work: Callable[[], T]) -> T:
    try:
        found = work()
    except SystemExit:  # a command line's way to end
        _dismiss(group)
        raise
    except BaseException as error:
        group.store.set("told", "")  # the others have nothing to add
        if isinstance(error, _Stopped):
            raise TrainingError(_lost("this one was told to end, as happens when another has ended")) from None
        raise
    _dismiss(group)
    return found


def _dismiss(group: _Group) -> None:
    """Tell the others that all is done; where the first process keeps what they ask, they must have heard it before it ends."""
    group.store.set(f"task {group.tasks}", "end")
    waiting_since = time.monotonic()
    while group.store.add("gone", 0) < group.size - 1 and time.monotonic() - waiting_since < FAREWELL_SECONDS:
        time.sleep(_LOOK_SECONDS)


def _help_out(group: _Group) -> None:
    """Help until all is done. *Raises* TrainingError when a process is lost and neither process 0 nor another has said so.

    It does not wait for process 0 to say it: that may learn of it only when this process has gone, too.
    """
    try:
        _follow(group)
    except KeyboardInterrupt:
        return  # process 0 was interrupted, too, and says so
    except (LostError, _Stopped) as error:
        with suppress(RuntimeError):  # what is asked may have gone with process 0
            if group.store.check(["told"]) or group.store.add("told by another", 1) > 1:
                return
        raise TrainingError(str(error) or _lost("this one was told to end")) from None


def _follow(group: _Group) -> None:
    while True:
        _wait(group, f"task {group.tasks}")
        if group.store.get(f"task {group.tasks}") == b"end":
            group.store.add("gone", 1)
            return
        task = _received(group)
        with _in_step(group):
            found = task.help()
        _give(group, found)


def _send(group: _Group, task: Task) -> None:
    content = _packed(task)
    group.store.set(f"task {group.tasks}", str(len(content)))
    group.tasks += 1
    with _others():
        dist.broadcast(content, src=0, group=group.gloo)


def _received(group: _Group) -> Task:
    content = torch.empty(int(group.store.get(f"task {group.tasks}")), dtype=torch.uint8)
    group.tasks += 1
    with _others():
        dist.broadcast(content, src=0, group=group.gloo)
    task: Task = _unpacked(content)
    return task


def _results(group: _Group) -> list[Any]:
    """What the others found. Nobody sends before all are there to receive: parts of a task may take hours, and not alike."""
    group.store.set(f"asked {group.tasks}", "")
    found = []
    for rank in range(1, group.size):
        key = f"found {group.tasks} {rank}"
        _wait(group, key)
        content = torch.empty(int(group.store.get(key)), dtype=torch.uint8)
        with _others():
            dist.recv(content, src=rank, group=group.gloo)
        found.append(_unpacked(content))
    return found


def _give(group: _Group, found: object) -> None:
    content = _packed(found)
    _wait(group, f"asked {group.tasks}")
    group.store.set(f"found {group.tasks} {group.rank}", str(len(content)))
    with _others():
        dist.send(content, dst=0, group=group.gloo)


def _packed(content: object) -> Tensor:
    return torch.frombuffer(bytearray(pickle.dumps(content)), dtype=torch.uint8)


def _unpacked(content: Tensor) -> Any:
    """What another process of this very command has packed: never a file, never a stranger's."""
    return pickle.loads(content.numpy().tobytes())


@contextmanager
def _in_step(group: _Group) -> Iterator[None]:
    group.sharing = True
    try:
        yield
    finally:
        group.sharing = False
        hold(None)


def _wait(group: _Group, key: str) -> None:
    """Until another process has written `key`, however long that takes: who started them ends those that are left."""
    with _others():
        while not group.store.check([key]):
            if group.store.check(["told"]):
                raise _Stopped
            time.sleep(_LOOK_SECONDS)


class LostError(TrainingError):
    """A process is no longer there."""


@contextmanager
def _others() -> Iterator[None]:
    """What goes wrong between processes, in words."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, InjertoError):
            raise
        _end_in_peace()
        raise LostError(_lost(_first_words(str(error)))) from error


def _first_words(said: str) -> str:
    """What the library for messages says, without where in its source it says it and what it advises.

    Example:
        >>> _first_words("[/gloo/pair.cc:553] Connection closed by peer [127.0.0.1]:14009. This is typically caused by ...")
        'Connection closed by peer [127.0.0.1]:14009'
    """
    return re.sub(r"^\[[^\]]*\]\s*", "", said).split(". ")[0].splitlines()[0]


def _lost(found: str) -> str:
    return (
        f"One of the {processes()} processes that work together was lost: killed, out of memory or cut off ({found}). "
        "The others cannot go on without it. Give the same command again: it goes on from the last whole epoch."
    )

"""What networks do that learn on a pretended device, in a process of its own, and on the processor; the tests compare."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from injerto.errors import TrainingError
from injerto.learning import device, loop
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.loop import learn
from injerto.learning.plan import Plan
from injerto.progress import Silent, Step
from made_learners import LEARNERS, SHORT, Learning, losses_of
from pretended_device import DEVICE

HERE, THERE = device.device_of, lambda plan: DEVICE
Found = dict[str, Tensor]


def learned(name: str, where: Callable[[Plan], torch.device]) -> Found:
    """Losses and weights of a run, which ends on the processor with the same parameters."""
    loop.device_of = where
    with tempfile.TemporaryDirectory() as folder:
        example = LEARNERS[name](Path(folder) / "files")
        before = dict(example.network.named_parameters())
        history = example.go(Path(folder) / "run.safetensors")
    for key, parameter in example.network.named_parameters():
        assert parameter is before[key], f"{key} is another parameter than before"
    return {"losses": losses_of(history)} | weights(example.network)


def weights(network: nn.Module) -> Found:
    """All that was learned. *Raises* AssertionError where any of it is not on the processor."""
    for key, tensor in network.state_dict().items():
        assert type(tensor) is Tensor and tensor.is_cpu, f"{key} was left on {tensor.device}"
    return dict(network.state_dict())


class Killed(Exception):
    """Stands for `kill -9` right after an epoch was saved."""


class Mortal(Checkpoint):
    """A checkpoint whose process dies after its first epoch; the best weights it is given lie on the processor."""

    def save(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """As ever, and then the end."""
        assert all(value.is_cpu for key, value in tensors.items() if key.startswith("best:"))
        super().save(tensors, facts)
        raise Killed


def resumed(first: Callable[[Plan], torch.device], second: Callable[[Plan], torch.device]) -> Found:
    """What a run ends with that was killed after its first epoch and given again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.safetensors"
        killed, again = (LEARNERS["photos"](Path(folder) / name) for name in ("killed", "again"))
        loop.device_of = first
        try:
            learn(killed.network, killed.source, killed.train, killed.tune, killed.plan, Mortal(path), Silent())
        except Killed:
            weights(killed.network)
        loop.device_of = second
        return {"losses": losses_of(again.go(path))} | weights(again.network)


class Impatient(Silent):
    """Somebody who presses Ctrl-C after the first step."""

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        """It is not waited for its end."""
        yield Pressed()


class Pressed(Step):
    """Of that somebody."""

    def advance(self, count: int = 1, note: str = "") -> None:
        """The first step is done."""
        if count:
            raise KeyboardInterrupt


def interrupted() -> Found:
    """The weights of a run that was interrupted within an epoch."""
    loop.device_of = THERE
    with tempfile.TemporaryDirectory() as folder:
        example = LEARNERS["photos"](Path(folder))
        try:
            learn(example.network, example.source, example.train, example.tune, example.plan, Checkpoint(None), Impatient())
        except KeyboardInterrupt:
            return weights(example.network)
    raise AssertionError("it was not interrupted")


def full(batch_rows: int) -> str:
    """What is said when the device's memory is full; `batch_rows` were asked for."""
    loop.device_of = THERE
    with tempfile.TemporaryDirectory() as folder:
        example = LEARNERS["photos"](Path(folder))
        example.network.register_forward_pre_hook(_full)
        try:
            asked = replace(example.plan, batch_rows=batch_rows)
            Learning(example.network, example.source, example.train, example.tune, asked).go()
        except TrainingError as error:
            weights(example.network)
            return str(error)
    raise AssertionError("it found room")


def _full(network: nn.Module, batch: object) -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def main(out: Path) -> None:
    """Play all of it and write what was found."""
    found = {f"{name}, there": learned(name, THERE) for name in LEARNERS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "half_bits_on", lambda where: where.type if where == DEVICE else None)
        found |= {f"{name}, half": learned(name, THERE) for name in SHORT}
    found |= {
        "resumed here": resumed(THERE, HERE),
        "resumed there": resumed(HERE, THERE),
        "interrupted": interrupted(),
    }
    for name, tensors in found.items():
        save_file({key: value.contiguous() for key, value in tensors.items()}, out / f"{name}.safetensors")
    for batch_rows in (6, 1):
        (out / f"full at {batch_rows}.txt").write_text(full(batch_rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

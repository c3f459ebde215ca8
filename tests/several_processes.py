"""What several processes do in tests of `injerto.together`, started by `torch.distributed.run` with a folder and scenes.

The test plays the same scene alone and compares.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

import made_individuals
from injerto.backbones.batch_norm import BatchNorm2d
from injerto.backbones.cache import VectorCache
from injerto.backbones.extract_together import extract_together
from injerto.backbones.networks import build
from injerto.embedders.lookup import Lookup
from injerto.errors import TrainingError
from injerto.features.image import ImageFeature
from injerto.learning import loop
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.individual_source import IndividualSource
from injerto.learning.loop import learn, weights_of
from injerto.learning.plan import Plan
from injerto.progress import Silent
from injerto.schema.schema import Input
from injerto.together import Task, done_by_all, lead, part_of, place, processes, shared, total, turn_to

sys.path.insert(0, str(Path(__file__).parent / "learning"))  # what their tests stand on
sys.path.insert(0, str(Path(__file__).parent / "backbones"))
from media_columns import column_of, photos
from networks import made

TRAIN, TUNE = torch.arange(0, 251), torch.arange(251, 330)
"""The last batch of 50 has one row."""
PLAN = Plan(name="network", epochs=3, batch_rows=50, learning_rate=3e-3, seed=5, average=0.9)


def table(*, long: bool = False) -> dict[str, Tensor]:
    """Losses and weights of a network over table columns, where every third row and the first 50 have no label."""
    example = made()
    labels = example.examples.labels["species"]
    known = labels.known & (torch.arange(len(labels.known)) % 3 > 0)
    known[:50] = False
    example.examples.labels["species"] = replace(labels, known=known)
    for part in example.network.modules():
        if isinstance(part, Lookup):
            part.long = long
    history = learn(example.network, example.source, TRAIN, TUNE, PLAN, Checkpoint(None), Silent())
    losses = torch.tensor([[epoch.train_loss, epoch.tune_loss] for epoch in history.epochs], dtype=torch.float64)
    return {"losses": losses} | weights_of(example.network)


def rows_of_long_tables() -> dict[str, Tensor]:
    """The same, with gradients that hold only the rows of a batch."""
    return table(long=True)


def individuals() -> dict[str, Tensor]:
    """Losses of a network of individuals, of varied and mirrored photos, with dropout; the last batch has two rows."""
    plan = Plan(name="individuals", epochs=2, batch_rows=5, learning_rate=1e-4, seed=5, backbone=True)
    with tempfile.TemporaryDirectory() as folder:
        example = made_individuals.made(Path(folder))
    source = IndividualSource(example.network, example.photos, augment=True)
    rows = torch.arange(len(example.table))
    history = learn(example.network, source, rows, rows[:7], plan, Checkpoint(None), Silent())
    return {"losses": torch.tensor([[epoch.train_loss, epoch.tune_loss] for epoch in history.epochs], dtype=torch.float64)}


@dataclass
class Normed(Task):
    """A batch-norm over a batch that processes share, forth and back."""

    norm: BatchNorm2d
    batch: Tensor
    weight: Tensor

    def help(self) -> tuple[Tensor, Tensor]:
        rows = torch.arange(len(self.batch))
        turn_to(len(rows))
        mine = part_of(rows)
        part = self.batch[mine].requires_grad_()
        output = self.norm(part)
        (output * self.weight[mine]).sum().backward()
        return output.detach(), part.grad


def batch_norm() -> dict[str, Tensor]:
    """Outputs, gradients of inputs, and running statistics; of a shared batch in its own order."""
    norm = BatchNorm2d(3, eps=1e-5).train()
    torch.manual_seed(0)
    task = Normed(norm, torch.randn(7, 3, 4, 5) * 3 + 1, torch.randn(7, 3, 4, 5))
    if processes() == 1:
        output, grad = task.help()
    else:
        with shared(task):
            mine = task.help()
            output, grad = (both(part, len(task.batch)) for part in mine)
    return {"output": output, "grad": grad, "mean": norm.running_mean.clone(), "variance": norm.running_var.clone()}


def both(part: Tensor, rows: int) -> Tensor:
    """This process's rows of a batch in their places; the other's are zero."""
    whole = torch.zeros(rows, *part.shape[1:])
    whole[place() :: processes()] = part
    return whole


class Mine(Task):
    """Something that differs from process to process."""

    def help(self) -> int:
        return 10 + place()


def results() -> dict[str, Tensor]:
    """What each process found, in their order."""
    return {"found": torch.tensor(done_by_all(Mine(), lambda: 10) if processes() > 1 else [10])}


def files() -> dict[str, Tensor]:
    """Vectors of 11 photos, of which one is damaged and one is not named, and which rows are in the ledger."""
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        names: list[str | None] = list(photos(Path(folder), 11))
        (Path(folder) / "4.png").write_bytes(b"rubbish")
        names[7] = None
        feature = ImageFeature("media", Input(kind="image")).suit("efficientnet_lite0", 32)
        with VectorCache(Path(folder) / "cache") as cache:
            found = extract_together(
                feature,
                column_of(names, Path(folder), first_row=100),
                build("efficientnet_lite0"),
                engine="eager",
                cache=cache,
                progress=Silent(),
            )
    rows = torch.tensor([entry.row for entry in found.ledger])
    masks = torch.from_numpy(found.readable), torch.from_numpy(found.empty)
    counts = torch.tensor([found.computed, len(found.ledger)])
    return {"values": found.values, "readable": masks[0], "empty": masks[1], "rows": rows, "counts": counts}


class Dies(Task):
    """The last process is killed in the middle of a task."""

    def help(self) -> None:
        for step in range(1000):
            if step == 3 and place() == processes() - 1:
                os.kill(os.getpid(), signal.SIGKILL)
            total(torch.ones(1))


class Sleeps(Task):
    """The last process no longer answers."""

    def help(self) -> None:
        if place() == processes() - 1:
            time.sleep(60)
        total(torch.ones(1))


def played(task: Task) -> dict[str, Tensor]:
    """Do a task together."""
    with shared(task):
        task.help()
    return {}


SCENES = {
    "table": table,
    "rows of long tables": rows_of_long_tables,
    "individuals": individuals,
    "individuals elsewhere": individuals,
    "batch norm": batch_norm,
    "results": results,
    "files": files,
    "dies": lambda: played(Dies()),
    "sleeps": lambda: played(Sleeps()),
}


def main(out: Path, scenes: list[str]) -> None:
    """Play `scenes` with the others and write what the first process found."""
    if any(scene.endswith("elsewhere") for scene in scenes) and int(os.environ["RANK"]) % 2 == 0:
        from pretended_device import DEVICE  # in this process only

        loop.device_of = lambda plan: DEVICE

    def play() -> None:
        for scene in scenes:
            save_file({key: value.contiguous() for key, value in SCENES[scene]().items()}, out / f"{scene}.safetensors")

    try:
        lead(play, patience=timedelta(seconds=5))
    except TrainingError as error:
        sys.exit(f"process {os.environ['RANK']}: {error}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

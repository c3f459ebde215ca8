"""The training loop: shuffled batches, AdamW by parameter group, warm-up and cosine, early stopping, best weights kept."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from injerto.draws import seeded, start_draws, whole
from injerto.embedders.lookup import Lookup
from injerto.heads.head import Head, Labels
from injerto.learner import Learner
from injerto.learning.adam import AdamW
from injerto.learning.average import Average
from injerto.learning.checkpoint import Checkpoint, prefixed, without_prefix
from injerto.learning.device import PROCESSOR, brought, device_of, half_bits_on, placed
from injerto.learning.history import Epoch, History
from injerto.learning.multipliers import parameter_groups
from injerto.learning.plan import Plan
from injerto.learning.schedule import rate_factor
from injerto.learning.source import Source, epoch_seed
from injerto.learning.threads import threads_for
from injerto.losses import LOSSES
from injerto.precision import half_bits
from injerto.progress import Progress, Silent
from injerto.together import Task, add_up, agreed, processes, shared, total


def learn(
    network: Learner,
    source: Source,
    train_rows: Tensor,
    tune_rows: Tensor,
    plan: Plan,
    checkpoint: Checkpoint,
    progress: Progress,
) -> History:
    """Train `network` in place; it ends with the weights that did best on the tune rows.

    Several processes share every batch, unless `source` does not let them: where photos of individuals are compared among
    themselves, the first process learns alone.
    """
    run = _Run(network, source, train_rows, plan, checkpoint)
    if not source.shared:
        if processes() > 1:
            progress.say(f"One process learns alone ({plan.name}): here a row's loss depends on all others of its batch.")
        return run.go(tune_rows, progress)
    with shared(_Help(run, tune_rows)):
        return run.go(tune_rows, progress)


@dataclass
class _Help(Task):
    """The same run in another process: the same steps from the same weights, on its own part of every batch."""

    run: _Run
    tune_rows: Tensor

    def help(self) -> None:
        self.run.checkpoint = Checkpoint(None)
        self.run.go(self.tune_rows, Silent())


class _Run:
    """One run under way: what must be kept between epochs, and what a checkpoint holds."""

    def __init__(self, network: Learner, source: Source, train_rows: Tensor, plan: Plan, checkpoint: Checkpoint) -> None:
        self.network, self.source, self.train_rows, self.plan, self.checkpoint = network, source, train_rows, plan, checkpoint
        lay_out(network, torch.channels_last if plan.backbone else torch.contiguous_format)
        self.groups = parameter_groups(network, plan.multipliers, plan.depth_decay, backbone=plan.backbone)
        self.optimizer = AdamW(self.groups, plan.learning_rate, plan.weight_decay)
        # Rows that a batch does not name keep still, so their mean would only lag behind; and moving 10 million takes longer
        # than a step.
        long = {id(part.offset) for part in network.modules() if isinstance(part, Lookup) and part.long}
        self.parameters = [parameter for group in self.groups for parameter in group.parameters]
        self.average = Average([parameter for parameter in self.parameters if id(parameter) not in long], plan.average)
        self.device = PROCESSOR
        self.history = History(plan.name)
        self.best = weights_of(network)
        self.best_loss = float("inf")
        self.resume()

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        found = self.checkpoint.load()
        if found is None:
            return
        tensors, facts = found
        self.network.load_state_dict(without_prefix("network", tensors), strict=False)
        self.optimizer.restore(without_prefix("optimizer", tensors))
        self.average.restore(without_prefix("average", tensors))
        self.best = without_prefix("best", tensors)
        self.best_loss = facts["best_loss"]
        self.history = History.from_json(facts["history"])

    def save(self) -> None:
        """Write the state after a whole epoch."""
        if self.checkpoint.path is None:
            return  # copying weights and history for nobody took a quarter of a small fit
        state = prefixed("network", weights_of(self.network)) | prefixed("optimizer", self.optimizer.tensors())
        state |= prefixed("average", self.average.tensors())
        self.checkpoint.save(
            state | prefixed("best", self.best), {"best_loss": self.best_loss, "history": self.history.to_json()}
        )

    def go(self, tune_rows: Tensor, progress: Progress) -> History:
        """All epochs that are still to do."""
        # Not before: until here a run lies on the processor, as a checkpoint does, and was sent to others whose GPUs, if they
        # have any, are their own.
        self.device = device_of(self.plan)
        with placed(self.network, self.device, self.plan):
            self.optimizer.to(self.device)
            self.average.to(self.device)
            self.epochs(tune_rows, progress)
        self.network.load_state_dict(self.best, strict=False)
        lay_out(self.network, torch.contiguous_format)
        return self.history

    def epochs(self, tune_rows: Tensor, progress: Progress) -> None:
        """All epochs, on the run's device."""
        plan, history = self.plan, self.history
        steps = self.source.steps(self.train_rows, plan.batch_rows)
        done = len(history.epochs)
        size = sum(parameter.numel() for parameter in self.parameters)
        with progress.step(f"training ({plan.name})", plan.epochs * steps) as bar, threads_for(plan.batch_rows * size):
            bar.advance(done * steps)
            judges = len(tune_rows) > 0
            for past in history.epochs:
                bar.judged(past.number, past.train_loss, past.tune_loss if judges else None)
            while not history.stopped:
                self.epoch(len(history.epochs), tune_rows, bar.advance)
                last = history.epochs[-1]
                bar.judged(last.number, last.train_loss, last.tune_loss if judges else None)
                history.stopped = self.why_stop()
                self.save()

    def epoch(self, number: int, tune_rows: Tensor, advance: object) -> None:
        """One pass over the training rows, then the loss on the tune rows."""
        started = time.perf_counter()
        plan = self.plan
        steps, done = self.source.steps(self.train_rows, plan.batch_rows), 0
        # Summed where the losses are: a GPU that is asked for each of them waits for the processor, and the processor for it.
        summed = torch.zeros((), dtype=torch.float64, device=self.device)
        self.network.train()
        for net in self.network.backbones:
            net.learn(plan.backbone)
        seed = epoch_seed(plan.seed, number)
        with seeded(seed), half_bits(half_bits_on(self.device)):  # what is hidden and dropped: the same in a resumed run
            start_draws(seed)
            hide(self.network, plan.augment, seed)
            batches = self.source.epoch(self.train_rows, plan.batch_rows, seed=plan.seed, number=number)
            for step, (batch, labels) in enumerate(brought(batches, self.device)):
                factor = rate_factor(number * steps + step, plan.epochs * steps)
                loss = total_loss(self.network, self.network(batch), labels)
                self.optimizer.forget_gradients()
                loss.backward()
                summed += add_up(self.parameters, loss.detach())
                self.optimizer.step(factor)
                self.average.update()
                if callable(advance):
                    advance(1)
                done = step + 1
                if self.out_of_time(time.perf_counter() - started):
                    break
        hide(self.network, False, 0)
        # A refit has no rows left to judge by: it keeps its last weights and reports the training loss.
        judged = len(tune_rows) > 0
        with self.average.applied():
            tune_loss = measure(self.network, self.source, tune_rows, plan.batch_rows) if judged else float(summed) / done
            if tune_loss < self.best_loss or not judged:
                self.best_loss, self.best, self.history.best = tune_loss, weights_of(self.network), number
        rates = {name: rate * factor for name, rate in self.optimizer.rates.items()}
        seconds = time.perf_counter() - started
        self.history.epochs.append(Epoch(number, float(summed) / done, tune_loss, seconds, rates))

    def why_stop(self) -> str:
        """The reason to end here, or nothing."""
        plan, history = self.plan, self.history
        if len(history.epochs) >= (plan.stop_after or plan.epochs):
            return "all epochs"
        if len(history.epochs) - 1 - max(history.best, 0) >= plan.patience:
            return "no progress"
        return "budget" if self.out_of_time(0) else ""

    def out_of_time(self, seconds: float) -> bool:
        """Whether the budget is used up `seconds` into an epoch; judged between steps, as one epoch can take minutes."""
        budget = self.plan.budget_seconds
        return budget is not None and agreed(self.history.seconds + seconds >= budget)


def lay_out(network: Learner, layout: torch.memory_format) -> None:
    """Convolutions that learn run a quarter faster, and those of photos twice as fast, with a place's channels side by side."""
    for net in network.backbones:
        for kernel in (parameter for parameter in net.parameters() if parameter.ndim == 4):
            kernel.data = kernel.data.contiguous(memory_format=layout)


def hide(network: Learner, hiding: bool, seed: int) -> None:
    """Let networks of sounds hide parts of what they hear, or hear all of it."""
    for net in network.backbones:
        net.hiding = torch.Generator().manual_seed(seed) if hiding else None


def total_loss(network: Learner, outputs: dict[str, Tensor], labels: dict[str, Labels]) -> Tensor:
    """The sum over targets."""
    first, *others = [loss_of(head, outputs[name], labels[name]) for name, head in network.targets.items()]
    return sum(others, start=first)


def loss_of(head: Head, output: Tensor, labels: Labels) -> Tensor:
    """One target's; of rows that lie over each other, both labels' by their shares."""
    own = LOSSES[head.cost](output, labels)
    if labels.mixed is None:
        return own
    return labels.mixed.share * own + (1 - labels.mixed.share) * LOSSES[head.cost](output, labels.mixed.labels)


@torch.no_grad()
def measure(network: Learner, source: Source, rows: Tensor, batch_rows: int) -> float:
    """The mean loss over `rows`, without dropout or augmentation, in all bits, as the network will answer."""
    network.eval()
    device = next(network.parameters()).device
    # A GPU with just room for a training step has none for 256 rows; loose marks are compared with all rows of their batch.
    together = max(batch_rows, 256) if device == PROCESSOR or not source.shared else 2 * batch_rows
    summed, count = torch.zeros((), dtype=torch.float64), 0
    for batch, labels in brought(source.batches(rows, together, training=False, seed=0), device):
        size = whole(len(next(iter(labels.values())).known))
        summed += float(total_loss(network, network(batch), labels)) * size
        count += size
    return float(total(summed)) / max(1, count)


def weights_of(network: nn.Module) -> dict[str, Tensor]:
    """A copy of all that is learned, on the processor."""
    return {key: value.detach().to("cpu", copy=True) for key, value in network.state_dict().items()}

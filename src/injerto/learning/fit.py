"""Frozen first, then grafted: fit the heads on frozen features, perhaps train every layer, keep what does better.

Both ways are judged by the same loss on the same tune rows. Files alone get a convex probe; with table columns beside
them the "probe" is the network over frozen vectors.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.held_out import Source
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.division import Division
from injerto.learning.familiarise import familiarise
from injerto.learning.files import FileSource
from injerto.learning.history import Epoch, History
from injerto.learning.hold_rows import hold_rows
from injerto.learning.kept_fits import KeptFits
from injerto.learning.loop import learn, measure, weights_of
from injerto.learning.plan import Plan, finetune_plan, network_plan, seconds_left
from injerto.learning.probes import Probes
from injerto.learning.reach import TIMED_ROWS, pass_seconds, too_long_words, within_reach
from injerto.learning.some_rows import some_of
from injerto.learning.source import MemorySource
from injerto.network import Network
from injerto.progress import Progress
from injerto.schema.schema import Training
from injerto.table.table import Table

LEAST_PROGRESS = 1e-4
"""Fine-tuning must lower the tune loss by this share to be kept: it costs a larger model of one's own."""

MOST_JUDGES = 5000
"""Tune rows by whose files each epoch is judged; of more these are drawn."""

LEAST_CORRECTION = 0.01
"""A body beside a probe must lower the probe's tune loss by this share to be kept: less is noise on a few hundred rows."""


@dataclass
class Fitted:
    """The runs that were measured and the name of the one whose weights the network now holds."""

    histories: list[History]
    chosen: str

    @property
    def loss(self) -> float:
        """The tune loss of the weights that were kept."""
        return next(best_loss(history) for history in self.histories if history.name == self.chosen)


class Fit:
    """One network on its way from prior to graft, on rows that can be used."""

    def __init__(
        self,
        network: Network,
        examples: Examples,
        division: Division,
        training: Training,
        work: Path | None,
        progress: Progress,
    ) -> None:
        self.network, self.examples, self.training, self.work, self.progress = network, examples, training, work, progress
        rows = division.rows
        self.train = torch.from_numpy(rows.train[examples.usable[rows.train]])
        self.tune = torch.from_numpy(rows.tune[examples.usable[rows.tune]])
        self.judges = some_of(self.tune, MOST_JUDGES, training.seed)
        self.unit = division.unit
        kept = KeptFits(self.checkpoint("probes"))
        self.probes = Probes(network, examples, self.unit, training.seed, progress, kept)
        self.corrected = True
        self.unseen: dict[str, tuple[Tensor, Tensor]] = {}
        self.started = time.perf_counter()
        for key, embedder in network.media.items():
            embedder.standardise(examples.vectors[key], self.train)
        inside = {id(parameter) for net in network.backbones for parameter in net.parameters()}
        inside |= {id(parameter) for parameter in network.probes.parameters()}  # a refit of the body keeps them
        self.start = {key: p.detach().clone() for key, p in network.named_parameters() if id(p) not in inside}

    def go(self, table: Table) -> Fitted:
        """Fit, compare, calibrate."""
        frozen = self.probe(self.train) if self.network.only_media else self.network_on_vectors()
        fitted, first = Fitted([frozen], frozen.name), dict[str, Tensor]()
        if self.training.mode != "probe" and self.network.media and not self.over_budget() and self.in_reach(table):
            kept, alone = weights_of(self.network), self.judged(frozen)
            if self.from_nothing:
                self.forget_frozen()
            first = {key: parameter.detach().clone() for key, parameter in self.network.named_parameters()}
            tuned = self.finetune(table)
            fitted.histories.append(tuned)
            better = best_loss(tuned) < alone * (1 - LEAST_PROGRESS)
            if better or self.training.mode == "finetune":
                fitted.chosen = tuned.name
            else:
                self.network.load_state_dict(kept)
        source = self.settle(fitted, table, first)
        self.examples.probed.clear()
        self.hold(fitted.chosen, source, table)
        return fitted

    def settle(self, fitted: Fitted, table: Table, first: dict[str, Tensor]) -> Source:
        """Calibrate the way that was chosen and, where that pays, let it learn from the tune rows too; gives who calibrated it.

        `first` are the weights that fine-tuning started from.
        """
        if fitted.chosen == "probe":
            rows = torch.cat([self.train, self.tune])
            if not self.probes.large(rows):
                self.probe(rows)
                self.probes.tell_names()
                return "out-of-fold"
            self.probes.tell_names()
            self.calibrate(MemorySource(self.examples), self.tune)
            notes = fitted.histories[0].notes
            self.probes.go_on({name: notes[name]["strength"] for name in self.network.targets}, rows)
        elif fitted.chosen == "finetune":
            self.calibrate(self.plain_files(table), self.tune)
            if self.from_nothing:
                self.refit_files(table, fitted.histories[-1], first)
        elif self.corrected:
            self.calibrate(MemorySource(self.examples), self.tune)
            self.refit(fitted.histories[0])
        else:
            self.calibrate(MemorySource(self.examples), torch.cat([self.train, self.tune]))  # the probe's own, unseen rows all
            return "out-of-fold"
        return "tune"

    def hold(self, chosen: str, source: Source, table: Table) -> None:
        """Keep with every head how rows of `source` were answered, which taught nothing then."""
        trust = None if self.network.familiarity is None else self.familiarise(table, chosen)
        for name, (rows, output) in self.unseen.items():
            hold_rows(self.network.targets[name], table, rows, output, self.unit, source, trust)

    def over_budget(self) -> bool:
        """Whether the user's seconds are used up."""
        left = self.seconds_left()
        return left is not None and left <= 0

    def seconds_left(self) -> float | None:
        """What is left of the user's budget, or None without one."""
        return seconds_left(self.training, self.started)

    def probe(self, rows: Tensor) -> History:
        """Fit every head on frozen vectors of `rows`; calibrate it on outputs for rows it had not seen."""
        started = time.perf_counter()
        found = self.probes.fit(self.network.targets, rows)
        for name, head in self.network.targets.items():
            judged = rows[self.examples.labels[name].known[rows]][found[name].judged]
            output = found[name].unseen[found[name].judged]
            head.calibrate(output, self.examples.labels[name].take(judged), self.units(judged))
            self.unseen[name] = judged, output
        tune_loss = measure(self.network, MemorySource(self.examples), self.tune, 1024)
        train_loss = measure(self.network, MemorySource(self.examples), rows, 1024)
        epoch = Epoch(0, train_loss, tune_loss, time.perf_counter() - started, {"head": 0.0})
        notes = {
            name: {
                "strength": one.strength,
                "losses": {str(key): loss for key, loss in one.losses.items()},
                **self.probes.names(one),
            }
            for name, one in found.items()
        }
        return History("probe", [epoch], best=0, stopped="convex", notes=notes)

    def probe_beside(self) -> None:
        """Fit the probes that stand beside a body, and let the body see their outputs for rows they had not seen.

        All rows that are not test rows take part: each is judged by probes of the other folds, so none is judged by itself.
        """
        rows = torch.cat([self.train, self.tune])
        heads = self.network.probe_heads
        probes = self.probes.fit(heads, rows, all_unseen=True)
        with torch.no_grad():
            inputs = self.probes.inputs(torch.arange(len(self.examples.usable)))
            answers = {name: head(inputs)[:, 0] for name, head in heads.items()}
        for name, found in probes.items():
            outputs = answers[name]
            outputs[rows[self.examples.labels[name].known[rows]]] = found.unseen[:, 0]
            self.examples.probed[name] = outputs

    def network_on_vectors(self) -> History:
        """Train body and heads on table columns and frozen vectors; beside a probe, keep them only if they better it."""
        source, alone = MemorySource(self.examples), float("inf")
        if self.network.probes:
            self.probe_beside()
            alone = measure(self.network, source, self.tune, 1024)
        plan = network_plan(self.training, len(self.train), self.seconds_left())
        history = learn(self.network, source, self.train, self.tune, plan, self.checkpoint(plan.name), self.progress)
        if best_loss(history) > alone * (1 - LEAST_CORRECTION):
            self.network.load_state_dict(self.start, strict=False)  # heads that correct start at zero
            self.corrected = False
            history.notes["probe alone"] = f"kept: its tune loss {alone:.4f} was not bettered by a hundredth"
        return history

    def refit(self, judged: History) -> None:
        """Train once more from the start, on the tune rows too, for the epochs that did best without them.

        In a split by time the tune rows are the latest, and the nearest to what will be asked: on two rolling splits of
        flights inside January to September they lowered the log loss by 0.007 and 0.045. The
        calibration stays the one of the first run, which had not seen them.
        """
        epochs = judged.best + 1
        left = self.seconds_left()
        if left is not None and left < 1.3 * sum(epoch.seconds for epoch in judged.epochs[:epochs]):
            judged.notes["refit"] = "left out: the budget was used up"
            return
        self.network.load_state_dict(self.start, strict=False)
        rows = torch.cat([self.train, self.tune])
        plan = replace(network_plan(self.training, len(self.train), None), name="refit", stop_after=epochs)
        again = learn(
            self.network, MemorySource(self.examples), rows, rows[:0], plan, self.checkpoint(plan.name), self.progress
        )
        judged.notes["refit"] = {"rows": len(rows), "epochs": len(again.epochs), "seconds": round(again.seconds, 1)}

    def in_reach(self, table: Table) -> bool:
        """Whether fine-tuning, where nobody asked for it by name, can come anywhere in the time there is."""
        plan = self.plan_of_files()
        if self.training.mode != "auto" or len(self.train) < TIMED_ROWS or plan.budget_seconds is None:
            return True
        seconds = pass_seconds(self.network, self.varied_files(table), self.train, self.judges, plan)
        if within_reach(seconds, plan.budget_seconds):
            return True
        self.progress.say(too_long_words(len(self.train), seconds, plan.budget_seconds))
        return False

    def judged(self, frozen: History) -> float:
        """The loss of the frozen fit on the rows by which fine-tuning is judged."""
        if len(self.judges) == len(self.tune):
            return best_loss(frozen)
        return measure(self.network, MemorySource(self.examples), self.judges, 1024)

    def plan_of_files(self) -> Plan:
        """How fine-tuning goes."""
        return finetune_plan(self.training, len(self.train), self.seconds_left(), from_nothing=self.from_nothing)

    def finetune(self, table: Table) -> History:
        """Train every layer on the files themselves, from where the frozen fit ended."""
        if self.network.probes:
            self.probes.fit(self.network.probe_heads, self.train)  # the tune rows must not have taught what they judge
        plan, source = self.plan_of_files(), self.varied_files(table)
        return learn(self.network, source, self.train, self.judges, plan, self.checkpoint(plan.name), self.progress)

    @property
    def from_nothing(self) -> bool:
        """Whether a network of files has all it knows from this table."""
        return any(not net.pretrained for net in self.network.backbones)

    def forget_frozen(self) -> None:
        """Back to what was there before the frozen fit.

        Vectors of a network that knows nothing are so small and so alike that with a head, and a scale, made for them
        training starts at a loss of thousands.
        """
        self.network.load_state_dict(self.start, strict=False)
        for embedder in self.network.media.values():
            if not embedder.backbone.pretrained:
                embedder.mean.zero_()
                embedder.scale.fill_(1)

    def varied_files(self, table: Table) -> FileSource:
        """The files as training sees them."""
        training = self.training
        return FileSource(table, self.network.blocks, self.examples, augment=training.augment, background=training.background)

    def plain_files(self, table: Table) -> FileSource:
        """The files as they are."""
        return FileSource(table, self.network.blocks, self.examples, augment=False)

    def refit_files(self, table: Table, judged: History, first: dict[str, Tensor]) -> None:
        """Train once more from the `first` weights, on the tune rows too, to the end of the schedule.

        A network that starts from nothing knows only the voices of this table: with one of four kept back to judge it, it
        would answer for a fifth from three. It goes on to the end, as half-way, at large rates, weights are good for one voice
        by chance. Pretrained networks gain little and take long; they stay as they were judged.
        """
        left = self.seconds_left()
        if left is not None and left < 1.3 * judged.seconds:
            judged.notes["refit"] = "left out: the budget was used up"
            return
        self.network.load_state_dict(first, strict=False)
        rows = torch.cat([self.train, self.tune])
        plan = replace(finetune_plan(self.training, len(self.train), None, from_nothing=True), name="refit")
        again = learn(self.network, self.varied_files(table), rows, rows[:0], plan, self.checkpoint(plan.name), self.progress)
        judged.notes["refit"] = {"rows": len(rows), "epochs": len(again.epochs), "seconds": round(again.seconds, 1)}

    def familiarise(self, table: Table, chosen: str) -> Tensor:
        """The trust (N,) in the sounds of the rows that taught, as the layers of the run that was `chosen` hear them."""
        tuned, rows = chosen == "finetune", torch.cat([self.train, self.tune])
        source = self.plain_files(table) if tuned else MemorySource(self.examples)
        return familiarise(self.network, self.examples, source, rows, self.unit, self.training.seed)

    @torch.no_grad()
    def calibrate(self, source: MemorySource | FileSource, rows: Tensor) -> None:
        """Make the heads honest on `rows`, which taught nothing of the outputs they are judged by."""
        self.network.eval()
        outputs: dict[str, list[Tensor]] = {name: [] for name in self.network.targets}
        for batch, _ in source.batches(rows, 256, training=False, seed=0):
            for name, output in self.network(batch).items():
                outputs[name].append(output)
        for name, head in self.network.targets.items():
            output = torch.cat(outputs[name])
            head.calibrate(output, self.examples.labels[name].take(rows), self.units(rows))
            self.unseen[name] = rows, output

    def units(self, rows: Tensor) -> Tensor:
        """The unit of each of `rows` (n,), from 0 on."""
        return torch.from_numpy(np.unique(self.unit[rows.numpy()], return_inverse=True)[1].astype(np.int64))

    def checkpoint(self, name: str) -> Checkpoint:
        """Where the run called `name` keeps its state."""
        return Checkpoint(self.work / f"{name}.safetensors" if self.work else None)


def best_loss(history: History) -> float:
    """The tune loss of the weights that were kept."""
    return history.epochs[history.best].tune_loss if history.epochs else float("inf")

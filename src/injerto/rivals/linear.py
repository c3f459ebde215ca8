"""A linear model beside every other: logistic or ridge regression on the encoded columns, fitted as a probe is."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from injerto.errors import TrainingError
from injerto.examples import Examples
from injerto.heads.vector_head import VectorHead
from injerto.learning.judging import judging_folds
from injerto.learning.probe import fit_probe
from injerto.network import Batch, Network
from injerto.rivals.design import Design

NAME = "linear model"
MOST_WORK = 1e7
"""Rows x columns x outputs that are learned from, about ten seconds on one core; of more rows a part is drawn."""
LEAST_ROWS = 2000
AT_ONCE = 4096


class Linear(nn.Module):
    """One head a target on rows as `Design` has them. Nothing of it is asked when the model answers."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.design = Design(network.blocks, {key: embedder.width for key, embedder in network.media.items()})
        self.heads = nn.ModuleList([deepcopy(head).graft(self.design.width) for head in network.targets.values()])

    @property
    def targets(self) -> dict[str, VectorHead]:
        """The heads by the name of their column."""
        return {head.name: head for head in self.heads if isinstance(head, VectorHead)}

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Each target's calibrated answers (B, ...)."""
        rows = self.design(batch)
        return {name: head.answer(head(rows)) for name, head in self.targets.items()}


@dataclass(frozen=True)
class Fitted:
    """A linear model, and of how many rows it learned."""

    model: Linear
    rows: int
    of: int


def fit_linear(network: Network, examples: Examples, rows: np.ndarray, unit: np.ndarray, seed: int) -> Fitted:
    """Learn from those of `rows` (n,) that can be used, with a penalty chosen over folds that keep each `unit` (N,) whole.

    *Raises* TrainingError when all rows with a label are of one unit, or there are none.
    """
    model = Linear(network)
    usable = rows[examples.usable[rows]]
    most = max(LEAST_ROWS, int(MOST_WORK / (model.design.width * max(head.outputs for head in model.targets.values()))))
    taught = usable if len(usable) <= most else np.sort(np.random.default_rng(seed).choice(usable, most, replace=False))
    chosen = torch.from_numpy(taught)
    model.design.fit(examples.batch(chosen))
    for name, head in model.targets.items():
        labels = examples.labels[name]
        known = chosen[labels.known[chosen]]
        if not len(known):
            raise TrainingError(f"None of the {len(taught):,} rows that it would learn from has a label of '{name}'.")
        inside = labels.take(known)
        with torch.no_grad():
            embedded = model.design(examples.batch(known))
        probe = fit_probe(head, embedded, inside, judging_folds(known, inside.value, unit, seed))
        head.calibrate(probe.unseen[probe.judged], inside.where(probe.judged))
    return Fitted(model.eval(), len(taught), len(usable))


@torch.inference_mode()
def linear_answers(model: Linear, examples: Examples, rows: np.ndarray) -> dict[str, Tensor]:
    """Each target's answers to `rows` (n,), which can be used."""
    found: dict[str, list[Tensor]] = {
        name: [head.answer(torch.empty(0, 1, head.outputs))] for name, head in model.targets.items()
    }
    for part in torch.from_numpy(rows).split(AT_ONCE) if len(rows) else ():
        answers: Mapping[str, Tensor] = model(examples.batch(part))
        for name, answer in answers.items():
            found[name].append(answer)
    return {name: torch.cat(parts) for name, parts in found.items()}

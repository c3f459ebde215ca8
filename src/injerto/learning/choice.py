"""Which pretrained networks look at a column of sounds, where the user leaves it open: those whose probe does best.

Each network that is ready on this machine is tried alone on the training rows, then beside the best as long as that helps. The
vectors are kept, so that the choice costs no more than looking at the files once with each.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.cache import VectorCache
from injerto.backbones.catalogue import CATALOGUE
from injerto.backbones.extract_together import extract_together
from injerto.backbones.networks import NETWORKS
from injerto.backbones.suited import suited
from injerto.backbones.weights import load, ready
from injerto.embedders.media import GraftedEmbedder
from injerto.embedders.side_by_side import equal_say
from injerto.features.declared import JOINS, features_of
from injerto.features.feature import MediaFeature
from injerto.heads import HEADS
from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division
from injerto.learning.judging import judging_folds
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import fit_probe
from injerto.progress import Progress
from injerto.schema.schema import Input, Schema
from injerto.table.table import Table

LEAST_GAIN = 0.02
"""Another network beside those chosen must lower the loss by this share: it costs time at every prediction."""
MOST_ROWS = 20_000
"""Training rows that the choice looks at; of more these are drawn."""
BUDGET_SHARE = 0.3
"""Of the user's seconds, what the choice may take before it goes on with the best so far."""


@dataclass(frozen=True)
class Trial:
    """One or several networks side by side, and the loss of their probes on rows these had not seen."""

    backbone: str
    loss: float


def choose_backbones(
    table: Table, schema: Schema, division: Division, cache: VectorCache | None, progress: Progress
) -> tuple[Schema, dict[str, list[Trial]]]:
    """`schema` with a name in place of every `auto` of a sound column, and what was tried, the best first."""
    open_columns = [name for name, item in schema.inputs.items() if item.kind == "sound" and item.backbone == "auto"]
    named, tried = dict(schema.inputs), {}
    for name in open_columns:
        trials = _Choice(table, schema, division, cache, progress).trials(name)
        if trials:
            tried[name] = sorted(trials, key=lambda trial: trial.loss)
            named[name] = named[name].model_copy(update={"backbone": _kept(trials).backbone})
            progress.say(f"{name}: {named[name].backbone} looks at it, which did best on training rows left out.")
    return schema.model_copy(update={"inputs": named}), tried


def _kept(trials: Sequence[Trial]) -> Trial:
    """The best, unless fewer networks do nearly as well."""
    best = min(trials, key=lambda trial: trial.loss)
    near = [trial for trial in trials if trial.loss <= best.loss / (1 - LEAST_GAIN)]
    return min(near, key=lambda trial: (trial.backbone.count(JOINS), trial.loss))


class _Choice:
    """The trials of one column."""

    def __init__(self, table: Table, schema: Schema, division: Division, cache: VectorCache | None, progress: Progress) -> None:
        self.schema, self.cache, self.progress = schema, cache, progress
        rows = division.rows.train
        if len(rows) > MOST_ROWS:
            rows = np.sort(np.random.default_rng(schema.training.seed).choice(rows, MOST_ROWS, replace=False))
        self.train, self.unit = table.take(rows), division.unit[rows]
        self.heads = {name: HEADS[options.kind](name, options) for name, options in schema.targets.items()}
        self.labels: dict[str, Labels] = {}
        for name, head in self.heads.items():
            head.fit(self.train.column(name))
            self.labels[name] = head.encode(self.train.column(name))
        self.started = time.perf_counter()

    def trials(self, column: str) -> list[Trial]:
        """Every network alone; then the best with others, as long as the loss falls. Nothing where none is on this machine."""
        sounds = [entry for entry in CATALOGUE.values() if entry.kind == "sound" and NETWORKS[entry.network].pretrained]
        names = [entry.name for entry in sounds if ready(entry.name)]
        if not names:
            return []  # who asks for the default is told how to get it
        vectors, trials = {}, []
        for name in sorted(names, key=lambda name: CATALOGUE[name].megabytes):  # the quick ones first
            vectors[name] = self.standardised(column, name)
            trials.append(Trial(name, self.loss([vectors[name]])))
            if self.over_budget():
                return trials
        best = min(trials, key=lambda trial: trial.loss)
        while others := [name for name in names if name not in best.backbone.split(JOINS)]:
            joined = [[*best.backbone.split(JOINS), other] for other in others]
            fresh = [Trial(JOINS.join(several), self.loss([vectors[name] for name in several])) for several in joined]
            trials += fresh
            ahead = min(fresh, key=lambda trial: trial.loss)
            if ahead.loss > best.loss * (1 - LEAST_GAIN):
                break
            best = ahead
        return trials

    def over_budget(self) -> bool:
        """Whether the choice has used up its share of the user's seconds."""
        budget = self.schema.training.budget_seconds
        return budget is not None and time.perf_counter() - self.started > BUDGET_SHARE * budget

    def standardised(self, column: str, backbone: str) -> Tensor:
        """The standardised vectors (n,C) of the training rows, NaN where a file cannot be read."""
        options: Input = self.schema.inputs[column].model_copy(update={"backbone": backbone})
        (feature,) = features_of({column: options})
        assert isinstance(feature, MediaFeature)
        files = suited(feature).column(self.train)
        network = load(backbone)
        found = extract_together(feature.fit(files), files, network, cache=self.cache, progress=self.progress)
        embedder = GraftedEmbedder(network)
        embedder.standardise(found.values)
        return (found.values - embedder.mean) / embedder.scale

    def loss(self, vectors: Sequence[Tensor]) -> float:
        """The sum over targets of the probe's loss on rows left out."""
        says = equal_say([vector.shape[1] for vector in vectors])
        rows = torch.cat([vector * say for vector, say in zip(vectors, says, strict=True)], dim=1)
        usable = ~rows.isnan().any(dim=1)
        return sum(self.loss_of(head, self.labels[name], rows, usable) for name, head in self.heads.items())

    def loss_of(self, head: VectorHead, labels: Labels, rows: Tensor, usable: Tensor) -> float:
        """One target's."""
        known = (usable & labels.known).nonzero()[:, 0]
        inside = replace(labels.take(known), weight=weight_beside_kin(known, self.unit))
        folds = judging_folds(known, inside.value, self.unit, self.schema.training.seed)
        return min(fit_probe(head.graft(rows.shape[1]), rows[known], inside, folds).losses.values())

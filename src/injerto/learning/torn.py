"""What a split that tears groups apart would have said: the same probe judged on rows drawn one by one, and on whole groups."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division
from injerto.learning.fit import Fitted
from injerto.learning.judging import FOLDS, judging_folds
from injerto.learning.probe import unseen_outputs
from injerto.network import Network

MOST_WORK = 4e8
"""Rows x width x outputs x fits up to which it is measured: seconds."""


def torn_words(network: Network, examples: Examples, division: Division, fitted: Fitted, seed: int) -> str:
    """A sentence on the first target, over rows that do not test; empty where it does not apply or would cost much.

    It is measured for one class, on files alone, where the model kept is the probe: its vectors are there, and the penalty
    that it was fitted with serves both. Layers that were fine-tuned would have to be trained again for each fold.
    """
    name, head = next(iter(network.targets.items()))
    if fitted.chosen != "probe" or not network.only_media or head.kind != "class" or not isinstance(head, VectorHead):
        return ""
    rows = torch.from_numpy(np.concatenate([division.rows.train, division.rows.tune]))
    labels = examples.labels[name]
    rows = rows[torch.from_numpy(examples.usable)[rows] & labels.known[rows]]
    if len(np.unique(division.unit[rows.numpy()])) in (1, len(rows)):
        return ""
    if len(rows) * head.convolve.in_channels * head.outputs * 2 * FOLDS > MOST_WORK:
        return ""
    with torch.no_grad():
        batch = examples.batch(rows)
        embedded, told = network.probe_inputs(network.embed_files(batch), batch), network.beforehand(batch)
    strength = fitted.histories[0].notes[name]["strength"]
    alone = unseen_accuracy(head, embedded, labels.take(rows), rows, np.arange(len(division.unit)), strength, seed, told)
    whole = unseen_accuracy(head, embedded, labels.take(rows), rows, division.unit, strength, seed, told)
    return (
        f"Had rows been drawn one by one, '{name}' would have had an accuracy of {alone:.2f}; by whole groups it is "
        f"{whole:.2f} (one probe, {FOLDS} folds of the rows that do not test)."
    )


def unseen_accuracy(
    head: VectorHead,
    embedded: Tensor,
    labels: Labels,
    rows: Tensor,
    unit: np.ndarray,
    strength: float,
    seed: int,
    told: Tensor | None = None,
) -> float:
    """Share of rows (n,) answered right by probes that saw no row of the same `unit` (N,)."""
    folds = judging_folds(rows, labels.value, unit, seed)
    outputs = unseen_outputs(deepcopy(head), embedded, labels, folds, strength, told)
    return float((outputs[:, 0].argmax(dim=1) == labels.value).double().mean())

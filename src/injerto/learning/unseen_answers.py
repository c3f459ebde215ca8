"""What the probe answers to rows that it had not seen, over the rows that teach it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch

from injerto.examples import Examples
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import Division
from injerto.learning.fit import Fitted
from injerto.learning.judging import FOLDS, judging_folds
from injerto.learning.probe import unseen_outputs
from injerto.learning.torn import MOST_WORK
from injerto.network import Network


def unseen_answers(
    network: Network, examples: Examples, division: Division, fitted: Fitted, name: str, seed: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows (n,) of the table that do not test, and answers (n,...) to them, each by a probe of other units.

    None where it does not apply or would cost much: for models of table columns, and large tables. A fine-tuned model's probe
    is the one that it started from, on frozen vectors.
    """
    head = network.targets[name]
    if not network.only_media or not isinstance(head, VectorHead):
        return None
    rows = torch.from_numpy(np.concatenate([division.rows.train, division.rows.tune]))
    labels = examples.labels[name]
    rows = rows[torch.from_numpy(examples.usable)[rows] & labels.known[rows]]
    if len(np.unique(division.unit[rows.numpy()])) < FOLDS:
        return None
    if len(rows) * head.convolve.in_channels * head.outputs * FOLDS > MOST_WORK:
        return None
    with torch.no_grad():
        batch = examples.batch(rows)
        embedded = network.probe_inputs(network.embed_files(batch), batch)
    known = labels.take(rows)
    folds = judging_folds(rows, known.value, division.unit, seed)
    strength = fitted.histories[0].notes[name]["strength"]
    outputs = unseen_outputs(deepcopy(head), embedded, known, folds, strength)
    with torch.no_grad():
        return rows.numpy(), head.answer(outputs).numpy()

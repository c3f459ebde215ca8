"""Photos and sounds: how well a classifier tells new files from those that taught, by what a pretrained network sees in them.

*Source*: Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests, ICLR. NOTE differs from the paper: the figure is the
area under the curve and its chance that of permutations, because tables are small and of unlike size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.drift.change import Change, Sides, with_missing
from injerto.drift.shuffles import Array, Shuffles

FOLDS = 5
PENALTY = 0.1
"""Of the ridge, in units of the mean squared length of centred vectors."""


def files_change(sides: Sides) -> Change:
    """`auc` is how often, of a new and an old file, the classifier takes the new one for the newer: 0.5 is chance."""
    cells = sides.both().float()
    known = ~cells.isnan().any(dim=1).numpy()
    shuffles = sides.shuffles.only(known)
    scoring = crossed(cells[torch.from_numpy(known)], shuffles).numpy()
    found = shuffles.test(lambda drawn: auc(drawn.astype(np.float32) @ scoring.T, drawn))
    figures: dict[str, Any] = {"auc": found.apart}
    difference, p = with_missing(sides, ~known, found, figures)
    words = f"a classifier tells a new file from a training one {found.apart:.0%} of the time, where 50% is chance"
    return Change(difference, p, figures, words)


def crossed(cells: Tensor, shuffles: Shuffles) -> Tensor:
    """(N,N) by which labels (N,) become scores of a ridge classifier that never saw the unit it scores.

    The classifier is linear in its labels, so every draw of them costs a product and no fit.
    """
    centred = cells - cells.mean(dim=0)
    kernel = (centred @ centred.T).double()
    penalty = PENALTY * float(kernel.diagonal().mean()) or 1.0
    fold = torch.from_numpy(np.random.default_rng([shuffles.seed, 1]).permutation(len(shuffles.new_unit)) % FOLDS)[
        shuffles.unit
    ]
    scoring = torch.zeros_like(kernel)
    for number in range(FOLDS):
        out, rest = (fold == number).nonzero()[:, 0], (fold != number).nonzero()[:, 0]
        if not len(out) or not len(rest):
            continue
        inner = kernel[rest][:, rest] + penalty * torch.eye(len(rest), dtype=torch.float64)
        weights = torch.linalg.solve(inner, kernel[rest][:, out]).T
        scoring[out[:, None], rest[None]] = weights - weights.mean(dim=1, keepdim=True)  # labels lose their mean
    return scoring.float()


def auc(scores: Array, drawn: Array) -> Array:
    """(B,) how often a row that is drawn (B,N) bool has a higher of the `scores` (B,N) than one that is not; ties count half.

    Example:
        >>> auc(np.array([[0.1, 0.4, 0.3, 0.8]]), np.array([[False, False, True, True]])).tolist()
        [0.75]
    """
    order = np.argsort(scores, axis=1)
    sorted_scores = np.take_along_axis(scores, order, axis=1).round(6)
    place = np.arange(scores.shape[1])
    step = np.diff(sorted_scores, axis=1) > 0
    edge = np.ones((len(scores), 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, step]), place, 0), axis=1)
    last = np.minimum.accumulate(np.where(np.hstack([step, edge]), place, place[-1:])[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=1)
    new = drawn.sum(axis=1)
    pairs = new * (drawn.shape[1] - new)
    above = (ranks * drawn).sum(axis=1) - new * (new + 1) / 2
    return np.asarray(np.where(pairs > 0, above / np.maximum(pairs, 1), 0.5))

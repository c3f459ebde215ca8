"""The probe: heads fitted on frozen, standardised vectors. Convex, so one answer, found in seconds.

Each head is a regularised linear model (its 1x1 convolution); how strong the penalty must be is measured by
cross-validation over folds that keep groups together, and its out-of-fold outputs calibrate the head honestly.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.learning.threads import threads_for
from injerto.losses import LOSSES

STRENGTHS = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
"""Penalties tried, from an almost even answer to an almost free fit: loss = mean loss + strength / 2 * |weights|^2."""

HALF_STEP = 3**0.5
"""Half-way between two of them."""
MUCH_WORK = 2e9
"""Rows x width x outputs above which one fold stands for all, to keep the probe in seconds."""


@dataclass(frozen=True)
class Probe:
    """A fitted head's penalty, the loss it was chosen by, and outputs (N,1,K) of rows by models that had not seen them."""

    strength: float
    losses: dict[float, float]
    unseen: Tensor
    judged: Tensor
    """Rows (N,) bool that have an out-of-fold output."""


def fit_probe(
    head: VectorHead,
    embedded: Tensor,
    labels: Labels,
    folds: Tensor,
    *,
    all_unseen: bool = False,
    advance: Callable[[int], None] = lambda count: None,
) -> Probe:
    """Fit `head` on rows (N,C) with known labels; `folds` (N,) says which rows are judged together.

    The head ends fitted on all rows, with the penalty that did best on rows left out. `all_unseen` asks for an out-of-fold
    output of every row, even where one fold would do to choose by.
    """
    basis = _basis(embedded)
    rows = embedded @ basis.T
    layer = head.convolve
    head.graft(len(basis))
    with threads_for(rows.numel() * head.outputs):
        unseen, judged, losses = _judge(head, rows, labels, folds, advance)
        best = min(losses, key=lambda strength: losses[strength])
        if all_unseen:
            _fill(unseen[best], judged, head, rows, labels, folds, best)
        head.reset()
        for strength in sorted({*(one for one in STRENGTHS if one > best), best}, reverse=True):
            _solve(head, rows, labels, strength)
    with torch.no_grad():
        layer.weight.copy_((head.convolve.weight.flatten(1) @ basis)[:, :, None, None])
        bias = head.bias.clone()
        head.convolve = layer
        head.bias.copy_(bias)
    return Probe(best, losses, unseen[best], judged)


def unseen_outputs(head: VectorHead, embedded: Tensor, labels: Labels, folds: Tensor, strength: float) -> Tensor:
    """Outputs (N,1,K) of rows (N,C), each by a probe of one penalty fitted on the other `folds` (N,). `head` is used up."""
    basis = _basis(embedded)
    rows = embedded @ basis.T
    head.graft(len(basis))
    unseen, judged = torch.zeros(len(folds), 1, head.outputs), torch.zeros(len(folds), dtype=torch.bool)
    with threads_for(rows.numel() * head.outputs):
        _fill(unseen, judged, head, rows, labels, folds, strength)
    return unseen


def _fill(
    unseen: Tensor, judged: Tensor, head: VectorHead, rows: Tensor, labels: Labels, folds: Tensor, strength: float
) -> None:
    """Outputs of the folds that were not needed to choose the penalty."""
    for fold in folds[~judged].unique().tolist():
        out = folds == fold
        _solve(head.reset(), rows[~out], labels.where(~out), strength)
        with torch.no_grad():
            unseen[out] = head(rows[out])
        judged |= out


def _basis(embedded: Tensor) -> Tensor:
    """Directions (r,C) that the rows span. A penalised linear fit never leaves them, so fewer rows than columns cost less."""
    if embedded.shape[0] >= embedded.shape[1]:
        return torch.eye(embedded.shape[1])
    directions: Tensor = torch.linalg.svd(embedded, full_matrices=False).Vh
    return directions


def _judge(
    head: VectorHead, rows: Tensor, labels: Labels, folds: Tensor, advance: Callable[[int], None]
) -> tuple[dict[float, Tensor], Tensor, dict[float, float]]:
    """Out-of-fold outputs and their loss under every penalty that was tried, from strong to weak.

    Once two weaker penalties in a row did worse, the rest is not tried. Then the two half-way to the best one's neighbours
    are: on solar cells a step of 3 between penalties cost what slopes by module type gain.
    """
    count = int(folds.max()) + 1
    tried = 1 if rows.shape[0] * rows.shape[1] * head.outputs * count > MUCH_WORK else count
    judged = folds < tried
    states = [deepcopy(head.reset()) for _ in range(tried)]
    unseen: dict[float, Tensor] = {}
    losses: dict[float, float] = {}

    def try_out(strength: float) -> None:
        unseen[strength] = torch.zeros(len(folds), 1, head.outputs)
        for fold, state in enumerate(states):
            out = folds == fold
            _solve(state, rows[~out], labels.where(~out), strength)
            with torch.no_grad():
                unseen[strength][out] = state(rows[out])
        losses[strength] = float(LOSSES[head.cost](unseen[strength][judged], labels.where(judged)))

    for strength in STRENGTHS:
        try_out(strength)
        advance(1)
        if len(losses) > 2 and min(list(losses.values())[:-2]) < min(list(losses.values())[-2:]):
            advance(len(STRENGTHS) - len(losses))
            break
    best = min(losses, key=lambda strength: losses[strength])
    for factor in (HALF_STEP, 1 / HALF_STEP):
        try_out(float(f"{best * factor:.2g}"))
    return unseen, judged, losses


def _solve(head: VectorHead, rows: Tensor, labels: Labels, strength: float) -> None:
    """L-BFGS on all rows at once (Nocedal & Wright, chapter 7)."""
    weight = head.convolve.weight
    optimizer = torch.optim.LBFGS(
        [weight, head.bias],
        max_iter=100,
        history_size=10,
        tolerance_grad=1e-5,
        tolerance_change=1e-7,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = LOSSES[head.cost](head(rows), labels) + 0.5 * strength * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)

"""The probe: heads fitted on frozen, standardised vectors. Convex, so one answer, found in seconds.

Each head is a regularised linear model (its 1x1 convolution); how strong the penalty must be is measured by
cross-validation over folds that keep groups together, and its out-of-fold outputs calibrate the head honestly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

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
SAYS = (0.25, 0.5, 1.0)
"""How much what is told beforehand may count; 0 is tried as well."""
LEAST_GAIN = 0.01
"""By so many nats it must lower the loss to count at all. Where a probe is nearly always right, less says nothing."""
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
    say: float = 0.0
    """How much what was told beforehand counts."""


@dataclass(frozen=True)
class _Task:
    """Rows (N,r), their labels and folds (N,), and what is told of them beforehand (N,1,K), to be added to outputs."""

    rows: Tensor
    labels: Labels
    folds: Tensor
    told: Tensor | None = None

    def outputs(self, head: VectorHead, part: Tensor) -> Tensor:
        """Of the rows `part` (N,) bool: the head's, with what was told."""
        output: Tensor = head(self.rows[part])
        return output if self.told is None else output + self.told[part]

    def saying(self, say: float) -> _Task:
        """The same, with what was told `say` times as loud."""
        return replace(self, told=None if self.told is None or say == 0 else say * self.told)


def fit_probe(
    head: VectorHead,
    embedded: Tensor,
    labels: Labels,
    folds: Tensor,
    *,
    told: Tensor | None = None,
    all_unseen: bool = False,
    advance: Callable[[int], None] = lambda count: None,
) -> Probe:
    """Fit `head` on rows (N,C) with known labels; `folds` (N,) says which rows are judged together.

    The head ends fitted on all rows, with the penalty that did best on rows left out. `all_unseen` asks for an out-of-fold
    output of every row, even where one fold would do to choose by. `told` (N,K) is what is known of the rows beforehand, to be
    added to the outputs as much as helps on rows left out.
    """
    basis = _basis(embedded)
    rows = embedded @ basis.T
    layer = head.convolve
    head.graft(len(basis))
    task = _Task(rows, labels, folds, None if told is None else told[:, None])
    with threads_for(rows.numel() * head.outputs):
        unseen, judged, losses = _judge(head, task.saying(0), advance)
        say, least = 0.0, min(losses.values()) - LEAST_GAIN
        best = min(losses, key=lambda strength: losses[strength])
        for louder in SAYS if told is not None else ():
            near = [float(f"{best * factor:.2g}") for factor in (3, HALF_STEP, 1, 1 / HALF_STEP)]
            others, _, found = _judge(head, task.saying(louder), lambda count: None, near)
            if min(found.values()) < least:
                unseen, losses, say, least = others, found, louder, min(found.values())
                best = min(losses, key=lambda strength: losses[strength])
        task = task.saying(say)
        if all_unseen:
            _fill(unseen[best], judged, head, task, best)
        head.reset()
        for strength in sorted({*(one for one in STRENGTHS if one > best), best}, reverse=True):
            _solve(head, task, torch.ones_like(judged), strength)
    with torch.no_grad():
        layer.weight.copy_((head.convolve.weight.flatten(1) @ basis)[:, :, None, None])
        bias = head.bias.clone()
        head.convolve = layer
        head.bias.copy_(bias)
    return Probe(best, losses, unseen[best], judged, say)


def unseen_outputs(
    head: VectorHead, embedded: Tensor, labels: Labels, folds: Tensor, strength: float, told: Tensor | None = None
) -> Tensor:
    """Outputs (N,1,K) of rows (N,C), each by a probe of one penalty fitted on the other `folds` (N,). `head` is used up.

    `told` (N,K) is added to the outputs as it is.
    """
    basis = _basis(embedded)
    head.graft(len(basis))
    task = _Task(embedded @ basis.T, labels, folds, None if told is None else told[:, None])
    unseen, judged = torch.zeros(len(folds), 1, head.outputs), torch.zeros(len(folds), dtype=torch.bool)
    with threads_for(task.rows.numel() * head.outputs):
        _fill(unseen, judged, head, task, strength)
    return unseen


def fit_at(head: VectorHead, embedded: Tensor, labels: Labels, strength: float) -> None:
    """Fit `head` on rows (N,C), all labels known, with one penalty."""
    with threads_for(embedded.numel() * head.outputs):
        _solve(
            head.reset(),
            _Task(embedded, labels, torch.zeros(len(embedded))),
            torch.ones(len(embedded), dtype=torch.bool),
            strength,
        )


def _fill(unseen: Tensor, judged: Tensor, head: VectorHead, task: _Task, strength: float) -> None:
    """Outputs of the folds that were not needed to choose the penalty."""
    for fold in task.folds[~judged].unique().tolist():
        out = task.folds == fold
        _solve(head.reset(), task, ~out, strength)
        with torch.no_grad():
            unseen[out] = task.outputs(head, out)
        judged |= out


def _basis(embedded: Tensor) -> Tensor:
    """Directions (r,C) that the rows span. A penalised linear fit never leaves them, so fewer rows than columns cost less."""
    if embedded.shape[0] >= embedded.shape[1]:
        return torch.eye(embedded.shape[1])
    directions: Tensor = torch.linalg.svd(embedded, full_matrices=False).Vh
    return directions


def _judge(
    head: VectorHead, task: _Task, advance: Callable[[int], None], strengths: Sequence[float] = ()
) -> tuple[dict[float, Tensor], Tensor, dict[float, float]]:
    """Out-of-fold outputs and their loss under every penalty that was tried, from strong to weak; `strengths` alone if given.

    Once two weaker penalties in a row did worse, the rest is not tried. Then the two half-way to the best one's neighbours
    are: on solar cells a step of 3 between penalties cost what slopes by module type gain.
    """
    folds, count = task.folds, int(task.folds.max()) + 1
    tried = 1 if task.rows.shape[0] * task.rows.shape[1] * head.outputs * count > MUCH_WORK else count
    judged = folds < tried
    states = [deepcopy(head.reset()) for _ in range(tried)]
    unseen: dict[float, Tensor] = {}
    losses: dict[float, float] = {}

    def try_out(strength: float) -> None:
        unseen[strength] = torch.zeros(len(folds), 1, head.outputs)
        for fold, state in enumerate(states):
            out = folds == fold
            _solve(state, task, ~out, strength)
            with torch.no_grad():
                unseen[strength][out] = task.outputs(state, out)
        losses[strength] = float(LOSSES[head.cost](unseen[strength][judged], task.labels.where(judged)))

    for strength in strengths:
        try_out(strength)
    if strengths:
        return unseen, judged, losses
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


def _solve(head: VectorHead, task: _Task, part: Tensor, strength: float) -> None:
    """Fit on all rows of `part` (N,) bool at once."""
    rows, labels = task.rows[part], task.labels.where(part)
    told = 0.0 if task.told is None else task.told[part]

    def cost() -> Tensor:
        loss = LOSSES[head.cost](head(rows) + told, labels)
        loss.backward()
        return loss.detach()

    minimise(head, cost, strength)


def minimise(head: VectorHead, cost: Callable[[], Tensor], strength: float, *, change: float = 1e-7) -> None:
    """L-BFGS (Nocedal & Wright, chapter 7) on the weights of `head`: `cost` gives the mean loss of all rows and adds its
    gradients to theirs. It ends when a step changes the loss by less than `change`.
    """
    weight = head.convolve.weight
    optimizer = torch.optim.LBFGS(
        [weight, head.bias],
        max_iter=100,
        history_size=10,
        tolerance_grad=1e-5,
        tolerance_change=change,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        penalty = 0.5 * strength * weight.square().sum()
        penalty.backward()
        return cost() + penalty.detach()

    optimizer.step(closure)

"""What plain models answer to every row of a table, each by models that had not seen it nor any row of its group.

They judge labels where the model itself cannot: it would have to be trained again for each fold.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.heads.number import NumberHead
from injerto.heads.vector_head import VectorHead
from injerto.learning.judging import FOLDS, judging_folds
from injerto.learning.kin import weight_beside_kin
from injerto.learning.probe import fit_at, unseen_outputs
from injerto.network import Network
from injerto.rivals import boosted, linear
from injerto.rivals.boosted import Boosted
from injerto.rivals.design import Design
from injerto.rivals.misfit import constant, misfit

LEAST_ROWS = 50
"""With a label, below which plain models have too little to learn from to doubt anybody."""
MOST_JUDGED = 200_000
"""Rows that are judged; of more a part is drawn."""
MOST_WORK = 3e6
"""Rows x columns x outputs that the linear model learns from, some seconds on one core; of more rows a part is drawn."""
LEAST_TAUGHT = 2000
HARDEST_WORK = 5e7
"""Of the least rows: beyond, as with hundreds of classes, the linear model would take minutes and is no judge."""
FEW = f"that needs {LEAST_ROWS} rows with one, of {FOLDS} groups at the least."
HARD = "they have so many classes that plain models would take minutes to learn them."
STRENGTHS = (0.3, 0.03, 0.003)
"""Penalties of the linear model: a probe tries more, but these rows are only to be doubted."""
STEPS_OF_ABSOLUTE = 3
"""Times the steps of a squared error, that an absolute one takes."""
BOTH = f"{linear.NAME} and {boosted.NAME}"
MUCH_BETTER = 0.95
"""One kind of model alone is the judge where its misfit is below this share of that of the mean of both, which is steadier."""
OPEN_SHARE = 0.3
"""Of the misfit of one answer for all rows: where the linear model leaves less, trees are not asked, as they take as long."""
AT_ONCE = 4096


@dataclass(frozen=True)
class Unseen:
    """Rows (n,) of the table whose label is known, answers (n,...) to them, and by whom."""

    rows: np.ndarray
    answers: np.ndarray
    who: str
    taught: int
    """Rows that the judges learned from, a fold left out each time."""
    labelled: int
    """Rows that could have been judged."""


@dataclass(frozen=True)
class _Case:
    """One target: rows (n,) of the table with a label, drawn of `labelled`; their labels and folds (n,); units (N,)."""

    head: VectorHead
    rows: np.ndarray
    labels: Labels
    truth: Labels
    folds: Tensor
    unit: np.ndarray
    labelled: int

    def drawn(self, most: int, seed: int) -> Tensor:
        """Which rows (n,) bool are learned from where at most `most` are."""
        chosen = torch.ones(len(self.rows), dtype=torch.bool)
        if len(self.rows) > most:
            kept = np.random.default_rng(seed).choice(len(self.rows), most, replace=False)
            chosen = torch.zeros(len(self.rows), dtype=torch.bool).index_fill(0, torch.from_numpy(kept), True)
        return chosen


def unseen(network: Network, examples: Examples, name: str, rows: np.ndarray, unit: np.ndarray, seed: int) -> Unseen | str:
    """Answers about the target `name` to those of `rows` (n,) that can be used and have a label; or why there are none.

    A linear model on all that the network reads (of files: frozen vectors), boosted trees on the table columns, or the mean of
    both: whichever does best on these rows.
    """
    case = _case(network, examples, name, rows, unit, seed)
    if case is None:
        return FEW
    told, taught = {}, {}
    design = Design(network.blocks, {key: embedder.width for key, embedder in network.media.items()})
    if _work(case, design) * LEAST_TAUGHT <= HARDEST_WORK:
        told[linear.NAME], taught[linear.NAME] = _linear(design, examples, case, seed)
    trees = Boosted(network, examples, seed)
    if _open(case, told) and trees.rounds(case.head.kind, case.head.outputs):
        told[boosted.NAME], taught[boosted.NAME] = _trees(trees, case, seed)
    if not told:
        return HARD
    if len(told) > 1:
        told[BOTH], taught[BOTH] = (told[linear.NAME] + told[boosted.NAME]) / 2, min(taught.values())
    losses = {who: misfit(case.head.kind, answers, case.truth.value) for who, answers in told.items()}
    best = min(losses, key=lambda who: losses[who])
    if losses[best] > MUCH_BETTER * losses.get(BOTH, np.inf):
        best = BOTH
    return Unseen(case.rows, told[best].numpy(), best, taught[best], case.labelled)


def _case(network: Network, examples: Examples, name: str, rows: np.ndarray, unit: np.ndarray, seed: int) -> _Case | None:
    head, labels = network.targets[name], examples.labels[name]
    known = np.sort(rows[examples.usable[rows] & labels.known.numpy()[rows]])
    labelled = len(known)
    if labelled > MOST_JUDGED:
        known = np.sort(np.random.default_rng(seed).choice(known, MOST_JUDGED, replace=False))
    if len(known) < LEAST_ROWS or len(np.unique(unit[known])) < FOLDS:
        return None
    there = torch.from_numpy(known)
    own = labels.take(there)
    head = deepcopy(head)
    if isinstance(head, NumberHead):  # a few wild labels, which are looked for here, must not draw the answers to them
        head.options = head.options.model_copy(update={"loss": "absolute"})
        truth = Labels(own.value.double() * head.std_ + head.mean_, own.known)
    else:
        truth = own
    return _Case(head, known, own, truth, judging_folds(there, own.value, unit, seed), unit, labelled)


def _open(case: _Case, told: Mapping[str, Tensor]) -> bool:
    """Whether those who `told` leave enough open for others to be asked."""
    kind, truth = case.head.kind, case.truth.value
    plain = misfit(kind, constant(kind, truth, case.head.outputs), truth)
    return all(misfit(kind, answers, truth) > OPEN_SHARE * plain for answers in told.values())


def _work(case: _Case, design: Design) -> int:
    """Of the linear model, a row."""
    return design.width * case.head.outputs * (STEPS_OF_ABSOLUTE if case.head.kind == "number" else 1)


def _linear(design: Design, examples: Examples, case: _Case, seed: int) -> tuple[Tensor, int]:
    """Answers (n,...) by linear models with the best of few penalties, and how many rows they learned from."""
    head = deepcopy(case.head).graft(design.width)
    taught = case.drawn(max(LEAST_TAUGHT, int(MOST_WORK / _work(case, design))), seed)
    rows = torch.from_numpy(case.rows)
    design.fit(examples.batch(rows[taught]))
    inside = replace(case.labels.where(taught), weight=weight_beside_kin(rows[taught], case.unit))
    with torch.no_grad():
        embedded = design(examples.batch(rows[taught]))
    tried = {strength: unseen_outputs(deepcopy(head), embedded, inside, case.folds[taught], strength) for strength in STRENGTHS}
    truth = case.truth.where(taught).value
    best = min(tried, key=lambda strength: misfit(head.kind, head.answer(tried[strength]), truth))
    outputs = torch.empty(len(rows), *tried[best].shape[1:])
    outputs[taught] = tried[best]
    for fold in case.folds[~taught].unique().tolist():
        others = case.folds[taught] != fold
        fit_at(head, embedded[others], inside.where(others), best)
        with torch.no_grad():
            for part in (~taught & (case.folds == fold)).nonzero()[:, 0].split(AT_ONCE):
                outputs[part] = head(design(examples.batch(rows[part])))
    head.calibrate(outputs, case.labels)
    return head.answer(outputs), int(taught.sum())


def _trees(trees: Boosted, case: _Case, seed: int) -> tuple[Tensor, int]:
    """Answers (n,...) by boosted trees, fold by fold, and how many rows they learned from."""
    kind, outputs = case.head.kind, case.head.outputs
    taught = case.drawn(trees.most_rows(kind, outputs), seed).numpy()
    answers = np.zeros(len(case.rows) if kind == "number" else (len(case.rows), outputs))
    for fold in np.unique(case.folds.numpy()):
        out = case.folds.numpy() == fold
        answers[out] = trees.answer(kind, outputs, case.truth, case.rows, taught & ~out, out)
    return torch.from_numpy(answers), int(taught.sum())

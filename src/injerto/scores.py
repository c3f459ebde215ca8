"""The honest score: the finished model on rows it never saw, beside a baseline that knows only the training labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor

from injerto.answering import answers_twice, placed, placed_uncalibrated
from injerto.artifact.artifact import Artifact
from injerto.calibration import add_calibration
from injerto.evaluate import apart_of, figures_of, score
from injerto.evidence import evidence_of
from injerto.examples import Examples
from injerto.learner import heads_of
from injerto.metrics.verdict import BASELINE
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.table.table import Table


@dataclass(frozen=True)
class Answered:
    """Rows (n,) of one part of the split that can be used, and each target's answers to them before `placed`."""

    rows: np.ndarray
    answers: dict[str, Tensor]
    plain: dict[str, Tensor] = field(default_factory=dict)
    """Of targets with probabilities, the same as if they had never been calibrated."""


def answered(artifact: Artifact, examples: Examples | Photos, progress: Progress) -> dict[str, Answered]:
    """The answers by part of the split, for those that taught the network nothing: test, then tune.

    A fine-tuned model sees the vectors of its own layers: `examples` must have been made with them.
    """
    found = {}
    for part, indices in (("test", artifact.rows.test), ("tune", artifact.rows.tune)):
        rows = indices[examples.usable[indices]]
        if len(rows):
            found[part] = Answered(rows, *answers_twice(artifact.network, examples, rows, progress))
    return found


def scores_of(
    artifact: Artifact, table: Table, parts: Mapping[str, Answered], unit: np.ndarray
) -> tuple[dict[str, Any], dict[str, Any]]:
    """By part of the split, by target: figures, intervals and the baseline's figures; and the evidence of the first part.

    Intervals are drawn over the `unit` (N,) that each row of `table` belongs to.
    """
    heads = artifact.network.targets
    scores: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for part, found in parts.items():
        there = table.take(found.rows)
        answers = placed(artifact.network, there, found.answers)
        before = placed_uncalibrated(artifact.network, there, found.answers, found.plain)
        drawn = drawn_units(unit, found.rows)
        scores[part] = {name: one.to_json() for name, one in score(heads, there, answers, units=drawn).items()}
        add_calibration(scores[part], heads, there, before, answers, part=part)
        if evidence:  # the first part is the one that is shown
            continue
        plain = {name: head.placed(head.baseline(len(there)), there) for name, head in heads.items()}
        for name, apart in apart_of(heads, there, answers, plain, drawn).items():
            scores[part][name]["against"] = {BASELINE: apart}
        evidence = evidence_of(heads, artifact.schema, there, answers, before)
    return scores, evidence


def add_rival(
    artifact: Artifact,
    table: Table,
    parts: Mapping[str, Answered],
    rival: str,
    answers: Mapping[str, Tensor],
    unit: np.ndarray,
) -> None:
    """Put another way to answer into `artifact.scores`, on the same rows as the model: `rivals`, by name, beside `baseline`,
    and under `against` how the model differs from it.

    `answers` (N,...), a tensor a target over all of `table`, must come from other rows than the one they answer.
    """
    heads = {name: head for name, head in heads_of(artifact.network).items() if name in answers}
    for part, found in parts.items():
        there, drawn = table.take(found.rows), drawn_units(unit, found.rows)
        own = {name: head.placed(answers[name][found.rows], there) for name, head in heads.items()}
        model = {name: head.placed(found.answers[name], there) for name, head in heads.items()}
        for name, figures in figures_of(heads, there, own).items():
            artifact.scores[part][name].setdefault("rivals", {})[rival] = figures
        for name, apart in apart_of(heads, there, model, own, drawn).items():
            artifact.scores[part][name].setdefault("against", {})[rival] = apart


def drawn_units(unit: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    """What a bootstrap draws of `rows`: the `unit` (N,) of each; None where every row is one by itself."""
    own = unit[rows]
    return None if len(np.unique(own)) == len(own) else own

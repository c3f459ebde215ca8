"""The honest score: the finished model on rows it never saw, beside a baseline that knows only the training labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from injerto.answering import answers_of, placed
from injerto.artifact.artifact import Artifact
from injerto.evaluate import score
from injerto.evidence import evidence_of
from injerto.examples import Examples
from injerto.heads.head import Head
from injerto.learner import heads_of
from injerto.photos import Photos
from injerto.progress import Progress
from injerto.table.grouping import Grouping
from injerto.table.table import Table


@dataclass(frozen=True)
class Answered:
    """Rows (n,) of one part of the split that can be used, and each target's answers to them before `placed`."""

    rows: np.ndarray
    answers: dict[str, Tensor]


def answered(artifact: Artifact, examples: Examples | Photos, progress: Progress) -> dict[str, Answered]:
    """The answers by part of the split, for those that taught the network nothing: test, then tune.

    A fine-tuned model sees the vectors of its own layers: `examples` must have been made with them.
    """
    found = {}
    for part, indices in (("test", artifact.rows.test), ("tune", artifact.rows.tune)):
        rows = indices[examples.usable[indices]]
        if len(rows):
            found[part] = Answered(rows, answers_of(artifact.network, examples, rows, progress))
    return found


def scores_of(artifact: Artifact, table: Table, parts: Mapping[str, Answered]) -> tuple[dict[str, Any], dict[str, Any]]:
    """By part of the split, by target: figures, intervals and the baseline's figures; and the evidence of the first part."""
    heads = artifact.network.targets
    scores: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for part, found in parts.items():
        there = table.take(found.rows)
        answers = placed(artifact.network, there, found.answers)
        scores[part] = _scores(heads, there, answers, artifact.schema.split.grouping)
        evidence = evidence or evidence_of(heads, artifact.schema, there, answers)
    return scores, evidence


def add_rival(
    artifact: Artifact, table: Table, parts: Mapping[str, Answered], rival: str, answers: Mapping[str, Tensor]
) -> None:
    """Put another way to answer into `artifact.scores`, on the same rows as the model: `rivals`, by name, beside `baseline`.

    `answers` (N,...), a tensor a target over all of `table`, must come from other rows than the one they answer.
    """
    heads = heads_of(artifact.network)
    for part, found in parts.items():
        there = table.take(found.rows)
        own = placed(artifact.network, there, {name: given[found.rows] for name, given in answers.items()})
        for name, scored in score(heads, there, own, group=artifact.schema.split.grouping).items():
            artifact.scores[part][name].setdefault("rivals", {})[rival] = scored.figures


def _scores(heads: Mapping[str, Head], table: Table, answers: Mapping[str, Tensor], group: Grouping | None) -> dict[str, Any]:
    guesses = {name: head.placed(head.baseline(len(table)), table) for name, head in heads.items()}
    scored = score(heads, table, answers, group=group)
    baseline = score(heads, table, guesses, group=group)
    return {name: {**found.to_json(), "baseline": baseline[name].figures} for name, found in scored.items()}

"""The honest score: the finished model on rows it never saw, beside a baseline that knows only the training labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from injerto.artifact.artifact import Artifact
from injerto.evaluate import score
from injerto.evidence import evidence_of
from injerto.examples import Examples
from injerto.heads.head import Head
from injerto.photos import Photos
from injerto.predict import answers_of, placed
from injerto.progress import Progress
from injerto.table.table import Table


def scores_of(
    artifact: Artifact, table: Table, examples: Examples | Photos, progress: Progress
) -> tuple[dict[str, Any], dict[str, Any]]:
    """By part of the split, by target: figures, intervals and the baseline's figures; and the evidence of the first part.

    A fine-tuned model sees the vectors of its own layers: `examples` must have been made with them.
    """
    heads = artifact.network.targets
    scores: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for part, indices in (("test", artifact.rows.test), ("tune", artifact.rows.tune)):
        rows = indices[examples.usable[indices]]
        if not len(rows):
            continue
        there = table.take(rows)
        answers = placed(artifact.network, there, answers_of(artifact.network, examples, rows, progress))
        scores[part] = _scores(heads, there, answers, artifact.schema.split.group)
        evidence = evidence or evidence_of(heads, artifact.schema, there, answers)
    return scores, evidence


def _scores(heads: Mapping[str, Head], table: Table, answers: Mapping[str, Tensor], group: str | None) -> dict[str, Any]:
    guesses = {name: head.placed(head.baseline(len(table)), table) for name, head in heads.items()}
    scored = score(heads, table, answers, group=group)
    baseline = score(heads, table, guesses, group=group)
    return {name: {**found.to_json(), "baseline": baseline[name].figures} for name, found in scored.items()}

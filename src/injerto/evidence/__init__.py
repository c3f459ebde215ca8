"""What the figures alone do not show: which classes are taken for which, whether sure answers are right, the worst rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from torch import Tensor

from injerto.evidence.drawn import drawn
from injerto.evidence.individual import individual_evidence
from injerto.evidence.keypoints import keypoints_evidence
from injerto.evidence.number import number_evidence
from injerto.evidence.rows import described
from injerto.evidence.several_classes import classes_evidence
from injerto.evidence.single_class import class_evidence
from injerto.evidence.told import Told
from injerto.heads.head import Head
from injerto.schema.schema import Schema
from injerto.table.table import Table

Judge = Callable[[Mapping[str, Any], np.ndarray, np.ndarray], tuple[dict[str, Any], dict[str, list[Told]]]]
"""A head's state with its `parts`, truth and answers (n, ...) to what the report shows as JSON, and to rows by the name of
their gallery: `worst`, and what else a kind has to show."""

SMALL = 112
"""Pixels of the longer side of photos behind the cells of a confusion matrix: there are many."""

EVIDENCE: dict[str, Judge] = {
    "class": class_evidence,
    "classes": classes_evidence,
    "number": number_evidence,
    "keypoints": keypoints_evidence,
    "individual": individual_evidence,
}


def evidence_of(
    heads: Mapping[str, Head],
    schema: Schema,
    table: Table,
    answers: Mapping[str, Tensor],
    plain: Mapping[str, Tensor] | None = None,
) -> dict[str, Any]:
    """By target: what the report shows of `answers`, one tensor a target over the rows of `table`. All of it is JSON.

    `plain` are the same answers before calibration, of targets that have such.
    """
    found = {}
    for name, head in heads.items():
        truth = head.truth(head.column(table))
        labelled = np.flatnonzero(truth.known.numpy())
        if not len(labelled):
            continue
        known = {**head.state(), **head.told(), "parts": head.parts}
        shown, galleries = EVIDENCE[head.kind](known, truth.value.numpy()[labelled], answers[name].numpy()[labelled])
        rows = {gallery: [_row(one, table, schema, name, labelled) for one in told] for gallery, told in galleries.items()}
        if plain and name in plain:
            before, _ = EVIDENCE[head.kind](known, truth.value.numpy()[labelled], plain[name].numpy()[labelled])
            shown |= {f"{key}_before": before[key] for key in ("reliability", "reliability_new") if key in before}
        found[name] = {"kind": head.kind, "rows": len(labelled), **shown, **rows}
    return found


def _row(told: Told, table: Table, schema: Schema, target: str, labelled: np.ndarray) -> dict[str, Any]:
    words: dict[str, Any] = {"truth": told.truth, "answer": told.answer}
    words |= {} if told.chance is None else {"chance": round(told.chance, 4)}
    index, photo = int(labelled[told.index]), schema.targets[target].photo
    if told.marks and photo is not None:
        return {**words, **drawn(table, (photo, schema.inputs[photo]), index, told.marks)}
    if told.cell is not None:
        return {**words, "cell": list(told.cell), **described(table, schema.inputs, index, side=SMALL, heard=False)}
    alike = {"lookalikes": [asdict(one) for one in told.lookalikes]} if told.lookalikes else {}
    return {**words, **alike, **described(table, schema.inputs, index)}

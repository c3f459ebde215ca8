"""What the figures alone do not show: which classes are taken for which, whether sure answers are right, the worst rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from injerto.evidence.keypoints import keypoints_evidence
from injerto.evidence.number import number_evidence
from injerto.evidence.rows import described
from injerto.evidence.several_classes import classes_evidence
from injerto.evidence.single_class import class_evidence
from injerto.heads.head import Head
from injerto.schema.schema import Schema
from injerto.table.table import Table

Judge = Callable[[Mapping[str, Any], np.ndarray, np.ndarray], tuple[dict[str, Any], list[tuple[int, str, str]]]]
"""A head's state, truth and answers (n, ...) to what the report shows as JSON, and the worst rows: index, truth, answer."""

EVIDENCE: dict[str, Judge] = {
    "class": class_evidence,
    "classes": classes_evidence,
    "number": number_evidence,
    "keypoints": keypoints_evidence,
}


def evidence_of(heads: Mapping[str, Head], schema: Schema, table: Table, answers: Mapping[str, Tensor]) -> dict[str, Any]:
    """By target: what the report shows of `answers`, one tensor a target over the rows of `table`. All of it is JSON."""
    found = {}
    for name, head in heads.items():
        truth = head.truth(head.column(table))
        labelled = np.flatnonzero(truth.known.numpy())
        if not len(labelled):
            continue
        shown, worst = EVIDENCE[head.kind](head.state(), truth.value.numpy()[labelled], answers[name].numpy()[labelled])
        shown["worst"] = [
            {"truth": true, "answer": given, **described(table, schema.inputs, int(labelled[index]))}
            for index, true, given in worst
        ]
        found[name] = {"kind": head.kind, "rows": len(labelled), **shown}
    return found

"""Labels of classes that may be wrong, as the report, the model's folder and a person read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from injerto.evidence.rows import described
from injerto.heads.single_class import ClassHead
from injerto.learning.wrong_classes import margins, suspected
from injerto.schema.schema import Input
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table

MOST = 200
SHOWN = 12
"""With their pictures, in the report."""


def label_doubts(
    head: ClassHead, table: Table, inputs: Mapping[str, Input], rows: np.ndarray, answers: np.ndarray
) -> list[dict[str, Any]]:
    """The most suspicious first: `row` in the table as given, `file`, the `label` given, the one `suggested`, the `chance`
    (0 to 1) that models which had not seen the row give to the label; the first also have `pictures` and `values`.

    `rows` (n,) are places in the table, `answers` (n,K) probabilities.
    """
    labels = head.encode(head.column(table)).value.numpy()[rows]
    known = labels >= 0
    rows, labels, answers = rows[known], labels[known], answers[known]
    margin = margins(answers, labels)
    wrong = np.flatnonzero(suspected(answers, labels))
    wrong = wrong[np.argsort(margin[wrong], kind="stable")][:MOST]
    media = [table.column(name) for name, item in inputs.items() if item.kind in ("image", "sound")]
    found = []
    for rank, place in enumerate(wrong.tolist()):
        row = int(rows[place])
        shown = described(table, inputs, row) if rank < SHOWN else {}
        other = answers[place].copy()
        other[labels[place]] = -1
        found.append(
            shown
            | {
                "row": int(np.asarray(table.rows)[row]),
                "file": media_name(media[0].cell(row)) if media else "",
                "label": head.choices[labels[place]],
                "suggested": head.choices[int(other.argmax())],
                "chance": round(float(answers[place, labels[place]]), 4),
            }
        )
    return found

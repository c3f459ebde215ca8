"""Labels that may be wrong, as the report, the model's folder and a person read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from injerto.evidence.rows import described
from injerto.evidence.wrong_labels import DOUBTS, Doubt
from injerto.heads.vector_head import VectorHead
from injerto.schema.schema import Input
from injerto.table.cell_bytes import media_name
from injerto.table.table import Table
from injerto.table.words import words

MOST = 200
SHOWN = 12
"""With their pictures and sounds, in the report."""
MOST_PLAYED = 2_000_000
"""Bytes of pictures and sounds of all targets together, so that the page goes by mail; later rows are listed without."""


@dataclass(frozen=True)
class Judged:
    """Rows (n,) of a table, answers (n,...) to them, and who gave each (n,), in words."""

    rows: np.ndarray
    answers: np.ndarray
    who: Sequence[str]


@dataclass
class Room:
    """What may still be put into the page."""

    left: int = MOST_PLAYED


def label_doubts(
    head: VectorHead, table: Table, inputs: Mapping[str, Input], judged: Judged, room: Room
) -> tuple[list[dict[str, Any]], int]:
    """The most suspicious first, and how many there are in all. A row of `judged` without a label is not looked at.

    Each has the `row` in the table as given, `file`, the `label` given, the one `suggested`, the `judge`, and of `Doubt` what
    its kind has; the first also have `pictures`, `sounds` and `values`.
    """
    truth = head.learned_truth(head.column(table))
    known = np.flatnonzero(truth.known.numpy()[judged.rows])
    rows, answers = judged.rows[known], judged.answers[known]
    doubts = DOUBTS[head.kind](head, truth.value.numpy()[rows], answers)
    labels = words(head.column(table).values)
    files = [table.column(name) for name, item in inputs.items() if item.kind in ("image", "sound")]
    found = []
    for rank, doubt in enumerate(doubts[:MOST]):
        row = int(rows[doubt.place])
        shown = described(table, inputs, row, heard=room.left > 0) if rank < SHOWN else {}
        room.left -= sum(len(one["picture"]) + len(one.get("sound", "")) for one in shown.get("sounds", ()))
        found.append(
            shown
            | {
                "row": int(np.asarray(table.rows)[row]),
                "file": media_name(files[0].cell(row)) if files else "",
                "label": labels[row],
                "suggested": doubt.suggested,
                "judge": judged.who[int(known[doubt.place])],
            }
            | _told(doubt)
        )
    return found, len(doubts)


def _told(doubt: Doubt) -> dict[str, Any]:
    """What of a doubt there is."""
    numbers = {"chance": doubt.chance, "times": doubt.times, "typical": doubt.typical}
    told: dict[str, Any] = {name: float(f"{value:.4g}") for name, value in numbers.items() if value is not None}
    return told | {name: list(labels) for name, labels in (("too_many", doubt.too_many), ("missing", doubt.missing)) if labels}

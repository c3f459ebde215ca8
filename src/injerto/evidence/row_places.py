"""Rows that test a network on a map of what it makes of them; the directions are taken from rows that taught it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.evidence.places import MOST_TAUGHT, SHOWN, places
from injerto.evidence.single_class import NEW
from injerto.examples import Examples
from injerto.heads.vector_head import VectorHead
from injerto.network import Network
from injerto.table.table import Table

FEWEST = 8
"""Rows that a map is drawn of."""


def row_places(
    network: Network, examples: Examples, table: Table, taught: np.ndarray, judged: np.ndarray, answers: dict[str, Tensor]
) -> dict[str, list[dict[str, Any]]]:
    """By target of one class or one number, the rows of its map: `x`, `y`, `row`, and its `label` and `answer`, or its `value`.

    `taught` (n,) and `judged` (m,) are places in the table; `answers` (m,...) to the latter by target.
    """
    found = {}
    for name, head in network.targets.items():
        if head.kind not in ("class", "number"):
            continue
        labels = head.encode(head.column(table))
        truth = head.truth(head.column(table))
        there = taught[examples.usable[taught] & labels.known.numpy()[taught]]
        there = there[_evenly(len(there), MOST_TAUGHT)]
        kept = np.flatnonzero(truth.known.numpy()[judged])
        kept = kept[_evenly(len(kept), SHOWN)]
        if min(len(there), len(kept)) < FEWEST:
            continue
        said = [
            {"row": int(table.rows[place]), **_said(head, truth.value[place], answer)}
            for place, answer in zip(judged[kept].tolist(), answers[name][torch.from_numpy(kept)], strict=True)
        ]
        known = _columns(head, labels.value[torch.from_numpy(there)])
        found[name] = places(_vectors(network, examples, there), known, _vectors(network, examples, judged[kept]), said)
    return found


@torch.inference_mode()
def _vectors(network: Network, examples: Examples, rows: np.ndarray) -> np.ndarray:
    network.eval()
    embedded = network.mean_embedded(examples.batch(torch.from_numpy(rows)))
    return np.asarray(embedded.nan_to_num().double().numpy())


def _columns(head: VectorHead, value: Tensor) -> np.ndarray:
    """Labels (n,) as columns (n, K): a class as ones and zeros, a number as it is."""
    if head.kind == "number":
        return np.asarray(value.double().reshape(len(value), -1).numpy())
    return np.asarray(np.eye(len(head.choices))[value.numpy()])


def _said(head: VectorHead, truth: Tensor, answer: Tensor) -> dict[str, Any]:
    if head.kind == "number":
        return {"value": float(f"{float(truth):.5g}")}
    code, given = int(truth), int(answer.argmax())
    return {"label": NEW if code < 0 else str(head.choices[code]), "answer": str(head.choices[given])}


def _evenly(count: int, most: int) -> np.ndarray:
    """Places of at most `most` of `count`, the same every time."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64)) if count else np.empty(0, dtype=np.int64)

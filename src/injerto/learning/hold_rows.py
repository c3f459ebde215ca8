"""What a trained head keeps of rows that taught nothing: how they were answered, so that promises can be counted from them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.heads.held_out import HeldOut, Source
from injerto.heads.vector_head import VectorHead
from injerto.table.table import Table


@torch.no_grad()
def hold_rows(
    head: VectorHead, table: Table, rows: Tensor, output: Tensor, unit: np.ndarray, source: Source, trust: Tensor | None = None
) -> None:
    """Put into the calibrated `head` how it answers `rows` (n,) of `table`, of outputs (n,...) that they taught nothing of.

    `unit` (N,) says which rows of the table came together; `trust` (N,), how far its sounds are like those of other folds.
    """
    truth = head.truth(head.column(table.take(rows.numpy())))
    known = truth.known
    answer = head.trusted(output[known], None if trust is None else trust[rows][known])
    own = np.unique(unit[rows.numpy()], return_inverse=True)[1]
    grades = head.grade(answer, truth.value[known])
    head.held_out = HeldOut(grades, torch.from_numpy(own.astype(np.int64))[known], source).few()

"""Folds to judge a probe by: rows that belong together stay together, classes are spread evenly."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from injerto.errors import TrainingError
from injerto.table.folds import folds

FOLDS = 5


def judging_folds(rows: Tensor, values: Tensor, unit: np.ndarray, seed: int) -> Tensor:
    """The fold of each of `rows` (n,) with labels `values` (n,...); rows of the table with the same `unit` (N,) stay together.

    *Raises* TrainingError when all rows are of one unit.
    """
    own = np.unique(unit[rows.numpy()], return_inverse=True)[1]
    count = min(FOLDS, int(own.max()) + 1)
    if count < 2:
        raise TrainingError(
            "All training rows belong to one group: nothing can be held out to choose by. Give rows of other groups."
        )
    whole = values.ndim == 1 and not values.is_floating_point()
    strata = values.numpy().astype(np.int64) if whole else np.zeros(len(rows), dtype=np.int64)
    return torch.from_numpy(folds(count, strata=strata, groups=own, seed=seed))

"""Nearest neighbours, a forest and boosted trees, on integer codes, on embeddings, and with the categories done justice.

All learn the log of sales, as in the paper.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from lightgbm import LGBMRegressor
from rossmann_data import AUTHORS, Sample, levels_of
from rossmann_net import codes_of
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import Normalizer, TargetEncoder

CORES = len(os.sched_getaffinity(0))
ROUNDS = 1000
BOOSTING: dict[str, Any] = {
    "learning_rate": 0.06,
    "max_depth": 10,
    "num_leaves": 1023,
    "subsample": 0.7,
    "subsample_freq": 1,
    "colsample_bytree": 0.7,
    "verbose": -1,
    "n_jobs": CORES,
}
"""NOTE differs from the paper: LightGBM in place of XGBoost, and 1,000 rounds of rate 0.06 in place of 3,000 of 0.02."""

FEW_COLUMNS = 15
"""Up to so many a k-d tree finds neighbours faster than looking at every row does."""

Matrices = tuple[np.ndarray, np.ndarray]
"""Inputs of the training rows (N,F) and of the test rows (n,F)."""


def integer_codes(sample: Sample) -> Matrices:
    """The paper's raw columns: the places of the levels, as if they were numbers."""
    levels = levels_of(sample)
    return codes_of(sample.train, levels), codes_of(sample.test, levels)


def target_encoded(sample: Sample) -> Matrices:
    """Each level as the mean log of sales of its rows, learned out of fold for the training rows."""
    folds = KFold(5, shuffle=True, random_state=sample.seed)
    encoder = TargetEncoder(target_type="continuous", cv=folds)
    train, test = (table.select(AUTHORS).cast(pl.String).to_numpy() for table in (sample.train, sample.test))
    return np.asarray(encoder.fit_transform(train, logs(sample))), np.asarray(encoder.transform(test))


def side_by_side(one: Matrices, other: Matrices) -> Matrices:
    """Two sets of columns side by side."""
    return np.hstack([one[0], other[0]]), np.hstack([one[1], other[1]])


def logs(sample: Sample) -> np.ndarray:
    """What is learned (N,)."""
    return np.asarray(np.log(sample.train["Sales"].to_numpy()))


def euros(answers: np.ndarray) -> np.ndarray:
    """Logs back to sales (n,)."""
    back: np.ndarray = np.exp(answers)
    return back


def neighbours(sample: Sample, matrices: Matrices) -> np.ndarray:
    """Ten neighbours by their distance along the axes; rows are brought to length 1 first, as in the authors' code."""
    train, test = (Normalizer().fit_transform(part.astype(np.float64)) for part in matrices)
    # The authors' tree has to visit nearly all of its leaves in 41 columns; every search finds the same neighbours.
    search = "kd_tree" if train.shape[1] <= FEW_COLUMNS else "brute"
    model = KNeighborsRegressor(n_neighbors=10, weights="distance", p=1, algorithm=search, n_jobs=CORES)
    return euros(model.fit(train, logs(sample)).predict(test))


def forest(sample: Sample, matrices: Matrices) -> np.ndarray:
    """200 trees of a depth of up to 35."""
    model = RandomForestRegressor(n_estimators=200, max_depth=35, n_jobs=CORES, random_state=sample.seed)
    return euros(model.fit(matrices[0].astype(np.float32), logs(sample)).predict(matrices[1].astype(np.float32)))


def boosting(sample: Sample, matrices: Matrices, *, native: Sequence[int] = ()) -> np.ndarray:
    """LightGBM; the levels of `native` columns it splits into groups of its own finding."""
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    model = LGBMRegressor(n_estimators=ROUNDS, random_state=sample.seed, **BOOSTING)
    model.fit(matrices[0], logs(sample), categorical_feature=list(native))
    return euros(np.asarray(model.predict(matrices[1])))

"""Boosted trees on the table columns, where LightGBM is installed: what analysts of tables would have used."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor

from injerto.examples import Examples
from injerto.features.levels import LevelsFeature
from injerto.heads.head import Head
from injerto.network import Network
from injerto.table.table import Table

NAME = "LightGBM"
MOST_ROWS = 50_000
"""Rows that are learned from; of more a part is drawn."""
MOST_CELLS = 2e9
"""Rows x columns x classes x rounds: about half a minute on one core."""
MOST_ROUNDS, LEAST_ROUNDS = 300, 20
PATIENCE = 30
KINDS = ("class", "number")


def installed() -> bool:
    """Whether LightGBM can be imported."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):  # OSError: a library that it links to is not there
        return False
    return True


def trees_answers(
    network: Network, examples: Examples, table: Table, name: str, taught: tuple[np.ndarray, np.ndarray], seed: int
) -> Tensor | None:
    """Answers (N,...) to all rows about the target `name`; `taught` are the rows that train and those that say when to stop.

    None for kinds that trees do not answer here, and where the table has nothing but files. Defaults of LightGBM but for a rate
    of 0.05, with early stopping on the tune rows.
    """
    head: Head = network.targets[name]
    cells, categories = cells_of(network, examples)
    if head.kind not in KINDS or cells is None:
        return None
    labels = head.encode(head.column(table))
    known = labels.known.numpy() & examples.usable
    train, tune = (part[known[part]] for part in taught)
    if len(train) > MOST_ROWS:
        train = np.sort(np.random.default_rng(seed).choice(train, MOST_ROWS, replace=False))
    if not len(tune) or not len(train):
        return None
    count = len(head.choices) if head.kind == "class" else 1
    rounds = int(np.clip(MOST_CELLS / (len(train) * cells.shape[1] * max(1, count if count > 2 else 1)), 0, MOST_ROUNDS))
    if rounds < LEAST_ROUNDS:
        return None
    target = labels.value.numpy() if head.kind == "class" else head.truth(head.column(table)).value.numpy()
    objective = _objective(head, count) | {"seed": seed, "num_threads": torch.get_num_threads()}
    told = _boosted(cells, target, train, tune, categories, objective, rounds)
    if head.kind == "number":
        return torch.from_numpy(told)
    return torch.from_numpy(np.stack([1 - told, told], axis=1) if count == 2 else told)


def _objective(head: Head, count: int) -> dict[str, Any]:
    if head.kind == "number":
        return {"objective": "regression_l1" if head.options.loss == "absolute" else "regression"}
    return {"objective": "binary"} if count == 2 else {"objective": "multiclass", "num_class": count}


def cells_of(network: Network, examples: Examples) -> tuple[np.ndarray | None, list[int]]:
    """All columns but files (N,F) float32, and which of them are categories. Cells of several levels are left out."""
    parts: list[np.ndarray] = []
    categories: list[int] = []
    width = 0
    for block in network.blocks:
        if block.key not in examples.scalars or block.key == "categories":
            continue
        values = examples.scalars[block.key].numpy().astype(np.float32)
        if isinstance(block.features[0], LevelsFeature):
            categories += range(width, width + values.shape[1])
        parts.append(values)
        width += values.shape[1]
    return (np.concatenate(parts, axis=1) if parts else None), categories


def _boosted(
    cells: np.ndarray,
    target: np.ndarray,
    train: np.ndarray,
    tune: np.ndarray,
    categories: list[int],
    objective: dict[str, Any],
    rounds: int,
) -> np.ndarray:
    import lightgbm

    options = {"learning_rate": 0.05, "verbosity": -1, "deterministic": True, "force_row_wise": True, **objective}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of its own parameters
        shown = lightgbm.Dataset(cells[train], target[train], categorical_feature=categories, params=options)
        judged = lightgbm.Dataset(cells[tune], target[tune], reference=shown, params=options)
        stop = lightgbm.early_stopping(PATIENCE, verbose=False)
        booster = lightgbm.train(options, shown, num_boost_round=rounds, valid_sets=[judged], callbacks=[stop])
        return np.asarray(booster.predict(cells), dtype=np.float64)

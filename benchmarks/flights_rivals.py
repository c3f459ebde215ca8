"""Gradient-boosted trees on the flights table: native categories, early stopping, then a refit."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl
from catboost import CatBoostClassifier
from flights_data import NUMBERS, truth
from lightgbm import LGBMClassifier, early_stopping

MOST_TREES = 3000
PATIENCE = 100


@dataclass(frozen=True)
class Answer:
    """Probability of late for each test row (n,), and the seconds of all fits."""

    name: str
    late: np.ndarray
    seconds: float


def lightgbm(table: pl.DataFrame, categories: list[str]) -> list[Answer]:
    """LightGBM with its defaults but for the learning rate 0.05 and 63 leaves."""
    x, y, train, tune, test = _matrix(table, categories)
    started = time.perf_counter()
    for name in categories:
        # Levels that training never saw are missing, as they would be in use.
        x[name] = x[name].astype("category").cat.set_categories(sorted(set(x[name][train])))
    settings = {"learning_rate": 0.05, "num_leaves": 63, "verbose": -1, "random_state": 0}
    model = LGBMClassifier(n_estimators=MOST_TREES, **settings)
    warnings.filterwarnings("ignore", category=FutureWarning)  # LightGBM is about to rename eval_set
    warnings.filterwarnings("ignore", category=UserWarning)
    stop = [early_stopping(PATIENCE, verbose=False)]
    model.fit(x[train], y[train], eval_set=[(x[tune], y[tune])], eval_metric="binary_logloss", callbacks=stop)
    first = Answer("LightGBM", model.predict_proba(x[test])[:, 1], time.perf_counter() - started)
    again = LGBMClassifier(n_estimators=max(1, model.best_iteration_), **settings)
    again.fit(x[train | tune], y[train | tune])
    return [first, Answer("LightGBM, refit", again.predict_proba(x[test])[:, 1], time.perf_counter() - started)]


def catboost(table: pl.DataFrame, categories: list[str]) -> list[Answer]:
    """CatBoost with its defaults."""
    x, y, train, tune, test = _matrix(table, categories)
    started = time.perf_counter()
    settings = {"cat_features": categories, "verbose": 0, "random_seed": 0, "allow_writing_files": False}
    model = CatBoostClassifier(iterations=MOST_TREES, **settings)
    model.fit(x[train], y[train], eval_set=(x[tune], y[tune]), early_stopping_rounds=PATIENCE)
    first = Answer("CatBoost", model.predict_proba(x[test])[:, 1], time.perf_counter() - started)
    again = CatBoostClassifier(iterations=model.tree_count_, learning_rate=model.learning_rate_, **settings)
    again.fit(x[train | tune], y[train | tune])
    return [first, Answer("CatBoost, refit", again.predict_proba(x[test])[:, 1], time.perf_counter() - started)]


def _matrix(table: pl.DataFrame, categories: list[str]):
    """Inputs as pandas, labels, and the masks of train, tune and test. Dates as the parts trees can use."""
    date = pl.col("date").dt
    parts = {"month": date.month(), "day": date.day(), "day_of_year": date.ordinal_day(), "weekday": date.weekday()}
    levels = [pl.col(name).cast(pl.String).fill_null("missing") for name in categories]
    x = table.select(*NUMBERS, *levels).with_columns(table.select(**parts)).to_pandas()
    masks = [(table["part"] == part).to_numpy() for part in ("train", "tune", "test")]
    return x, truth(table), *masks

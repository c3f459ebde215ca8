"""Labels of classes that may be wrong: rows that models which had not seen them take for another class."""

from __future__ import annotations

import numpy as np


def margins(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How far (N,) the probability of a row's label is above that of the likeliest other class: lowest where it is wrong.

    `probabilities` (N,K) are of models that had not seen the row, `labels` (N,) codes from 0 to K-1.

    Example:
        >>> margins(np.array([[0.7, 0.3], [0.9, 0.1]]), np.array([0, 1])).round(1)
        array([ 0.4, -0.8])
    """
    rows = np.arange(len(labels))
    others = probabilities.astype(np.float64)
    own = others[rows, labels].copy()
    others[rows, labels] = -np.inf
    return np.asarray(own - others.max(axis=1, initial=-np.inf))


def suspected(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which rows (N,) count as wrong: of the classes that are as likely as usual for rows with that label, another leads.

    A class that is never given with much confidence needs less of it, so that rare and hard classes have suspects too.

    *Source:* Northcutt, Jiang, Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70, 2021, 3.1.
    """
    count = probabilities.shape[1]
    usual = np.array([probabilities[labels == one, one].mean() if (labels == one).any() else np.inf for one in range(count)])
    likely = np.where(probabilities >= usual, probabilities, -np.inf)
    return np.asarray((likely.max(axis=1) > -np.inf) & (likely.argmax(axis=1) != labels))

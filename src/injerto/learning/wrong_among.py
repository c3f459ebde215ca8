"""Labels that may be wrong where a row has several: each label, given or not given, is judged by itself."""

from __future__ import annotations

import numpy as np

from injerto.learning.wrong_classes import margins, suspected


def margins_among(probabilities: np.ndarray, given: np.ndarray) -> np.ndarray:
    """How far (N,K) the probability of what a row says of each label, given or not, is above that of the opposite.

    `probabilities` (N,K) that a label belongs to a row are of models that had not seen it; `given` (N,K) is whether it does.

    Example:
        >>> margins_among(np.array([[0.9, 0.2]]), np.array([[False, False]])).round(1)
        array([[-0.8,  0.6]])
    """
    return np.stack([margins(*_alone(probabilities, given, one)) for one in range(given.shape[1])], axis=1)


def suspected_among(probabilities: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Which labels (N,K) count as too many or missing: the opposite is as likely as is usual where it holds, and leads.

    Each label is a question of two classes, and its suspects are those of `suspected`.
    """
    return np.stack([suspected(*_alone(probabilities, given, one)) for one in range(given.shape[1])], axis=1)


def _alone(probabilities: np.ndarray, given: np.ndarray, label: int) -> tuple[np.ndarray, np.ndarray]:
    """One label as two classes: not given, given."""
    chance = probabilities[:, label].astype(np.float64)
    return np.stack([1 - chance, chance], axis=1), given[:, label].astype(np.int64)

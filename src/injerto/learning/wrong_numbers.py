"""Numbers that may be wrong: those much farther than is typical from what models that had not seen the row say."""

from __future__ import annotations

import numpy as np

FAR = 5.0
"""A number is a suspect when it is so many typical errors off. Of errors spread like a bell, 1 in 1,300 are."""
NEIGHBOURS = 30
"""At least so many rows with the nearest answers tell what is typical; of many rows, a tenth of them do."""
_PLACES = 200
"""Along the answers where the typical error is measured; between them it is drawn straight."""
_LEAST = 0.1
"""Times the typical error of all rows, below which that of a few neighbours is not believed."""
_FINEST = 1e-3
"""Times the spread of the labels, below which no error is typical: answers may be right to the last digit."""


def times_off(label: np.ndarray, told: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many typical errors (N,) each `label` (N,) is away from what was `told` (N,), and what is typical there (N,).

    What is typical is the median absolute error of the rows with the nearest answers, as errors often grow with what is
    measured, and a median is not moved by the wrong labels that are looked for.

    Example:
        >>> times_off(np.array([1.0, 2.0, 3.0, 9.0]), np.array([1.5, 2.5, 2.5, 4.0]))
        (array([ 1.,  1.,  1., 10.]), array([0.5, 0.5, 0.5, 0.5]))
    """
    error = np.abs(label.astype(np.float64) - told)
    least = max(_LEAST * float(np.median(error)), _FINEST * float(np.std(label)))
    typical = np.maximum(_along(error, told), least)
    return np.divide(error, typical, out=np.zeros_like(typical), where=typical > 0), typical


def _along(error: np.ndarray, told: np.ndarray) -> np.ndarray:
    """The median of `error` (N,) among the rows whose `told` (N,) is nearest in rank."""
    count = len(error)
    width = min(count, max(NEIGHBOURS, count // 10))
    order = np.argsort(told, kind="stable")
    sorted_error = error[order]
    first = np.unique(np.linspace(0, count - width, min(_PLACES, count - width + 1)).astype(np.int64))
    medians = [np.median(sorted_error[start : start + width]) for start in first]
    found = np.empty(count)
    found[order] = np.interp(np.arange(count), first + (width - 1) / 2, medians)
    return found

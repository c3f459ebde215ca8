"""Many columns, one question: p-values after Holm, so that all of them together raise a false alarm as rarely as one would.

*Source*: Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6.
"""

from __future__ import annotations

from collections.abc import Mapping


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """The p-values of all tests, under the same names, adjusted.

    Example:
        >>> holm({"mass": 0.01, "site": 0.04, "photo": 0.03})
        {'mass': 0.03, 'site': 0.06, 'photo': 0.06}
    """
    adjusted: dict[str, float] = {}
    most = 0.0
    for place, (name, p) in enumerate(sorted(values.items(), key=lambda one: one[1])):
        most = max(most, min(1.0, p * (len(values) - place)))
        adjusted[name] = most
    return {name: adjusted[name] for name in values}

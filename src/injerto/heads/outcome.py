"""When to say a name, when "new", and when nothing: two limits, and how often they err."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from injerto.heads.judged import Flags, Floats, Judged

MAJORITY = 0.5
"""What is said is likelier than all else together."""
_SURE = 1.2816
"""Standard deviations below which nine of ten normal numbers lie."""


@dataclass(frozen=True)
class Limits:
    """Probabilities from which on a name, or "new", is said; infinity where it never is, as errors would be too many."""

    known_from: float
    new_from: float
    checked: bool
    """Whether queries were enough to choose them; otherwise the probabilities are believed."""

    def state(self) -> dict[str, Any]:
        """As JSON: what is never said has no limit."""
        return finite(asdict(self))


@dataclass(frozen=True)
class Outcome:
    """Shares of all queries of which each is `said`, and of those of which it is `wrong`; NaN where it is never said.

    `found` are shares of the known queries and of the new ones, as their names say.
    """

    said: dict[str, float]
    wrong: dict[str, float]
    found: dict[str, float]

    def state(self) -> dict[str, Any]:
        """As JSON: shares of nothing are None."""
        return {name: finite(part) for name, part in asdict(self).items()}


def limits_of(judged: Judged, share: float, max_error: float) -> Limits:
    """The smallest limits by which at most `max_error` of what is said is wrong, where `share` of the individuals are new."""
    weight, new = judged.counting(share), judged.chance_of_new(share)
    # A name may be wrong of either kind, "new" only of the known.
    known = _least((1 - new) * judged.chance, ~judged.right | judged.new, weight, weight.max(initial=0.0), max_error)
    fresh = _least(new, ~judged.new, weight, weight[~judged.new].max(initial=0.0), max_error)
    if known is None or fresh is None:
        return Limits(1 - max_error, 1 - max_error, checked=False)
    return Limits(known, fresh, checked=True)


def outcome_of(judged: Judged, share: float, max_error: float) -> Outcome:
    """What is said, and how often wrongly: in each fold by limits that were chosen on the other folds.

    Where the limits of all folds together are not chosen, or never let something be said, the same holds in each fold: the
    figures are those of what will be said.
    """
    weight, new = judged.counting(share), judged.chance_of_new(share)
    name = (1 - new) * judged.chance
    named, fresh = np.zeros(len(new), dtype=bool), np.zeros(len(new), dtype=bool)
    whole = limits_of(judged, share, max_error)
    for fold in np.unique(judged.fold):
        own = judged.fold == fold
        limits = limits_of(judged.take(~own), share, max_error) if whole.checked else whole
        if whole.known_from < math.inf:
            named[own] = (name[own] >= limits.known_from) & (name[own] > MAJORITY)
        if whole.new_from < math.inf:
            fresh[own] = (new[own] >= limits.new_from) & (new[own] > MAJORITY)
    wrong, strange = ~judged.right | judged.new, judged.new
    return Outcome(
        said={"known": _share(named, weight), "new": _share(fresh, weight), "cannot tell": _share(~named & ~fresh, weight)},
        wrong={"known": _share(wrong[named], weight[named]), "new": _share(~strange[fresh], weight[fresh])},
        found={
            "known, named rightly": _share((named & ~wrong)[~strange]),
            "known, named wrongly": _share((named & wrong)[~strange]),
            "known, called new": _share(fresh[~strange]),
            "new, called new": _share(fresh[strange]),
            "new, named": _share(named[strange]),
        },
    )


def queries_needed(max_error: float) -> int:
    """The fewest queries of one weight by which limits can be chosen, even if all were answered right: see `_most`.

    Example:
        >>> queries_needed(0.05), queries_needed(0.1)
        (32, 15)
    """
    return math.ceil(_SURE**2 * (1 / max_error - 1))


def finite(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without numbers that JSON has no word for."""
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _least(chance: Floats, wrong: Flags, weight: Floats, one: float, max_error: float) -> float | None:
    """The smallest limit of `chance` (n,), at least a majority, from which on the share that is `wrong` is at most `max_error`,
    as surely as nine in ten; infinity if there is none, None where there could be none even if all were right.

    Queries are counted in units of `one` that might have been wrong. NOTE tried and refused: the rank of conformal
    prediction, (k + 1) / (n + 1), without doubt about k: the best of many limits is often luck, and on made-up galleries
    errors on other animals stayed within 0.10 in 7 of 10 cases, here in 9.

    *Source*: Wilson, JASA 1927, the upper end of the interval of a share.
    """
    total = float(weight.sum())
    if not total or float(_most(np.zeros(1), np.array([total / one]))[0]) > max_error:
        return None
    order = np.argsort(-chance, kind="stable")
    chance, wrong, weight = chance[order], wrong[order], weight[order]
    most = _most(np.cumsum(weight * wrong) / one, np.cumsum(weight) / one)
    ends = np.append(chance[1:] < chance[:-1], True)  # equal chances are said together
    holds = ends & (chance > MAJORITY) & (most <= max_error)
    if not holds.any():
        return math.inf
    last = int(np.flatnonzero(holds)[-1])
    rest = chance[last + 1 :]
    return float(chance[last]) if len(rest) and rest[0] > MAJORITY else MAJORITY


def _most(wrong: Floats, count: Floats) -> Floats:
    """What the share of `wrong` in `count` cases may be."""
    share, square = wrong / count, _SURE**2
    return np.asarray(
        (share + square / (2 * count) + _SURE * np.sqrt(share * (1 - share) / count + square / (4 * count**2)))
        / (1 + square / count)
    )


def _share(true: Flags, weight: Floats | None = None) -> float:
    return float(np.average(true, weights=weight)) if len(true) else math.nan

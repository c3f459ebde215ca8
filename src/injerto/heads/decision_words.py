"""What a decision can say and how often it errs, in sentences for the user."""

from __future__ import annotations

import math
from collections.abc import Mapping

from injerto.heads.outcome import Limits, Outcome


def strangers_words(can_tell_new: bool, queries: Mapping[str, int]) -> str:
    """That new individuals cannot be told, and why; nothing where they can."""
    if can_tell_new:
        return ""
    lacks = "photo of a known individual was left to judge by" if queries["new"] else "individual was held out whole"
    return (
        f'It cannot tell new individuals, as no {lacks}: it says a name or "cannot tell", and may give a newcomer the name of '
        "its nearest look-alike."
    )


def outcome_words(outcome: Outcome | None, limits: Limits, basis: str, *, max_error: float, can_tell_new: bool) -> str:
    """How often it says what, how often wrongly, from which probability on; `basis` says on what that was measured."""
    if outcome is None:
        return (
            "How often it is right could not be measured, as too few individuals were left to judge by; it speaks from a "
            f"probability of {limits.known_from:.0%} on."
        )
    said, wrong = outcome.said, outcome.wrong
    shares = [_said("a name", said["known"], wrong["known"])]
    if can_tell_new:
        shares.append(_said('"new"', said["new"], wrong["new"]))
    told = f'Measured on {basis}: it says {", ".join(shares)} and "cannot tell" of {said["cannot tell"]:.0%}.'
    return f"{told} {_limits_words(limits, said, max_error=max_error, can_tell_new=can_tell_new)}"


def basis_words(queries: Mapping[str, int], individuals: Mapping[str, int], share: float, *, can_tell_new: bool) -> str:
    """Of what the figures are."""
    known = f"{_count(queries['known'], 'photo')} of {_count(individuals['known'], 'known individual')}"
    if not can_tell_new:
        return known
    return f"{known} and {queries['new']:,} of {individuals['new']:,} held out whole, weighed as if {share:.0%} were new"


def _limits_words(limits: Limits, said: Mapping[str, float], *, max_error: float, can_tell_new: bool) -> str:
    if not limits.checked:
        return f"Too few photos to choose limits by: it speaks from a probability of {limits.known_from:.0%} on."
    each = [_limit("a name", limits.known_from, said["known"])]
    if can_tell_new:
        each.append(_limit('"new"', limits.new_from, said["new"]))
    return f"To be wrong in at most {max_error:.0%} of what it says, {' and '.join(each)}."


def _limit(name: str, limit: float, said: float) -> str:
    if limit == math.inf:
        return f"it never says {name}, as no limit keeps errors so rare"
    unchecked = (
        "" if said > 0 else " (with a part of these photos left out no such limit was found, so its errors were not measured)"
    )
    return f"it says {name} from a probability of {limit:.0%} on{unchecked}"


def _said(what: str, said: float, wrong: float) -> str:
    return f"{what} of {said:.0%} (wrong in {wrong:.0%} of these)" if said > 0 else f"{what} of none"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"

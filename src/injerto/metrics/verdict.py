"""Whether a model is worth more than a plainer answer, in a sentence a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from injerto.metrics.figures import MAIN
from injerto.metrics.meanings import MEANINGS

BASELINE = "baseline"
"""The name of the answer that never looks at the row."""

PLAIN = {
    "class": "always answering the most frequent class",
    "classes": "ranking no row above another",
    "number": "always answering the mean",
    "keypoints": "always answering the mean place",
    "individual": "answering without looking",
}


def verdicts(kind: str, score: Mapping[str, Any]) -> list[str]:
    """A sentence for each plainer answer that the model is not shown to be better than, by the figure that tells most."""
    said = []
    for rival, found in score.get("against", {}).items():
        name = PLAIN[kind] if rival == BASELINE else rival if rival[:1].isupper() else f"the {rival}"
        main = MAIN[kind] if MAIN[kind] in found else next(iter(found), None)
        if main is not None and (sentence := _verdict(name, main, found)):
            said.append(sentence)
    return said


def _verdict(name: str, figure: str, found: Mapping[str, Mapping[str, Any]]) -> str:
    one, title = found[figure], MEANINGS[figure].title
    if one["better"] == "model":
        return ""
    if one["interval"] is None:
        return f"Too few rows or groups to tell the model from {name} by {title}."
    low, high = one["interval"]
    apart = f"{title} {one['difference']:+.3g} ({low:+.3g} to {high:+.3g})"
    others = [MEANINGS[other].title for other, each in found.items() if each["better"] == "model" and other != figure]
    more = f" In {', '.join(others)} it is better." if others else ""
    if one["better"] == "rival":
        return f"The model is worse than {name}: {apart}.{more}"
    return f"These rows do not show that the model is better than {name}: {apart}.{more}"

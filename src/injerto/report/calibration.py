"""What calibration did to probabilities: its figures before and after, and how honest each class is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from injerto.metrics.meanings import MEANINGS
from injerto.report.language import say, written

SHOWN_CLASSES = 20


def calibration_table(found: dict[str, Any]) -> Markup:
    """Figures before and after; then, of each class with rows enough, what is said and what happens."""
    figures = "".join(
        _line(say(MEANINGS[name].title), f"{found['before'][name]:.3g}", f"{after:.3g}")
        for name, after in found["after"].items()
    )
    classes = "".join(
        _line(name, written(one["said"], ".1%"), written(one["happened"], ".1%"))
        for name, one in list(found["classes"].items())[:SHOWN_CLASSES]
    )
    each = _table((say("class"), say("said on average"), say("happened")), classes) if classes else ""
    return Markup(_table((say("figure"), say("before"), say("after")), figures) + each)  # classes are escaped above


def calibration_caption(found: dict[str, Any]) -> str:
    """Which rows these are."""
    which = (
        say("These {rows:,} rows fitted the calibration, so these figures are too kind.", rows=found["rows"])
        if found.get("fitted_here")
        else say("Measured on {rows:,} rows that did not fit the calibration.", rows=found["rows"])
    )
    bins = say("The calibration error is over 15 bins of equal width (Guo et al. 2017); lower is better in all lines.")
    return f"{which} {bins}"


def _line(name: str, one: str, other: str) -> str:
    return f'<tr><th scope="row">{escape(name)}</th><td>{one}</td><td>{other}</td></tr>'


def _table(heads: tuple[str, ...], lines: str) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    return f'<div class="wide"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'

"""What calibration did to probabilities: its figures before and after, and how honest each class is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from injerto.metrics.meanings import MEANINGS

SHOWN_CLASSES = 20


def calibration_table(found: dict[str, Any]) -> Markup:
    """Figures before and after; then, of each class with rows enough, what is said and what happens."""
    figures = "".join(
        f"<tr><td>{MEANINGS[name].title}</td><td>{found['before'][name]:.3g}</td><td>{after:.3g}</td></tr>"
        for name, after in found["after"].items()
    )
    classes = "".join(
        f"<tr><td>{escape(name)}</td><td>{one['said']:.1%}</td><td>{one['happened']:.1%}</td></tr>"
        for name, one in list(found["classes"].items())[:SHOWN_CLASSES]
    )
    each = _table(("class", "said on average", "happened"), classes) if classes else ""
    return Markup(_table(("", "before", "after"), figures) + each)  # classes are escaped above


def calibration_caption(found: dict[str, Any]) -> str:
    """Which rows these are."""
    which = (
        f"These {found['rows']:,} rows fitted the calibration, so these figures are too kind."
        if found.get("fitted_here")
        else f"Measured on {found['rows']:,} rows that did not fit the calibration."
    )
    return f"{which} The calibration error is over 15 bins of equal width (Guo et al. 2017); lower is better in all lines."


def _table(heads: tuple[str, ...], lines: str) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<div class="wide"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'

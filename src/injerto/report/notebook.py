"""What a notebook shows of a model: what it predicts from what, and how good it is, beside the baseline."""

from __future__ import annotations

import html

from injerto.artifact.artifact import Artifact
from injerto.metrics.figures import COUNTS
from injerto.metrics.meanings import MEANINGS
from injerto.report.headline import HEADLINES
from injerto.report.svg import short
from injerto.table.html_grid import html_grid

WHERE = {"test": "rows it never saw", "tune": "rows that chose its settings (too kind: no rows were kept apart)"}
SHOWN = 12
"""Inputs that are named."""


def model_html(artifact: Artifact) -> str:
    """A title, a sentence a target, and its figures with intervals."""
    schema = artifact.schema
    targets = ", ".join(f"{name} ({target.kind})" for name, target in schema.targets.items())
    inputs = [f"{name} ({item.kind})" for name, item in schema.inputs.items()]
    more = f" and {len(inputs) - SHOWN} more" if len(inputs) > SHOWN else ""
    title = f"<p><b>Model of {html.escape(targets)}</b> from {html.escape(', '.join(inputs[:SHOWN]))}{more}</p>"
    part = "test" if artifact.scores.get("test") else "tune"
    return title + "".join(
        _scores(name, schema.targets[name].kind, score, part) for name, score in artifact.scores.get(part, {}).items()
    )


def _scores(name: str, kind: str, score: dict[str, object], part: str) -> str:
    rows = [_line(figure, score) for figure in MEANINGS if figure in score and figure not in COUNTS]
    words = f"{name}: {HEADLINES[kind](score, WHERE[part])}"
    return f"<p>{html.escape(words)}</p>" + html_grid(["figure", "value", "95 % interval", "baseline", "better"], rows)


def _line(figure: str, score: dict[str, object]) -> list[object]:
    ends, plain = score["intervals"], score["baseline"]
    assert isinstance(ends, dict) and isinstance(plain, dict)
    interval = f"{short(ends[figure][0])} to {short(ends[figure][1])}" if ends.get(figure) else ""
    return [MEANINGS[figure].title, score[figure], interval, plain.get(figure), MEANINGS[figure].better]

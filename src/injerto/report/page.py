"""The report: everything a person needs to trust a model, or not to, on one page that opens anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from injerto.artifact.account import account_words, reasons_of
from injerto.artifact.artifact import Artifact
from injerto.artifact.touches import told
from injerto.backbones import catalogue
from injerto.backbones.suited import backbone_names
from injerto.learning.history import History
from injerto.metrics.figures import COUNTS
from injerto.metrics.meanings import MEANINGS
from injerto.metrics.verdict import verdicts
from injerto.network import Network
from injerto.report.asked import asked_words
from injerto.report.cells import cell_galleries
from injerto.report.curves import loss_curves, rate_curves
from injerto.report.galleries import galleries_of
from injerto.report.gallery import Gallery
from injerto.report.headline import HEADLINES
from injerto.report.intervals import interval_picture
from injerto.report.language import known_language, say, speaking
from injerto.report.maps import maps_of
from injerto.report.panels import PANELS, Panel
from injerto.report.reference import reference_note
from injerto.report.svg import short
from injerto.report.table_name import table_name
from injerto.report.template import filled
from injerto.table.ledger import Entry

SHOWN_LEDGER = 100
SHOWN_COLUMNS = 200
WHERE = {"test": "rows it never saw", "tune": "rows that chose its settings (too kind: no rows were kept apart)"}
"""Messages."""


@dataclass(frozen=True)
class Figure:
    """One line of the table of scores."""

    title: str
    sentence: str
    better: str
    value: str
    interval: str
    baseline: str
    rivals: list[str]
    """Of the plain models, in the order of the target's `rivals`."""
    picture: Markup


@dataclass(frozen=True)
class TargetView:
    """One target as the page shows it."""

    name: str
    kind: str
    headline: str
    figures: list[Figure]
    rivals: list[str]
    """Plain models on the same rows, by name."""
    verdicts: list[str]
    panels: list[Panel]
    note: str
    """What the figures are measured in, where that is not plain."""
    galleries: list[Gallery]
    cells: list[Gallery]
    """Folded galleries of the rows behind the cells of its confusion matrix."""


@dataclass(frozen=True)
class Run:
    """One way of training as the page shows it."""

    history: History
    kept: bool
    loss: str
    curves: list[Markup]


def page(artifact: Artifact) -> str:
    """The page as HTML, with its style, its pictures and its few lines of script inside, in the model's language."""
    with speaking(known_language(artifact.facts.get("language"))):
        return _page(artifact)


def _page(artifact: Artifact) -> str:
    part = "test" if artifact.scores.get("test") else "tune"
    schema = artifact.schema
    return filled(
        "page.html",
        artifact=artifact,
        style=("page.css",),
        script=("page.js",),
        table=table_name(artifact),
        asked=asked_words(artifact),
        targets=[_target(artifact, name, part) for name in schema.targets if name in artifact.scores.get(part, {})],
        part=part,
        parts=list(artifact.used.items()),
        probed=isinstance(artifact.network, Network) and len(artifact.network.media) > 0,
        runs=[_run(artifact, history) for history in artifact.histories],
        inputs=list(schema.inputs.items())[:SHOWN_COLUMNS],
        dropped=list(schema.dropped.items())[:SHOWN_COLUMNS],
        unused=_unused(artifact),
        unused_rows=len({entry.row for ledger in (artifact.ledger, *artifact.unused.values()) for entry in ledger}),
        unused_cells=sum(len(ledger) for ledger in (artifact.ledger, *artifact.unused.values())),
        reasons=reasons_of(artifact).most_common(10),
        account=account_words(artifact.facts["account"]) if "account" in artifact.facts else "",
        folds=_folds(artifact),
        rival_notes=artifact.facts.get("rivals", []),
        looks=told(len(artifact.looks)) if artifact.looks else "",
        maps=maps_of(artifact, part),
        networks=[catalogue.entry(name) for name in backbone_names(artifact.network.features)],
    )


def _folds(artifact: Artifact) -> list[tuple[str, dict[str, Any], list[Figure]]]:
    """By target: its scores over folds, and their lines."""
    return [
        (name, score, [_figure(figure, score) for figure in MEANINGS if figure in score and figure not in COUNTS])
        for name, score in artifact.scores.get("folds", {}).items()
    ]


def _unused(artifact: Artifact) -> list[tuple[str, Entry]]:
    """The first rows that were not used, each with its place: the line of the file where it has one."""
    entries = [entry for ledger in (artifact.ledger, *artifact.unused.values()) for entry in ledger]
    lines = artifact.lines
    return [
        (say("line {line:,}", line=lines[entry.row]) if entry.row in lines else say("row {row:,}", row=entry.row), entry)
        for entry in entries[:SHOWN_LEDGER]
    ]


def _target(artifact: Artifact, name: str, part: str) -> TargetView:
    kind, score = artifact.schema.targets[name].kind, artifact.scores[part][name]
    evidence = artifact.evidence.get(name)
    if evidence is not None:
        evidence = {
            **evidence,
            "calibration": score.get("calibration"),
            "anchor": f"rows-{list(artifact.schema.targets).index(name)}",
        }
    return TargetView(
        name=name,
        kind=kind,
        headline=HEADLINES[kind](score, WHERE[part]),
        figures=[
            _figure(figure, score) for figure in MEANINGS if score.get(figure) or (figure not in COUNTS and figure in score)
        ],
        rivals=list(score.get("rivals", {})),
        verdicts=verdicts(kind, score),
        panels=PANELS[kind](evidence) if evidence else [],
        note=reference_note(evidence["reference"]) if evidence and "reference" in evidence else "",
        galleries=galleries_of(kind, evidence) if evidence else [],
        cells=cell_galleries(evidence) if evidence and "cells" in evidence else [],
    )


def _figure(figure: str, score: dict[str, Any]) -> Figure:
    meaning, value = MEANINGS[figure], score[figure]
    interval, baseline = score["intervals"].get(figure), score["baseline"].get(figure)
    return Figure(
        title=say(meaning.title),
        sentence=say(meaning.sentence),
        better=say(f"{meaning.better} is better"),
        value=f"{value:.4g}",
        interval=say("{low} to {high}", low=short(interval[0]), high=short(interval[1])) if interval else "",
        baseline="" if baseline is None else f"{round(baseline, 9):.4g}",
        rivals=[f"{own[figure]:.4g}" if figure in own else "" for own in score.get("rivals", {}).values()],
        picture=interval_picture(value, interval, baseline, share=meaning.share),
    )


def _run(artifact: Artifact, history: History) -> Run:
    best = history.epochs[history.best].tune_loss if history.epochs else None
    curves = [loss_curves(history), rate_curves(history)] if len(history.epochs) > 1 else []
    return Run(history, history.name == artifact.chosen, "" if best is None else f"{best:.4g}", curves)

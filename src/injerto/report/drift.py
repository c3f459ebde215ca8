"""The page of a new table held against the training rows: every column before and now, and the strangest files."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from injerto.drift.found import ColumnDrift, Drift, Strange
from injerto.errors import MediaError
from injerto.evidence.pictures import photo
from injerto.evidence.shown_sound import RATE_HZ, beginning, drawn, played
from injerto.report.language import LanguageCode, say, speaking
from injerto.report.shares import shares_picture
from injerto.report.template import filled

SHOWN_UNUSED = 100
SHOWN_LEVELS = 20
MOST_SECONDS = 10.0
"""Of the sounds of the strangest rows."""


@dataclass(frozen=True)
class Shown:
    """One of the strangest files."""

    strange: Strange
    picture: str
    sound: str = ""


@dataclass(frozen=True)
class View:
    """One column, or the answers to one target, as the page shows it."""

    title: str
    one: ColumnDrift
    verdict: str
    drifted: bool
    picture: Markup
    files: list[Shown]


def drift_page(found: Drift, *, model: str, table: str, version: str, language: LanguageCode = "en") -> str:
    """The page as HTML, with its style, pictures and sounds inside; what changed most stands first."""
    with speaking(language):
        return _page(found, model, table, version)


def _page(found: Drift, model: str, table: str, version: str) -> str:
    views = [_view(found, one, one.name) for one in found.columns.values()]
    views += [_view(found, one, say("Answers to {target}", target=one.name)) for one in found.answers.values()]
    views.sort(key=lambda view: (not view.drifted, -view.one.change.difference if view.drifted else 0.0))
    return filled(
        "drift.html",
        found=found,
        views=views,
        tested=sum(view.one.p_holm is not None for view in views),
        model=model,
        table=table,
        version=version,
        unused_cells=len(found.ledger),
        unused=found.ledger.entries[:SHOWN_UNUSED],
        shown_levels=SHOWN_LEVELS,
        style=("page.css", "drift.css"),
        script=("page.js",),
    )


def _view(found: Drift, one: ColumnDrift, title: str) -> View:
    files = [_shown(one.kind, strange) for strange in one.strangest]
    picture = shares_picture(one.change.shares) if one.change.shares else Markup()
    return View(title, one, one.verdict(found.level), one.drifted(found.level, found.fail_above), picture, files)


def _shown(kind: str, strange: Strange) -> Shown:
    if kind != "sound":
        return Shown(strange, Markup(photo(strange.cell, strange.folder)))
    try:
        samples = beginning(strange.cell, strange.folder, most_seconds=MOST_SECONDS)
    except MediaError:
        return Shown(strange, "")
    return Shown(strange, Markup(drawn(samples, RATE_HZ)), Markup(played(samples, RATE_HZ)))

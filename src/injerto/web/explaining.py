"""One row of a request to why it is answered so, as `injerto explain` says it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PureWindowsPath
from typing import Any

from pydantic_core import to_json

from injerto.evidence.addresses import data_address
from injerto.explain.among import Among
from injerto.explain.explain import COVERAGE, MAX_ERROR, explain
from injerto.explain.explanation import Explanation
from injerto.explain.individuals import Matches
from injerto.explain.nearest import Neighbour
from injerto.report.alike import Alike
from injerto.report.contributions import bars_of
from injerto.report.explanation import View, asked_words, views_of
from injerto.report.language import speaking
from injerto.report.notes import note_text
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.predicting import all_cores
from injerto.web.problems import Problem
from injerto.web.rows import Row, table_of
from injerto.web.served import Served


class Explaining:
    """The work of a lane for one request.

    Rows like it are photos of the model's own gallery, or rows of the table that the server was started with. Which of them is
    for the model to say, and no request names a file: of the server's own, only those of these rows are opened, to be shown.
    """

    def __init__(self, served: Served, options: Options, limits: Limits, among: Among | None = None) -> None:
        self.served, self.options, self.limits, self.among = served, options, limits, among

    def __call__(self, asked: Sequence[Sequence[Row]]) -> list[bytes | Problem]:
        return [self._response(rows) for rows in asked]

    def _response(self, rows: Sequence[Row]) -> bytes | Problem:
        table, wrong = table_of(rows, self.served.fields, self.limits)
        if wrong:
            return Problem(422, f"The row cannot be answered, and so not explained. {wrong[0]}")
        with all_cores(self.served.sees_files):
            found = explain(
                self.served.artifact,
                table,
                0,
                among=self.among,
                max_error=self.options.max_error or MAX_ERROR,
                coverage=self.options.coverage or COVERAGE,
            )
            with speaking(self.options.language):
                told = told_of(found, {one.name for one in self.served.fields if one.is_file}, pictures=self.options.pictures)
        return to_json({"model": self.served.name, **told}, inf_nan_mode="null")


def told_of(found: Explanation, files: Collection[str], *, pictures: bool) -> dict[str, Any]:
    """What `injerto explain --json` prints, with the sentences of a page in the language that is spoken.

    Pictures come where they are asked for, as addresses that hold what they show (`data:image/...`). The columns `files` are
    those of photos and sounds.
    """
    told = found.to_json()
    del told["table"], told["row"]
    if found.familiar is not None:
        told["familiarity"]["words"] = note_text(found.familiar.words)
    for answer in told["answers"].values():
        answer |= {name: note_text(answer[name]) for name in ("told", "held") if answer[name]}
    told["notes"] = [note_text(words) for words in told["notes"]]
    cells, targets = dict(found.cells), [one.target for one in found.answers]
    for one, shares in zip(found.contributions, told["contributions"].values(), strict=True):
        bars = bars_of(one, asked_words(one.asked.words, targets), cells)
        shares |= {"of": bars.title, "words": bars.words, "how": bars.how, "unit": one.asked.unit}
        for name, column in shares["columns"].items():
            column["cell"] = None if name in files else cells[name]
    for view, seen in zip(views_of(found), told["maps"], strict=True):
        _add_view(view, seen, pictures=pictures)
    told["nearest"] = [_near(one, targets, files, pictures=pictures) for one in found.nearest]
    told["nearest_words"] = note_text(found.nearest_words)
    told["matches"] = None if found.matches is None else _matches(found.matches, pictures=pictures)
    return told


def _add_view(view: View, seen: dict[str, Any], *, pictures: bool) -> None:
    """Add how a file is drawn, and its maps: `over` lies over `picture`, of the map along time there is nothing below."""
    del seen["file"]  # it came as bytes, without a name
    faithful = view.seen.faithful
    seen |= {
        "kind": view.seen.kind,
        "of": view.asked,
        "key": note_text(view.seen.key),
        "words": view.told,
        "borne_out": None if faithful is None else faithful.borne_out,
        "times": view.times,
        "heights": view.heights,
    }
    layers = [*view.seen.layers, *([view.seen.timeline] if view.seen.timeline is not None else [])]
    titles = [*(drawn.title for drawn in view.maps), *([note_text(layers[-1].title)] if view.strip is not None else [])]
    for layer, title, each in zip(layers, titles, seen["maps"], strict=True):
        each |= {"title": title, "words": note_text(layer.told), "signed": layer.signed}
    if pictures:
        seen["picture"] = view.picture
        overs = [*(drawn.over for drawn in view.maps), *([view.strip] if view.strip is not None else [])]
        for over, each in zip(overs, seen["maps"], strict=True):
            each["over"] = over


def _near(one: Neighbour, targets: Collection[str], files: Collection[str], *, pictures: bool) -> dict[str, Any]:
    """A row like it, or a photo of a gallery. Of a row's files the names are told, and not where on the server they lie."""
    cells = dict(one.cells)
    for name in files if one.row is not None else ():
        cells[name] = PureWindowsPath(cells[name]).name
    told: dict[str, Any] = {
        "row": one.row,
        "likeness": one.likeness,
        "labels": {name: cell for name, cell in cells.items() if name in targets},
        "cells": cells,
    }
    if pictures:
        told["files"] = [{"kind": file.kind, "picture": file.picture, "sound": file.sound} for file in Alike.of(one).files]
    return told


def _matches(found: Matches, *, pictures: bool) -> dict[str, Any]:
    """The places of two photos that match, in shares of their sides."""
    pairs = [{"here": one.here, "there": one.there, "adds": one.adds} for one in found.pairs]
    told: dict[str, Any] = {"name": found.name, "share": found.share, "pairs": pairs}
    return told | ({"picture": _jpeg(found.jpeg)} if pictures else {})


def _jpeg(content: bytes | None) -> str | None:
    return None if content is None else data_address("image/jpeg", content)

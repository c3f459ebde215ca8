"""What the page of a recipe shows: the figures in words, the worst and some other test rows, rows that nobody marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from injerto.evidence.pictures import photo as small_photo
from injerto.recipes.chain_scores import Trial
from injerto.recipes.found import Found
from injerto.recipes.marks import Marks
from injerto.recipes.recipe import IDENTIFIER, LOCATOR, PASSPORT, POINTER, Declared
from injerto.report.language import LanguageCode
from injerto.report.recipe import HeadGallery, Line, Shape, ShownHead, stages_page
from injerto.table.column import Column
from injerto.table.framing import framing_of, turned

SHOWN = 12
SIDE = 320
_FIGURES = {
    "accuracy": "right at first guess",
    "top1": "right at first guess",
    "top5": "among the first five",
    "log_loss": "log loss",
}
_OF_BOXES = {
    "iou_median": "overlap of the box with the marked one (IoU), median",
    "iou_from_0.5": "overlap of 0.5 or more",
}
_OF_BOXES_AROUND_POINTS = {
    "iou_median": "overlap of the box that follows from the points with the marked one (IoU), median",
}
_OF_POINTS = {
    "error_median": "points off, in shares of the head's length, median",
    "within_0.05": "within 5 %",
    "exchanged": "one end taken for the other",
}


def recipe_page(
    declared: Declared,
    scores: dict[str, Any],
    photos: Column,
    lines: pl.DataFrame,
    found: Found,
    trial: Trial,
    language: LanguageCode = "en",
) -> str:
    """The page as HTML. `lines` are those of passports.csv, `found` is what they were made of."""
    marked = trial.marks.pointed
    length = np.linalg.norm(trial.marks.points[:, 0] - trial.marks.points[:, 1], axis=1)
    errors = np.linalg.norm(trial.found.points - trial.marks.points, axis=2).mean(axis=1) / length
    order = np.argsort(-np.where(np.isnan(errors), np.inf, errors), kind="stable")
    order = order[marked[order]]
    rest = order[SHOWN:]
    some = rest[:: max(1, len(rest) // SHOWN)][:SHOWN]
    unmarked = np.flatnonzero((lines["marked"] == "").to_numpy() & lines[PASSPORT].is_not_null().to_numpy())[:SHOWN]
    heads = [_tried(declared, photos, lines, trial, int(index), errors) for index in [*order[:SHOWN], *some]]
    worst = min(SHOWN, len(order))
    galleries = [
        HeadGallery("Test rows, farthest off first", _CAPTION, heads[:worst]),
        HeadGallery("Other test rows", _CAPTION, heads[worst:]),
        HeadGallery(
            "Rows that nobody marked",
            "Found by the models, and passport photos made of it.",
            [_unmarked(declared, photos, lines, found, int(row)) for row in unmarked],
        ),
    ]
    problems = lines.filter(pl.col("problem").is_not_null()).select("row", "photo", "problem").rows()
    return stages_page(
        declared.target,
        _headline(scores),
        figures=_lines(scores),
        galleries=galleries,
        problems=problems,
        language=language,
    )


_CAPTION = (
    "Yellow: as a person marked it; blue, dashed: as found without the marks. The larger circle is the point in front. "
    "Beside the photo the passport photo of the marks, then that of what was found."
)


def _tried(declared: Declared, photos: Column, lines: pl.DataFrame, trial: Trial, index: int, errors: np.ndarray) -> ShownHead:
    row = int(trial.rows[index])
    told = trial.found.problem[index] or f"points off by {errors[index]:.1%} of the head's length"
    told = "; ".join(part for part in (told, trial.found.doubt[index]) if part)
    return _head(declared, photos, lines, row, told, [("marked", trial.marks, index), ("found", trial.found, index)])


def _unmarked(declared: Declared, photos: Column, lines: pl.DataFrame, found: Found, row: int) -> ShownHead:
    return _head(declared, photos, lines, row, found.doubt[row], [("found", found, row)])


def _head(
    declared: Declared, photos: Column, lines: pl.DataFrame, row: int, told: str, drawn: list[tuple[str, Marks | Found, int]]
) -> ShownHead:
    line = lines.row(row, named=True)
    framing = framing_of(photos.take(np.array([row])))
    picture = small_photo(photos.cell(row), photos.folder, SIDE)
    shapes = []
    for kind, places, index in drawn:
        if not picture:
            break
        corners = np.stack([places.box[index, :2], places.box[index, :2] + places.box[index, 2:]]) - 0.5
        upright = turned(np.concatenate([corners, places.points[index]])[None], framing.sizes, framing.orientation)[0] + 0.5
        low, high = upright[:2].min(axis=0), upright[:2].max(axis=0)
        box = None if np.isnan(low).any() else (*low.round(1).tolist(), *(high - low).round(1).tolist())
        points = [(round(float(x), 1), round(float(y), 1)) for x, y in upright[2:] if np.isfinite(x + y)]
        shapes.append(Shape(kind, box, points))
    width, height = (float(value) if np.isfinite(value) else 1.0 for value in framing.upright_sizes[0])
    name = "" if line[declared.target] is None else str(line[declared.target])
    passport, again = line[PASSPORT] or "", line["passport_found"] or ""
    return ShownHead(name, line["photo"], told, picture, width, height, shapes, passport, again)


def _lines(scores: dict[str, Any]) -> list[Line]:
    """The figures that say most, in words; the others stand in scores.json."""
    return [
        *_figures(LOCATOR, scores[LOCATOR], _OF_BOXES),
        *_figures(POINTER, scores[POINTER]["boxes_around_points"], _OF_BOXES_AROUND_POINTS),
        *_figures(POINTER, scores[POINTER]["in_marked_boxes"], _OF_POINTS, "in the marked box"),
        *_figures(POINTER, scores[POINTER]["in_found_boxes"], _OF_POINTS, "in the box as found"),
        *_named(scores[IDENTIFIER], "on_marked_points", "on marked points"),
        *_named(scores[IDENTIFIER], "on_found_points", "on points as found"),
    ]


def _figures(stage: str, figures: dict[str, Any], what: Mapping[str, str], where: str = "") -> Iterator[Line]:
    """Those of `what` of a stage that was tried on any rows; one that could not be counted says so."""
    for name, words in what.items() if figures["rows"] else ():
        shown = _shown(name, figures) if name in figures else "most were not found"
        yield Line(stage, f"{words}, {where}" if where else words, shown, figures["rows"], f"{stage}/report.html")


def _named(scores: dict[str, Any], key: str, where: str) -> Iterator[Line]:
    """How often the right one is named, as far as that was counted."""
    figures = scores.get(key, {})
    for name, words in _FIGURES.items():
        if name in figures:
            yield Line(IDENTIFIER, f"{words}, {where}", _shown(name, figures), scores["rows"], f"{IDENTIFIER}/report.html")


def _headline(scores: dict[str, Any]) -> str:
    rows = scores["rows"]
    lost = scores[IDENTIFIER].get("lost", 0)
    said = f"{rows['train']:,} rows train, {rows['tune']:,} tune, {rows['test']:,} test, the same for every stage."
    return said + (f" Of {lost:,} marked test rows no passport photo could be made without the marks." if lost else "")


def _shown(name: str, figures: dict[str, Any]) -> str:
    """A figure with its interval."""

    def said(value: float) -> str:
        return f"{value:.3g}" if name in ("iou_median", "log_loss") else f"{value:.1%}"

    between = figures.get("intervals", {}).get(name)
    return said(figures[name]) + (f" ({said(between[0])} to {said(between[1])})" if between else "")

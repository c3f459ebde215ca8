"""Answers of a model of keypoints to the rows that writers of other programs' files take."""

from __future__ import annotations

import polars as pl

from injerto.errors import OutputError
from injerto.table.cell_bytes import is_grey_levels
from injerto.table.keypoints.columns import points_in
from injerto.table.keypoints.layout import CATEGORY, IN_PICTURE_FROM, INDIVIDUAL


def answered(answers: pl.DataFrame, photo: str, *, absent: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Photos, places and confidences of the rows that have an answer, and what is not in them.

    With `absent`, a point that is likelier out of the picture than in it has no place.

    *Raises* OutputError when no row has an answer, or photos are no files.
    """
    points = points_in(answers.columns).points
    if photo not in answers.columns or any(is_grey_levels(cell) for cell in answers[photo].drop_nulls().head(1)):
        raise OutputError(
            f"The photos lie in the table itself, in the column '{photo}', and these formats name files. Save the photos as "
            "files first, or write the answers to a table."
        )
    rows = answers.filter(pl.any_horizontal(pl.col(point.x).is_not_null() for point in points))
    if not len(rows):
        problem = answers["problem"].drop_nulls().head(1).to_list()
        why = f" The first: {problem[0]}." if problem else ""
        raise OutputError(f"None of {len(answers):,} rows has an answer, so there is nothing to write.{why}")
    notes = []
    if len(rows) < len(answers):
        notes.append(f"Not written, as they have no answer: {len(answers) - len(rows):,} of {len(answers):,} rows.")
    out = {point.name: rows[f"{point.name}_in_picture"] < IN_PICTURE_FROM for point in points}
    if absent:
        places = [
            pl.when(pl.lit(out[point.name]).not_()).then(pl.col(name)).alias(name)
            for point in points
            for name in (point.x, point.y)
        ]
        rows = rows.with_columns(places)
        count = sum(int(one.sum()) for one in out.values())
        if count:
            notes.append(f"Probably not in the picture, and written as not labelled (v 0): {count:,} points.")
    beside = [name for name in (CATEGORY, INDIVIDUAL) if name in rows.columns]
    kept = [photo, *beside, *(name for point in points for name in (point.x, point.y, point.confidence))]
    return rows.select(kept), tuple(notes)

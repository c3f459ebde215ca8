"""Rows whose two points look as if they had been marked the other way round."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.model import Model
from injerto.recipes.passports import named
from injerto.recipes.pointer import exchanged, point
from injerto.recipes.work import Work
from injerto.whole_file import write_whole

SUSPECTS = "suspects.csv"


def points_in_marked_boxes(work: Work, pointer: Model) -> np.ndarray:
    """Points (N,2,2) as the pointer finds them in marked boxes. Rows that look marked the other way round are listed."""
    marks, names = work.marks, work.declared.points
    both = (marks.boxed & marks.pointed)[:, None]
    boxes = np.where(both, marks.box, np.nan)
    points = point(pointer, work.photos, boxes, work.declared.look, work.stages.progress).points
    photos = named(work.photos)
    rows = np.flatnonzero(exchanged(points, marks.points)).tolist()
    frame = pl.DataFrame(
        {
            "row": [int(work.table.rows[row]) for row in rows],
            "photo": [photos[row] for row in rows],
            "reason": [f"{names[0]} and {names[1]} look as if they were exchanged; they are kept as marked"] * len(rows),
        },
        schema={"row": pl.Int64, "photo": pl.String, "reason": pl.String},
    )
    write_whole(work.stages.folder / SUSPECTS, lambda file: frame.write_csv(file))
    if rows:
        work.stages.progress.say(
            f"{len(rows)} row(s) look as if {names[0]} and {names[1]} were exchanged, the first is row {frame['row'][0]} "
            f"({frame['photo'][0]}); {SUSPECTS} lists them. They are kept as marked."
        )
    return points

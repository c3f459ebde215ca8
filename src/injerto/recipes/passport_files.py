"""The passport photos of a recipe as files, and passports.csv, which says of every row what was found and made."""

from __future__ import annotations

import numpy as np
import polars as pl

from injerto.recipes.chain_scores import Trial
from injerto.recipes.found import Found
from injerto.recipes.passports import named, passports
from injerto.recipes.recipe import PASSPORT, columns_of
from injerto.recipes.work import SPLIT, Work
from injerto.table.ledger import Ledger
from injerto.whole_file import write_whole

PASSPORTS, FOUND = "passports", "passports/found"
"""Folders of passport photos: of all rows, and of test rows as they are when nothing is marked."""


def write_passports(work: Work, found: Found, trial: Trial) -> tuple[pl.DataFrame, Ledger]:
    """Write the passport photos and passports.csv; the lines of it, and what could not be made of some rows."""
    folder, photos, ledger = work.stages.folder, work.photos, Ledger(list(work.marks.ledger))
    made: dict[str, dict[int, str]] = {PASSPORTS: {}, FOUND: {}}
    problem = list(found.problem)
    usable = np.flatnonzero([not reason for reason in problem])
    again = trial.rows[[not reason for reason in trial.found.problem]]
    places = np.full_like(found.points, np.nan)
    places[trial.rows] = trial.found.points
    for name, points, rows in ((PASSPORTS, found.points, usable), (FOUND, places, again)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for row, picture, reason in passports(photos, points, rows, work.declared.frame, work.stages.progress):
            if picture is None:
                problem[row] = problem[row] or reason
                continue
            made[name][row] = f"{name}/{row:06d}.jpg"
            (folder / made[name][row]).write_bytes(picture)
    names = named(photos)
    for row, reason in enumerate(problem):
        if reason:
            ledger.add(int(work.table.rows[row]), photos.name, names[row], reason)
    kept = {name: work.table.frame[name] for name in work.declared.known}
    marked = np.where(work.marks.boxed, np.where(work.marks.pointed, "both", "box"), np.where(work.marks.pointed, "points", ""))
    lines = pl.DataFrame(
        {
            "row": work.table.rows,
            "photo": names,
            **{name: values for name, values in kept.items()},
            SPLIT: work.side,
            "marked": marked,
            PASSPORT: [made[PASSPORTS].get(row) for row in range(len(names))],
            "passport_found": [made[FOUND].get(row) for row in range(len(names))],
            **columns_of(found, work.declared.points),
            "problem": [reason or None for reason in problem],
        }
    )
    write_whole(folder / "passports.csv", lambda file: lines.write_csv(file))
    return lines, ledger

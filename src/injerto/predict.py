"""Predict: a table's rows to answers, with the rows that could not be used listed beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.answering import answers_of, placed, served, with_photos
from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.errors import DriftError, OutputError
from injerto.examples import Examples
from injerto.features.feature import Feature, MediaFeature
from injerto.learner import heads_of
from injerto.photos import Photos
from injerto.places.address import Place
from injerto.point_network import PointNetwork
from injerto.progress import Progress, Silent
from injerto.promises import Promises, promises_of
from injerto.reference.unlike import Unlike, unlike
from injerto.schema.schema import Schema
from injerto.table.column import Column
from injerto.table.html_grid import html_grid
from injerto.table.keypoints.answers import answered
from injerto.table.keypoints.layout import CATEGORY, INDIVIDUAL
from injerto.table.keypoints.write_coco import write_coco
from injerto.table.keypoints.write_deeplabcut import write_deeplabcut
from injerto.table.ledger import Ledger
from injerto.table.media import media_name
from injerto.table.native import native
from injerto.table.table import Table
from injerto.told import Told

_NAMES_ROWS = re.compile(r"names of single rows|names the rows")
"""How `schema/guess_input.py` says that it left a column out because it tells one row from another."""


_SHARES = re.compile(r"_probability|_confidence$|_in_picture$|_new$|^familiarity")
"""Columns of answers that hold shares."""
_DECISION = "_decision"
SHOWN_ROWS, SHOWN_COLUMNS = 20, 16
"""What a notebook shows."""


@dataclass(frozen=True)
class Predictions:
    """Answers for every row of the table in its order; the answer of an unusable row is null and `problem` says why.

    Beside `row` stand the columns by which a person knows the row: its files or, without any, its identifiers.
    `unseen` is the share of cells, by column, that lie outside what training showed; `empty` names inputs without a value.
    """

    frame: pl.DataFrame
    """The answers as a polars frame."""
    ledger: Ledger
    unseen: dict[str, float]
    empty: list[str]
    promises: tuple[str, ...] = ()
    """What was promised of these answers and by what, where it was asked for, in sentences."""
    photo: str | None = None
    """Of points: the column of the photos they lie on."""
    folder: Place = Path()
    """Where relative paths of photos start."""
    unlike: Unlike | None = None
    """How unlike the rows that taught each row is; None of models that keep no reference."""

    given: object = None
    """The table that was given, where answers are to be of its kind."""

    @property
    def answers(self) -> Any:
        """The answers as a frame of the library that the table came in: pandas or pyarrow, else polars."""
        return native(self.frame, self.given)

    def with_unlike(self) -> Predictions:
        """The same with `familiarity`, `familiarity_COLUMN` and `unlike` beside each answer; see `Unlike`.

        *Raises* DriftError when the model keeps nothing of its training rows.
        """
        if self.unlike is None:
            raise DriftError("The model keeps nothing of its training rows, so it cannot say how unlike them new rows are.")
        added = self.unlike.answers()
        named = {f"{name}_score" if name in self.frame.columns else name: cells for name, cells in added.items()}
        return replace(self, frame=self.frame.with_columns(**named))

    @property
    def told(self) -> Told:
        """What a person should know of the answers, in figures."""
        decided = [name for name in self.frame.columns if name.endswith(_DECISION) and name != _DECISION]
        counts = {name.removesuffix(_DECISION): dict(Counter(self.frame[name].drop_nulls().to_list())) for name in decided}
        return Told(
            rows=len(self.frame),
            unused=len(self.ledger.rows),
            ledger=self.ledger,
            unseen=self.unseen,
            empty=self.empty,
            promises=self.promises,
            unlike=None if self.unlike is None else self.unlike.counts,
            decisions=counts if self.promises else {},
        )

    def to_coco(self, path: str | Path) -> tuple[str, ...]:
        """Write points as COCO keypoints and say what had no place there; those likelier out of the picture than in get v 0.

        *Raises* OutputError when these are no points, or they cannot be written.
        """
        rows, notes = answered(self.frame, self._photos("COCO"), absent=True)
        return notes + write_coco(rows, path, photo=self._photos("COCO"), folder=self.folder)

    def to_deeplabcut(self, path: str | Path) -> tuple[str, ...]:
        """Write points as DeepLabCut does, confidences as likelihoods, and say what had no place there.

        *Raises* OutputError when these are no points or they cannot be written, TableError when two rows share a photo.
        """
        rows, notes = answered(self.frame, self._photos("DeepLabCut"), absent=False)
        return notes + write_deeplabcut(rows, path, photo=self._photos("DeepLabCut"), folder=self.folder)

    def _repr_html_(self) -> str:
        names = [name for name in self.frame.columns if self.frame[name].null_count() < len(self.frame)][:SHOWN_COLUMNS]
        rows = self.frame.select(names).head(SHOWN_ROWS).rows()
        cells = [[media_name(cell) if isinstance(cell, bytes | dict) else cell for cell in row] for row in rows]
        shares = [name for name in names if _SHARES.search(name)]
        unused = f"<p>{len(self.ledger.rows):,} row(s) could not be used; .ledger lists them.</p>" if len(self.ledger) else ""
        return html_grid(names, cells, bars=shares, more=len(self.frame) - SHOWN_ROWS) + unused

    def _photos(self, format: str) -> str:
        if self.photo is None:
            raise OutputError(f"These answers are no points on photos, and {format} holds nothing else. Write them to a table.")
        return self.photo


def predict(
    artifact: Artifact,
    table: Table,
    *,
    max_error: float | None = None,
    coverage: float | None = None,
    strangeness: bool = True,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> Predictions:
    """Answer every row that can be used. Without `strangeness` nobody looks how unlike those of training they are, which takes
    as long as the answers of a table without files.

    With `max_error` a column NAME_decision says of which rows it cannot tell, so that of the other answers no larger share is
    expected to be wrong; with `coverage` sets, intervals or radii hold the truth in that share of rows.

    *Raises* ColumnError when the table lacks a column the model reads, PromiseError when the model cannot promise that.
    """
    promises = promises_of(heads_of(artifact.network), max_error=max_error, coverage=coverage)
    progress = progress or Silent()
    table = with_photos(artifact.network, table, progress)
    features = artifact.network.features
    columns, examples, readable = answered_rows(artifact, table, promises, cache=cache, progress=progress)
    names = beside([table.column(name) for name in naming_columns(features, artifact.schema, table)], columns)
    unseen, empty = strange_cells(features, readable)
    return Predictions(
        frame=pl.DataFrame({"row": pl.Series(table.rows)} | names | columns),
        ledger=examples.ledger,
        unseen=unseen,
        empty=empty,
        promises=promises.notes,
        photo=artifact.network.photo.name if isinstance(artifact.network, PointNetwork) else None,
        folder=table.folder,
        unlike=unlike_of(artifact, examples, readable) if strangeness else None,
    )


def strange_cells(features: Sequence[Feature], readable: Table) -> tuple[dict[str, float], list[str]]:
    """`unseen` and `empty` of `Predictions`, of a table without unreadable cells."""
    unseen = {feature.name: feature.unseen(feature.column(readable)) for feature in features}
    empty = [feature.name for feature in features if _is_empty(readable.column(feature.name).values)]
    return {name: share for name, share in unseen.items() if share > 0}, empty


def answered_rows(
    artifact: Artifact, table: Table, promises: Promises, *, cache: VectorCache | None, progress: Progress
) -> tuple[dict[str, pl.Series], Examples | Photos, Table]:
    """The columns of answers and `problem`, one value a row of `table`; its rows encoded; `table` without unreadable cells."""
    examples, readable = served(artifact.network, table, cache=cache, progress=progress)
    usable = np.flatnonzero(examples.usable)
    answers = placed(artifact.network, table.take(usable), answers_of(artifact.network, examples, usable, progress))
    columns: dict[str, pl.Series] = {}
    for name, head in artifact.network.targets.items():
        for column, values in (head.decode(answers[name]) | promises.columns(name, answers[name])).items():
            columns[column] = _spread(values, examples.usable)
    columns["problem"] = _problems(examples.ledger, table.rows)
    return columns, examples, readable


def unlike_of(artifact: Artifact, examples: Examples | Photos, table: Table) -> Unlike | None:
    """How unlike what training showed the rows are, where the model remembers that."""
    if artifact.reference is None:
        return None
    return unlike(artifact.reference, artifact.network, examples, table)


def naming_columns(features: Sequence[Feature], schema: Schema, table: Table) -> list[str]:
    """Columns of `table` by which a person knows its rows: paths of files, times of clips, else names of single rows."""
    media = [feature for feature in features if isinstance(feature, MediaFeature)]
    named = [feature for feature in media if table.column(feature.name).values.dtype == pl.String]
    paths = list(dict.fromkeys(name for feature in named for name in feature.reads))  # a clip is known by its times, too
    if paths and schema.points is not None:  # of several subjects on a photo, which one
        paths += [name for name in (CATEGORY, INDIVIDUAL) if name in table.columns]
    left_out = [name for name, reason in schema.dropped.items() if _NAMES_ROWS.search(reason)]
    return paths or [name for name in left_out if name in table.columns and not table.frame.schema[name].is_nested()]


def beside(naming: Sequence[Column], taken: Collection[str]) -> dict[str, pl.Series]:
    """The columns under their own names, or with `_given` behind them where an answer's column is called so."""
    named: dict[str, pl.Series] = {}
    for column in naming:
        name = column.name
        while name == "row" or name in taken or name in named:
            name += "_given"
        named[name] = column.values
    return named


def _is_empty(values: pl.Series) -> bool:
    """No cell holds anything: null, NaN and blanks are nothing."""
    if values.dtype.is_float():
        values = values.fill_nan(None)
    if values.dtype == pl.String:
        values = values.filter(values.str.strip_chars() != "")
    return values.null_count() == len(values)


def _spread(values: pl.Series, usable: np.ndarray) -> pl.Series:
    """Answers of the usable rows in their places among all rows, null elsewhere."""
    if usable.all():
        return values
    places = np.where(usable, np.cumsum(usable) - 1, 0)
    if not len(values):
        return pl.Series([None] * len(usable), dtype=values.dtype)
    return values.gather(places).set(pl.Series(~usable), None)


def _problems(ledger: Ledger, rows: np.ndarray) -> pl.Series:
    reasons: dict[int, list[str]] = {}
    for entry in ledger:
        place = f"{entry.column}: {entry.file}: " if entry.file else f"{entry.column}: "
        reasons.setdefault(entry.row, []).append(place + entry.reason)
    return pl.Series(["; ".join(reasons[row]) if row in reasons else None for row in rows.tolist()], dtype=pl.String)

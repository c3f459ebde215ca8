"""A trained recipe for individuals: three models in a folder, and how a new photo goes through them."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
import tomli_w
from pydantic import TypeAdapter

from injerto.artifact.place import is_model
from injerto.errors import ArtifactError
from injerto.foreign import TOML_BYTES, read_json, read_text, require_plain
from injerto.identified import Identities
from injerto.identify import identify
from injerto.model import Model, load
from injerto.progress import Progress, Silent
from injerto.recipes.box_rule import BoxRule
from injerto.recipes.found import Found, Lie, find
from injerto.recipes.marks import MarkColumns, Marks, read_marks
from injerto.recipes.passports import named, passports
from injerto.recipes.second_look import Look
from injerto.schema.photo_columns import called
from injerto.table.keypoints.layout import BOX
from injerto.table.ledger import Ledger
from injerto.table.passport import Frame
from injerto.table.table import Table
from injerto.version import __version__
from injerto.whole_file import write_whole

MARK = "recipe.toml"
"""The file that makes a folder a recipe."""
KIND = "individuals"
SCORES, LEDGER = "scores.json", "ledger.csv"
LOCATOR, POINTER, IDENTIFIER = "locator", "pointer", "identifier"
PASSPORT = "passport"
"""The column of passport photos."""


@dataclass(frozen=True)
class Declared:
    """What a recipe was trained for: the columns it reads, and how its passport photos look."""

    target: str
    photo: str
    points: tuple[str, str]
    box: tuple[str, ...] = ()
    corners: bool = False
    sighting: str | None = None
    flank: str | None = None
    frame: Frame = field(default_factory=Frame)
    look: Look | None = None
    """How marked boxes lie to their points; without it heads are looked at once."""
    drawn: BoxRule | None = None
    """Where people draw boxes, given the points; without it found boxes stay as they were located."""

    @property
    def known(self) -> list[str]:
        """The columns beside photo and marks that go along with a passport photo: who it is, which sighting, which flank."""
        return [name for name in (self.target, self.sighting, self.flank) if name is not None]

    @property
    def lie(self) -> Lie:
        """How boxes lie to their points."""
        return Lie(self.look, self.drawn)

    @property
    def marks(self) -> MarkColumns:
        """The columns of marks."""
        return MarkColumns(self.box, self.corners, self.points)

    def to_toml(self) -> str:
        """As text a person can read."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return tomli_w.dumps({"recipe": KIND, "injerto": __version__} | told)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """*Raises* ValueError where it says something else."""
        told = tomllib.loads(text)
        if told.get("recipe") != KIND:
            raise ValueError(f"it is no recipe of the kind '{KIND}'")
        return TypeAdapter(cls).validate_python(told)


@dataclass(frozen=True)
class Passports:
    """Passport photos of N photos, and what could not be made of some."""

    frame: pl.DataFrame
    """One line a row: row, photo (its name), what the table has of `Declared.known`, passport (the bytes of a JPEG, empty where
    there is none), the box, the points, head_there and points_confidence (chances; empty where a person marked them), doubt
    (what is not sure), problem (why there is no passport photo)."""
    ledger: Ledger

    @property
    def table(self) -> Table:
        """The lines as a table that the identifier answers."""
        return Table.of(self.frame)


@dataclass(frozen=True)
class Recipe:
    """Locator, pointer and identifier of one kind of animal."""

    folder: Path
    declared: Declared
    locator: Model
    pointer: Model
    identifier: Model

    def scores(self) -> dict[str, Any]:
        """What `scores.json` says: figures of every stage on rows that taught none."""
        told: dict[str, Any] = read_json(self.folder / SCORES)
        return told

    def unused(self) -> int:
        """How many rows and marks of the training table could not be used; `ledger.csv` has them."""
        return pl.read_csv(self.folder / LEDGER).height

    def apply(self, table: object, *, folder: str | Path = ".", progress: Progress | None = None) -> Passports:
        """Find heads and points on the photos of a table and make passport photos; marks that the table has are kept.

        `folder` is where relative paths start. *Raises* ColumnError when the table has no column of photos.
        """
        return made(self, Table.of(table, folder=folder), progress or Silent())

    def identify(
        self,
        table: object,
        *,
        new_share: float | None = None,
        max_error: float | None = None,
        folder: str | Path = ".",
        progress: Progress | None = None,
    ) -> Identities:
        """Say of every photo who it is, as `Model.identify` does of passport photos; photos without one are in the ledger.

        *Raises* ColumnError when the table has no column of photos, PromiseError where that `max_error` cannot be promised.
        """
        made = self.apply(table, folder=folder, progress=progress)
        lines = made.frame.filter(pl.col(PASSPORT).is_not_null())
        asked = Table(lines.drop("row", "problem"), Path(folder), "passports", lines["row"].to_numpy())
        found = identify(
            self.identifier.artifact,
            asked,
            new_share=new_share,
            max_error=max_error,
            called=lines["photo"].to_list(),
            doubts=lines["doubt"].fill_null("").to_list(),
            progress=progress,
        )
        return replace(found, ledger=Ledger([*made.ledger, *found.ledger]))


def made(recipe: Recipe, table: Table, progress: Progress) -> Passports:
    """Every row of `table` as a line of passports; none is lost."""
    declared = recipe.declared
    table, _ = called(table, declared.photo)
    photos = table.column(declared.photo)
    marks = _marks_in(table, declared)
    found = find(recipe.locator, recipe.pointer, photos, marks, declared.lie, progress)
    ledger = Ledger(list(marks.ledger))
    pictures: list[bytes | None] = [None] * len(table)
    problem = list(found.problem)
    rows = np.flatnonzero([not reason for reason in problem])
    for row, picture, reason in passports(photos, found.points, rows, declared.frame, progress):
        pictures[row], problem[row] = picture, reason
    names = named(photos)
    for row, reason in enumerate(problem):
        if reason:
            ledger.add(int(table.rows[row]), declared.photo, names[row], reason)
    columns = {
        "row": pl.Series(table.rows),
        "photo": pl.Series(names, dtype=pl.String),
        **{name: table.frame[name] for name in declared.known if name in table.columns},
        PASSPORT: pl.Series(pictures, dtype=pl.Binary),
        **columns_of(found, declared.points),
        "problem": pl.Series([reason or None for reason in problem], dtype=pl.String),
    }
    return Passports(pl.DataFrame(columns), ledger)


def columns_of(found: Found, points: tuple[str, str]) -> dict[str, pl.Series]:
    """Boxes, points and how sure they are, as columns."""
    columns = {name: pl.Series(values.round(2)).fill_nan(None) for name, values in zip(BOX, found.box.T, strict=True)}
    for point, name in enumerate(points):
        for index, axis in enumerate("xy"):
            columns[f"{name}_{axis}"] = pl.Series(found.points[:, point, index].round(2)).fill_nan(None)
    columns["head_there"] = pl.Series(found.there.round(4)).fill_nan(None)
    columns["points_confidence"] = pl.Series(found.confidence.round(4)).fill_nan(None)
    columns["doubt"] = pl.Series([doubt or None for doubt in found.doubt], dtype=pl.String)
    return columns


def _marks_in(table: Table, declared: Declared) -> Marks:
    """The marks that a table of new photos happens to have, under the names that the recipe knows."""
    boxed = set(declared.box) <= set(table.columns)
    columns = MarkColumns(declared.box if boxed else (), declared.corners, declared.points)
    return read_marks(table, declared.photo, columns)


def is_recipe(folder: Path) -> bool:
    """Whether a trained recipe stands in `folder`."""
    return (folder / MARK).is_file() and is_model(folder / IDENTIFIER)


def write_declared(declared: Declared, folder: Path) -> None:
    """Write what the recipe is for: with it, the folder is a recipe."""
    write_whole(folder / MARK, lambda file: file.write(declared.to_toml().encode()))


def load_recipe(folder: str | Path) -> Recipe:
    """Open a recipe; nothing in its folder is executed. *Raises* ArtifactError when it is missing, damaged or unfinished."""
    folder = Path(folder)
    if not (folder / MARK).is_file():
        if is_model(folder):
            raise ArtifactError(f"'{folder}' is a model, not a recipe; models answer with `injerto predict`.")
        raise ArtifactError(f"'{folder}' holds no recipe: it has no file {MARK}. An unfinished one goes on with its command.")
    require_plain(folder)
    text = read_text(folder / MARK, TOML_BYTES)
    try:
        declared = Declared.from_toml(text)
    except (ValueError, RecursionError) as slip:
        raise ArtifactError(f"The recipe '{folder}' cannot be read: {MARK}: {slip}.") from slip
    locator, pointer, identifier = (load(folder / name) for name in (LOCATOR, POINTER, IDENTIFIER))
    return Recipe(folder, declared, locator, pointer, identifier)

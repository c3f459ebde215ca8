"""What the classifier and the regressor share: a table of any columns, trained as `injerto train` does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import polars as pl
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from injerto.artifact.artifact import Artifact
from injerto.errors import TableError
from injerto.model import Model
from injerto.predict import predict
from injerto.schema.check_targets import FEWEST_ROWS
from injerto.schema.infer import infer
from injerto.schema.schema import InputKind, Mode, Schema, TargetKind
from injerto.sklearn.intake import Intake, take_in
from injerto.sklearn.learn import Lesson, cache_for, learned, lesson_of, seed_of, sentence


class Graft(BaseEstimator, ABC):  # type: ignore[misc]
    """An estimator over columns of numbers, categories, dates, photos and sounds.

    X is an array or a dataframe. `kinds` maps names of columns to their kind; what it leaves out is guessed, and numbers
    in an array are numbers. Columns that teach nothing or tell the answer are left out with a warning. `folder` is where
    paths of files start. The other options are those of `injerto train`, where None leaves the choice to it. `tune_share`
    of the rows choose when to stop and calibrate; none are kept apart to test with, as that is scikit-learn's part.

    After `fit`: `artifact_`, the trained thing; `columns_`, the names of X's columns; `target_`, the name of y;
    `notes_`, what training had to say.
    """

    target_kind: ClassVar[TargetKind]
    artifact_: Artifact
    columns_: list[str]
    target_: str
    notes_: list[str]

    def __init__(
        self,
        *,
        kinds: Mapping[str, InputKind] | None = None,
        folder: str | Path = ".",
        mode: Mode = "probe",
        epochs: int | None = None,
        batch_rows: int | None = None,
        learning_rate: float | None = None,
        tune_share: float = 0.15,
        budget_seconds: float | None = None,
        random_state: Any = 0,
    ) -> None:
        self.kinds = kinds
        self.folder = folder
        # NOTE differs from the command line's "auto": fine-tuning once a fold would take hours.
        self.mode = mode
        self.epochs = epochs
        self.batch_rows = batch_rows
        self.learning_rate = learning_rate
        self.tune_share = tune_share
        self.budget_seconds = budget_seconds
        self.random_state = random_state

    @abstractmethod
    def _answers(self, y: Any) -> pl.Series:
        """Check y (N,) as scikit-learn does, and make it a column. *Raises* ValueError in scikit-learn's words."""

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Learn y (N,) from X (N,F); rows of the same group all learn or all tune.

        *Raises* ValueError when X or y cannot be used, SchemaError (a ValueError too) with every problem of the columns.
        """
        if y is None:
            raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
        intake = take_in(self, X, folder=self.folder, reset=True, fewest_rows=FEWEST_ROWS)
        lesson = lesson_of(intake.table, y, self._answers(y), groups)
        schema = self._schema(intake, lesson)
        self.columns_, self.target_ = intake.table.columns, lesson.target
        self.artifact_, self.notes_ = learned(lesson, schema)
        return self

    def _schema(self, intake: Intake, lesson: Lesson) -> Schema:
        asked = dict.fromkeys(intake.numbers, "number") | dict(self.kinds or {})
        drafted = infer(lesson.table, targets={lesson.target: self.target_kind}, inputs=asked, group=lesson.group)
        training = {
            "mode": self.mode,
            "epochs": self.epochs,
            "batch_rows": self.batch_rows,
            "learning_rate": self.learning_rate,
            "budget_seconds": self.budget_seconds,
            "seed": seed_of(self.random_state),
        }
        split = {"group": lesson.group, "test_share": 0.0, "tune_share": self.tune_share}
        return Schema.from_data(drafted.model_dump() | {"split": split, "training": training}, origin=type(self).__name__)

    def _answered(self, X: Any) -> pl.DataFrame:
        """The answers of every row. *Raises* TableError when a row cannot be answered: scikit-learn knows no gaps."""
        check_is_fitted(self)
        table = take_in(self, X, folder=self.folder, reset=False, names=self.columns_).table
        found = predict(self.artifact_, table, cache=cache_for(self.artifact_.schema))
        if len(found.ledger):
            raise TableError(
                f"Some rows cannot be answered: {sentence(found.ledger)} Leave them out, or ask `model_.predict`, "
                "which answers the others."
            )
        return found.frame

    @property
    def model_(self) -> Model:
        """The same model behind the other door: `.model_.save(path)` writes the model folder."""
        check_is_fitted(self)
        return Model(self.artifact_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags

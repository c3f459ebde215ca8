"""Categories to what a network learned of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import _check_feature_names_in, assert_all_finite, check_is_fitted, column_or_1d

from injerto.embedders.category import CategoryEmbedder
from injerto.features.category import CategoryFeature
from injerto.network import Network
from injerto.schema.check_targets import FEWEST_ROWS
from injerto.schema.facts import facts_of
from injerto.schema.guess_target import guess_target
from injerto.schema.schema import Schema, TargetKind
from injerto.sklearn.cells import series_of
from injerto.sklearn.intake import take_in
from injerto.sklearn.learn import Lesson, learned, lesson_of, seed_of
from injerto.table.table import Table


class EntityEmbedding(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Columns of categories to learned rows. Levels that answer alike come to lie near each other.

    A network learns y from the categories alone; its lookups are kept. `target` says what y is, a class or a number; where
    it is None the values of y decide. Levels seen less than `min_count` times, and those never seen, share one row that is
    learned too; so do empty cells. As with every encoder that is taught by y, rows it learned from look better than
    they are: fit it inside a Pipeline, and judge on other rows.

    `width` is how many values a level becomes, 2 or 8 by the number of levels where it is None.

    After `fit`: `lookups_`, by column the matrix (levels + 2, width); `levels_`, by column the names of its rows, the first two
    being UNKNOWN and MISSING; `notes_`, what training had to say.

    *Source*: Guo & Berkhahn 2016, Entity Embeddings of Categorical Variables, arXiv 1604.06737.

    Example:
        >>> import polars as pl
        >>> sites = pl.DataFrame({"site": ["pond", "lake", "moor", "heath"] * 20})
        >>> embedding = EntityEmbedding().fit(sites, ["wet", "wet", "dry", "dry"] * 20)
        >>> embedding.transform(sites).shape, embedding.levels_["site"][:2]
        ((80, 8), ['UNKNOWN', 'MISSING'])
    """

    lookups_: dict[str, np.ndarray]
    levels_: dict[str, list[str]]
    notes_: list[str]

    def __init__(
        self,
        *,
        target: TargetKind | None = None,
        min_count: int = 2,
        width: int | None = None,
        epochs: int | None = None,
        learning_rate: float | None = None,
        tune_share: float = 0.15,
        random_state: Any = 0,
    ) -> None:
        self.target = target
        self.min_count = min_count
        self.width = width
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.tune_share = tune_share
        self.random_state = random_state

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Learn the lookups of the columns of X (N,F) from y (N,); rows of the same group all learn or all tune."""
        if y is None:
            raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
        table = take_in(self, X, folder=Path("."), reset=True, fewest_rows=FEWEST_ROWS).table
        answers = column_or_1d(y, warn=True)
        assert_all_finite(answers, input_name="y")
        lesson = lesson_of(table, y, series_of("y", answers), groups)
        artifact, self.notes_ = learned(lesson, self._schema(lesson, table))
        network = artifact.network
        assert isinstance(network, Network)
        embedder = network.embedders["category"]
        assert isinstance(embedder, CategoryEmbedder)
        features = [feature for feature in artifact.network.features if isinstance(feature, CategoryFeature)]
        self._features = {feature.name: feature for feature in features}
        self.lookups_ = {name: embedder.matrix(name).numpy() for name in self._features}
        self.levels_ = {feature.name: feature.row_names for feature in features}
        return self

    def _schema(self, lesson: Lesson, table: Table) -> Schema:
        answers = lesson.table.column(lesson.target)
        kind = self.target or guess_target(answers, facts_of(lesson.table)[lesson.target]).kind
        options = {
            "targets": {lesson.target: {"kind": kind}},
            "inputs": {name: {"kind": "category", "min_count": self.min_count, "width": self.width} for name in table.columns},
            "split": {"group": lesson.group, "test_share": 0.0, "tune_share": self.tune_share},
            "training": {"epochs": self.epochs, "learning_rate": self.learning_rate, "seed": seed_of(self.random_state)},
        }
        return Schema.from_data(options, origin=type(self).__name__)

    def transform(self, X: Any) -> np.ndarray:
        """The learned rows (N, the sum of the widths) float32 of the cells."""
        check_is_fitted(self)
        names = list(self._features)
        table = take_in(self, X, folder=Path("."), reset=False, names=names).table
        ids = {name: feature.encode(table.column(name)).numpy() for name, feature in self._features.items()}
        return np.concatenate([self.lookups_[name][ids[name]] for name in names], axis=1)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The column's name and the place in its row: site_0, site_1, ..."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.asarray([f"{name}_{place}" for name in names for place in range(self.lookups_[name].shape[1])], dtype=object)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags

"""What photo and sound features share: columns of files to the vectors of a frozen backbone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import Tags
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from injerto.backbones import catalogue, weights
from injerto.backbones.backbone import Backbone
from injerto.backbones.cache import VectorCache
from injerto.backbones.catalogue import MediaKind
from injerto.backbones.frozen import extract
from injerto.errors import TableError
from injerto.features.feature import MediaFeature
from injerto.sklearn.intake import take_in
from injerto.sklearn.learn import sentence
from injerto.table.ledger import Ledger
from injerto.table.table import Table


class FileFeatures(TransformerMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """Columns of paths (or of bytes) to vectors: width values a column, side by side.

    Files are looked at once and then found in the cache on disk. An empty cell becomes a row of NaN. A file that cannot be
    read stops the work when `on_error` is "raise", and becomes a row of NaN when it is "nan".
    """

    media_kind: ClassVar[MediaKind]
    backbone: str
    folder: str | Path
    on_error: Literal["raise", "nan"]

    @abstractmethod
    def _feature(self, name: str) -> MediaFeature:
        """How a cell of the column `name` is read, with all that `fit` learned."""

    @abstractmethod
    def _learn(self, table: Table) -> None:
        """Learn from the headers of the files what the parameters leave open."""

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        # scikit-learn's checks transform arrays of numbers. No number is a file, and of that "raise" complains;
        # the checks run with "nan".
        tags._skip_test = self.on_error == "raise"
        return tags

    def fit(self, X: Any, y: Any = None) -> Self:
        """Take the columns of X (N,F) for granted."""
        if self.on_error not in ("raise", "nan"):
            raise ValueError(f"on_error must be 'raise' or 'nan', not {self.on_error!r}.")
        self._learn(take_in(self, X, folder=self.folder, reset=True).table)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Vectors (N, F*width) float32. *Raises* TableError naming the files that cannot be read."""
        check_is_fitted(self)  # passes for those that learn nothing
        # Without a fit nothing is known of X that it could be compared with.
        before = self if "n_features_in_" in vars(self) else clone(self)
        table = take_in(before, X, folder=self.folder, reset=before is not self).table
        name = catalogue.choose(self.media_kind, self.backbone).name
        backbone, cache, ledger, parts = _loaded(name, weights.find(name)), VectorCache(), Ledger(), []
        for name in table.columns:
            found = extract(self._feature(name), table.column(name), backbone, cache=cache)
            ledger.extend(found.ledger)
            parts.append(found.values.numpy())
        if len(ledger) and self.on_error == "raise":
            raise TableError(
                f"Some files cannot be read: {sentence(ledger)} Leave these rows out, or say on_error='nan' for NaN."
            )
        return np.concatenate(parts, axis=1)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The column's name and the place in the vector: photo_0, photo_1, ..."""
        check_is_fitted(self, "n_features_in_")
        names = _check_feature_names_in(self, input_features)
        width = catalogue.choose(self.media_kind, self.backbone).width
        return np.asarray([f"{name}_{place}" for name in names for place in range(width)], dtype=object)


@lru_cache(maxsize=2)
def _loaded(name: str, file: Path | None) -> Backbone:
    """A backbone as its weights in `file` are; read once, since pipelines call `transform` many times."""
    return weights.load(name)

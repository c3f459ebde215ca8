"""A classifier over columns of any kind."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import polars as pl
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import assert_all_finite, column_or_1d

from injerto.schema.schema import TargetKind
from injerto.sklearn.cells import series_of
from injerto.sklearn.graft import Graft
from injerto.table.words import normalised


class GraftClassifier(ClassifierMixin, Graft):  # type: ignore[misc]
    """One class a row, with calibrated probabilities. Parameters: see `Graft`.

    After `fit`: `classes_`, sorted as scikit-learn sorts them.

    Example:
        >>> birds = {"mass_g": [9, 10, 11, 12, 60, 61, 62, 63] * 5, "sings": ["yes", "yes", "no", "yes"] * 10}
        >>> species = (["wren"] * 4 + ["jay"] * 4) * 5
        >>> model = GraftClassifier().fit(pl.DataFrame(birds), species)
        >>> model.predict(pl.DataFrame({"mass_g": [10, 62], "sings": ["yes", None]})).tolist()
        ['wren', 'jay']
    """

    target_kind: ClassVar[TargetKind] = "class"
    classes_: np.ndarray

    def _answers(self, y: Any) -> pl.Series:
        labels = column_or_1d(y, warn=True)
        assert_all_finite(labels, input_name="y")
        check_classification_targets(labels)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            only = self.classes_.tolist()[0]
            raise ValueError(f"{type(self).__name__} needs at least 2 classes in y, but there is one class only: {only!r}.")
        spelled = self._spelled()
        if spelled.null_count() or spelled.n_unique() < len(spelled):
            raise ValueError(
                "Classes in y must differ by more than spaces around them, and not be blank. "
                f"Found: {', '.join(map(repr, self.classes_.tolist()))}."
            )
        return series_of("y", labels)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (N,K) of `classes_`."""
        answers = self._answered(X)
        columns = [f"{self.target_}_probability_{level}" for level in self._spelled().to_list()]
        # A class whose rows are all in groups that tune was not learned: nothing speaks for it.
        unlearned = np.zeros(len(answers))
        return np.stack([answers[name].to_numpy() if name in answers.columns else unlearned for name in columns], axis=1)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class (N,) of every row."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def _spelled(self) -> pl.Series:
        """The classes as the head writes its levels."""
        return normalised(series_of("y", self.classes_))

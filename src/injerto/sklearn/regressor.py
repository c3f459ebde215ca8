"""A regressor over columns of any kind."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import polars as pl
from sklearn.base import RegressorMixin
from sklearn.utils import check_array
from sklearn.utils.validation import column_or_1d

from injerto.schema.schema import TargetKind
from injerto.sklearn.graft import Graft


class GraftRegressor(RegressorMixin, Graft):  # type: ignore[misc]
    """One number a row. Parameters: see `Graft`.

    Example:
        >>> rows = pl.DataFrame({"soil": ["clay", "sand"] * 60, "rain_mm": list(range(40)) * 3})
        >>> height_cm = [10 + rain + 20 * (soil == "clay") for soil, rain in rows.rows()]
        >>> model = GraftRegressor(kinds={"rain_mm": "number"}).fit(rows, height_cm)
        >>> model.score(rows, height_cm) > 0.9
        True
    """

    target_kind: ClassVar[TargetKind] = "number"

    def _answers(self, y: Any) -> pl.Series:
        numbers = check_array(column_or_1d(y, warn=True), ensure_2d=False, dtype=np.float64, input_name="y")
        return pl.Series("y", numbers.copy())

    def predict(self, X: Any) -> np.ndarray:
        """The answers (N,) in the units of y."""
        return self._answered(X)[self.target_].to_numpy()

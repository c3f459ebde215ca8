"""Folds: even, stratified, grouped."""

import numpy as np
import pytest

from injerto.errors import TableError
from injerto.table.folds import folds


def test_folds_are_even_in_rows_and_strata() -> None:
    strata = np.repeat([0, 1], [80, 20])
    fold = folds(5, strata=strata)
    assert np.bincount(fold).tolist() == [20] * 5
    assert np.bincount(fold[strata == 1]).tolist() == [4] * 5


def test_groups_stay_whole() -> None:
    groups = np.repeat(np.arange(30), 4)
    fold = folds(3, strata=groups % 2, groups=groups)
    assert (fold.reshape(30, 4) == fold[::4, None]).all()
    assert np.bincount(fold).tolist() == [40] * 3


def test_more_folds_than_groups() -> None:
    with pytest.raises(TableError, match=r"5 folds need at least 5 rows or groups .* there are 2"):
        folds(5, strata=np.zeros(6), groups=np.array([0, 0, 0, 1, 1, 1]))

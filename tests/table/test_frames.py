"""Dataframes of other libraries: what cannot be taken over is named."""

import pandas as pd
import pytest

from injerto.errors import TableError
from injerto.table.frames import frame_of


def test_a_column_of_mixed_kinds_is_named_with_what_to_do() -> None:
    with pytest.raises(TableError, match=r"Column 'odd' of the pandas table mixes kinds.*table\['odd'\]\.astype\(str\)"):
        frame_of(pd.DataFrame({"fine": [1, 2], "odd": [1, "a"]}))


def test_names_that_stand_twice_are_named() -> None:
    with pytest.raises(TableError, match=r"columns of the same name: 'mass' \(2 times\)"):
        frame_of(pd.DataFrame([[1, 2], [3, 4]], columns=["mass", "mass"]))


def test_a_named_index_is_a_column_and_a_nameless_one_is_not() -> None:
    birds = pd.DataFrame({"mass": [9, 60]}, index=pd.Index(["a1", "b2"], name="ring"))
    assert frame_of(birds).to_dict(as_series=False) == {"ring": ["a1", "b2"], "mass": [9, 60]}
    assert frame_of(pd.DataFrame({"mass": [9, 60]}, index=[7, 3])).columns == ["mass"]


def test_an_index_named_like_a_column_is_refused() -> None:
    with pytest.raises(TableError, match=r"named index counts as a column\) has columns of the same name: 'mass'"):
        frame_of(pd.DataFrame({"mass": [9, 60]}, index=pd.Index([1, 2], name="mass")))

"""The ledger and the column, the two small carriers between stations."""

from pathlib import Path

import numpy as np
import polars as pl

from injerto.table.column import Column
from injerto.table.ledger import Entry, Ledger


def test_a_ledger_counts_and_shows_what_it_holds() -> None:
    ledger = Ledger()
    ledger.add(3, "photo", "a.jpg", "zero bytes")
    ledger.extend([Entry(5, "photo", "b.jpg", "zero bytes"), Entry(5, "call", "b.wav", "not a sound")])
    assert len(ledger) == 3
    assert ledger.rows == {3, 5}
    assert ledger.reasons() == {"zero bytes": 2, "not a sound": 1}
    assert ledger.frame().rows()[0] == (3, "photo", "a.jpg", "zero bytes")
    assert Ledger().frame().columns == ["row", "column", "file", "reason"]


def test_a_column_keeps_the_rows_of_the_table_as_given() -> None:
    column = Column("n", pl.Series([10, 20, 30]), Path("."), np.array([4, 5, 6]))
    taken = column.take(np.array([2, 0]))
    assert [taken.cell(0), taken.row(0), len(taken)] == [30, 6, 2]

"""Answers of a cluster are those of one machine: rows, promises, the ledger, whatever is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import injerto
from small import photo_folder

if TYPE_CHECKING:
    from conftest import Nodes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return photo_folder(tmp_path_factory.mktemp("photos"), each=20)


@pytest.fixture(scope="module")
def table(photos: Path) -> injerto.Table:
    frame = injerto.Table.read(photos).frame
    return injerto.Table.of(frame.with_columns(mass=pl.int_range(pl.len()).cast(pl.Float64) % 7), folder=photos)


@pytest.fixture(scope="module")
def model(table: injerto.Table) -> injerto.Model:
    return injerto.train(table, "class", seed=1, mode="probe", no_group=True)


def test_photos_one_of_them_broken(nodes: Nodes, model: injerto.Model, table: injerto.Table, photos: Path) -> None:
    (photos / "red" / "07.png").write_bytes(b"no photo")
    cells = table.frame.with_columns(mass=pl.col("mass").cast(pl.String)).with_row_index("at")
    cells = cells.with_columns(mass=pl.when(pl.col("at") == 5).then(pl.lit("heavy")).otherwise("mass")).drop("at")
    given = injerto.Table.of(cells, folder=photos)
    here = model.predict(given, max_error=0.3).with_unlike()
    there = model.predict(given, max_error=0.3, on=nodes.address).with_unlike()
    assert len(here.ledger) == 2
    assert_frame_equal(here.frame, there.frame, check_exact=True)
    assert here.ledger == there.ledger
    assert (here.unseen, here.empty, here.promises) == (there.unseen, there.empty, there.promises)
    assert (here.photo, here.folder) == (there.photo, there.folder)

"""Rows like one are looked for in a table that is encoded once, and likeness is a cosine from the table's middle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from injerto.errors import ColumnError
from injerto.examples import served_examples
from injerto.explain.among import Among
from injerto.explain.explain import explain
from injerto.network import Network
from injerto.progress import Silent
from injerto.table.table import Table
from made_everything import everything, model_of


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return everything(tmp_path_factory.mktemp("everything"))


def test_likeness_by_hand_and_the_same_from_a_table_that_was_encoded_before(table: Table) -> None:
    artifact = model_of(table, ["photo", "mass"], ["species"])
    network = artifact.network
    assert isinstance(network, Network)
    met = Among.of(artifact, table, cache=None, progress=Silent())
    found = explain(artifact, table, 3, among=met)
    assert found.to_json() == explain(artifact, table, 3, among=table).to_json()
    with torch.no_grad():
        examples, _ = served_examples(network, table, cache=None, progress=Silent())
        read = network.embedded(examples.batch(torch.arange(len(table)))).double().numpy()
    away = read - read.mean(axis=0)
    cosines = away @ away[3] / np.linalg.norm(away, axis=1) / np.linalg.norm(away[3])
    order = [row for row in np.argsort(-cosines).tolist() if row != 3][:5]
    assert [one.row for one in found.nearest] == order
    assert [one.likeness for one in found.nearest] == pytest.approx(cosines[order].tolist(), abs=1e-5)
    assert met.directions.dtype == torch.float32
    assert met.directions.shape == read.shape


def test_its_one_column_of_photos_may_be_called_otherwise(table: Table) -> None:
    artifact = model_of(table, ["photo"], ["species"])
    renamed = Table.of(table.frame.select("species", picture="photo"), folder=table.folder)
    met = Among.of(artifact, renamed, cache=None, progress=Silent())
    assert [one.row for one in explain(artifact, table, 3, among=met).nearest] == [
        one.row for one in explain(artifact, table, 3, among=table).nearest
    ]


def test_a_table_of_few_rows_shows_them_and_leaves_contributions_to_what_the_model_keeps(table: Table) -> None:
    artifact = model_of(table, ["mass", "site"], ["species"])
    few = table.take(np.arange(4))
    found = explain(artifact, table, 9, among=few)
    assert sorted(one.row for one in found.nearest if one.row is not None) == [0, 1, 2, 3]
    assert "which it keeps" in found.contributions[0].background
    (many,) = explain(artifact, few, 1, among=table).contributions
    assert many.background == "rows of 'table'"


def test_rows_that_cannot_be_used_are_no_neighbours(table: Table, tmp_path: Path) -> None:
    artifact = model_of(table, ["photo"], ["species"])
    (tmp_path / "broken.png").write_bytes(b"\x89PNG no")
    photos = pl.Series([str(table.folder / name) for name in table.frame["photo"][:4]] + ["gone.png", "broken.png"])
    bad = Table.of(pl.DataFrame({"photo": photos, "species": ["jay"] * 6}), folder=tmp_path)
    met = Among.of(artifact, bad, cache=None, progress=Silent())
    assert {entry.row for entry in met.ledger} == {4, 5}
    assert sorted(one.row for one in explain(artifact, table, 9, among=met).nearest if one.row is not None) == [0, 1, 2, 3]
    none = Among.of(artifact, bad.take(np.array([4, 5])), cache=None, progress=Silent())
    assert explain(artifact, table, 9, among=none).nearest == []


def test_a_table_that_lacks_a_column(table: Table) -> None:
    artifact = model_of(table, ["mass", "site"], ["species"])
    with pytest.raises(ColumnError, match=r"lacks 1 column\(s\) this model reads:\n  - 'mass' Did you mean 'mas_g'"):
        Among.of(artifact, Table.of({"mas_g": [1], "site": ["x"]}), cache=None, progress=Silent())

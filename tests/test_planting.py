"""Rows of one model as the start of another: taken over level by level, frozen or at a rate of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

import injerto
from injerto.embedders.category import CategoryEmbedder
from injerto.errors import SchemaError
from injerto.schema.schema import Schema

SITES = ["pond", "lake", "moor", "heath", "marsh"]


def visits(rows: int, sites: list[str], seed: int) -> pl.DataFrame:
    """Sites of which some are wet, and how many frogs were there."""
    generator = np.random.default_rng(seed)
    site = generator.choice(sites, rows)
    frogs = np.where(np.isin(site, ["pond", "lake", "marsh"]), 8.0, 1.0) + generator.normal(0, 0.5, rows)
    return pl.DataFrame({"site": site, "hour": generator.integers(0, 24, rows), "frogs": frogs})


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("stock") / "frogs.model"
    schema = declared({"kind": "category"}, epochs=3)
    injerto.train(visits(300, SITES, 0), schema=schema, out=place)
    return place


def declared(site: dict[str, object], epochs: int = 1) -> Schema:
    data = {
        "targets": {"frogs": {"kind": "number"}},
        "inputs": {"site": site, "hour": {"kind": "number"}},
        "training": {"epochs": epochs},
    }
    return Schema.from_data(data)


def rows_of(model: injerto.Model) -> tuple[dict[str, torch.Tensor], CategoryEmbedder]:
    embedder = model.network.embedders["category"]
    assert isinstance(embedder, CategoryEmbedder)
    names = next(feature.row_names for feature in model.network.features if feature.name == "site")  # type: ignore[attr-defined]
    return dict(zip(names, embedder.matrix("site"), strict=True)), embedder


def test_frozen_rows_stay_to_the_last_bit_and_new_levels_are_unknown(stock: Path) -> None:
    schema = declared({"kind": "category", "plant": str(stock), "plant_multiplier": 0.0})
    graft = injerto.train(visits(200, ["pond", "moor", "dune"], 1), schema=schema)
    before, _ = rows_of(injerto.load(stock))
    after, _ = rows_of(graft)
    for level in ("UNKNOWN", "pond", "moor"):
        assert torch.allclose(after[level], before[level], atol=1e-6)
    assert torch.equal(after["dune"], after["UNKNOWN"])


def test_planted_rows_learn_at_their_own_rate(stock: Path) -> None:
    before, _ = rows_of(injerto.load(stock))
    moved = {}
    for multiplier in (0.01, 1.0):
        schema = declared({"kind": "category", "plant": f"{stock}:site", "plant_multiplier": multiplier})
        graft = injerto.train(visits(200, SITES, 2), schema=schema)
        after, _ = rows_of(graft)
        moved[multiplier] = float((after["pond"] - before["pond"]).norm())
        rates = graft.artifact.histories[0].epochs[0].rates
        assert rates["planted/site"] == pytest.approx(multiplier * rates["head"])
    assert 0 < moved[0.01] < 0.1 * moved[1.0]


def test_a_planted_model_is_saved_and_needs_its_origin_no_more(stock: Path, tmp_path: Path) -> None:
    schema = declared({"kind": "category", "plant": str(stock)})
    table = visits(200, SITES, 3)
    graft = injerto.train(table, schema=schema, out=tmp_path / "graft.model")
    again = injerto.load(tmp_path / "graft.model")
    assert again.predict(table).answers.equals(graft.predict(table).answers)


@pytest.mark.parametrize(
    ("site", "message"),
    [
        ({"plant": "no.model"}, r"Input 'site' cannot be planted: 'no.model' is not a model of Injerto: it does not exist"),
        ({"plant": "{stock}:sight"}, r"has no category column 'sight'. Did you mean 'site'\? It has: site"),
        ({"plant": "{stock}", "width": 31}, r"its width is declared as 31, the rows of 'site' in .* have \d values"),
        ({"plant": "{stock}", "hash_rows": 9}, r"hash_rows is 9, that of 'site' in .* is None"),
    ],
)
def test_what_cannot_be_planted(stock: Path, site: dict[str, object], message: str) -> None:
    filled = {key: value.format(stock=stock) if isinstance(value, str) else value for key, value in site.items()}
    with pytest.raises(SchemaError, match=message):
        injerto.train(visits(100, SITES, 4), schema=declared({"kind": "category", **filled}))


def test_no_level_in_common(stock: Path) -> None:
    with pytest.raises(SchemaError, match=r"none of its 2 levels is among those of 'site' of"):
        injerto.train(visits(100, ["quay", "pier"], 5), schema=declared({"kind": "category", "plant": str(stock)}))

"""Levels nobody expects, through the door: trained, saved, loaded, and answered, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import injerto
from injerto.errors import ArtifactError, TableError
from injerto.schema.schema import Schema

ODD = ["new\nline", "🦉🦉", "x" * 10_000, "007", "7", "a,b", '"quoted"', "<b>", "UNKNOWN", "MISSING", "nan"]


def declared(**inputs: dict[str, object]) -> Schema:
    data = {"targets": {"wet": {"kind": "class"}}, "inputs": inputs, "training": {"epochs": 1}}
    return Schema.from_data(data)


def rows(values: list[object]) -> pl.DataFrame:
    """Each value twenty times, every second one wet."""
    wet = ["yes" if place % 2 else "no" for place in range(len(values))]
    return pl.DataFrame({"level": pl.Series(values * 20, strict=False), "wet": wet * 20})


def level_names(model: injerto.Model) -> list[str]:
    return model.embeddings("level").levels


def test_odd_levels_come_back_from_the_folder(tmp_path: Path) -> None:
    table = rows(list(ODD))
    model = injerto.train(table, schema=declared(level={"kind": "category"}), out=tmp_path / "odd.model")
    again = injerto.load(tmp_path / "odd.model")
    assert set(level_names(again)) == set(ODD)
    assert again.predict(table).unseen == {}
    assert again.predict(table).answers.equals(model.predict(table).answers)
    assert again.predict({"level": ["new line", "07"]}).unseen == {"level": 1.0}


def test_odd_levels_come_back_from_csv(tmp_path: Path) -> None:
    table = rows(list(ODD))
    table.write_csv(tmp_path / "odd.csv")
    schema = declared(level={"kind": "category"})
    model = injerto.train(tmp_path / "odd.csv", schema=schema)
    assert set(level_names(model)) == set(ODD) - {"nan"}  # a text file says "nan" for an empty cell


def test_pandas_categoricals_whose_codes_differ() -> None:
    cells = ["pond", "lake", "moor", "lake"] * 20
    wet = ["yes", "no", "no", "no"] * 20
    here = pd.DataFrame({"level": pd.Categorical(cells, categories=["pond", "lake", "moor"]), "wet": wet})
    there = pd.DataFrame({"level": pd.Categorical(cells, categories=["moor", "dune", "lake", "pond"])})
    model = injerto.train(here, schema=declared(level={"kind": "category"}))
    as_text = model.predict({"level": cells})
    assert as_text.unseen == {}
    assert model.predict(there).frame["wet_probability_yes"].equals(as_text.frame["wet_probability_yes"])


def test_booleans_are_levels_by_their_text() -> None:
    truth = injerto.train(rows([True, False]), schema=declared(level={"kind": "category"}))
    assert sorted(level_names(truth)) == ["false", "true"]
    assert truth.predict({"level": ["True", "false"]}).unseen == {}


def test_mixed_types_are_refused_with_what_to_do() -> None:
    mixed = pd.DataFrame({"level": [1, "1", 2.0, "two"] * 20, "wet": ["yes", "yes", "no", "no"] * 20})
    with pytest.raises(TableError, match=r"Column 'level' .* mixes kinds of cells: .*astype\(str\)"):
        injerto.train(mixed, schema=declared(level={"kind": "category"}))
    texts = mixed.astype({"level": str})
    assert injerto.train(texts, schema=declared(level={"kind": "category"})).predict({"level": [1, 2]}).unseen == {}


def test_a_vocabulary_edited_by_hand_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "edited.model"
    injerto.train(rows(["pond", "lake"]), schema=declared(level={"kind": "category"}), out=place)
    features = json.loads((place / "features.json").read_text(encoding="utf-8"))
    features["level"]["levels"].append("dune")
    (place / "features.json").write_text(json.dumps(features), encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"features\.json"):
        injerto.load(place)


def test_bags_hashes_and_shared_lists_through_the_folder(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "home": ["Leon", "Lugo", "Vigo", None] * 20,
            "away": ["Lugo", "Vigo", "Leon", "Leon"] * 20,
            "tags": ["wet;cold", "wet", "dry;cold", ""] * 20,
            "street": [f"Calle {place % 7}" for place in range(80)],
            "wet": ["yes", "yes", "no", "no"] * 20,
        }
    )
    team = {"kind": "category", "vocabulary": "team"}
    schema = declared(home=team, away=team, tags={"kind": "categories"}, street={"kind": "category", "hash_rows": 30})
    model = injerto.train(table, schema=schema, out=tmp_path / "mixed.model")
    again = injerto.load(tmp_path / "mixed.model")
    assert again.predict(table).answers.equals(model.predict(table).answers)
    assert (again.embeddings("home").matrix == again.embeddings("away").matrix).all()
    assert again.embeddings("tags").levels == ["cold", "wet", "dry"]
    assert again.embeddings("street").matrix.shape[0] == 32
    odd = again.predict({"home": ["Leon"], "away": ["Soria"], "tags": ["wet;hot"], "street": ["Calle 3"]})
    assert odd.unseen == {"away": 1.0, "tags": 0.5}
    assert odd.answers["wet"][0] in ("yes", "no")


def test_bags_are_found_by_themselves() -> None:
    table = pl.DataFrame({"tags": ["fox|owl", "owl", "owl|jay", "jay"] * 20, "wet": ["yes", "no", "no", "yes"] * 20})
    model = injerto.train(table, "wet", budget_seconds=2)
    assert model.schema.inputs["tags"].kind == "categories"
    assert model.schema.inputs["tags"].separator == "|"
    assert sorted(model.embeddings("tags").levels) == ["fox", "jay", "owl"]

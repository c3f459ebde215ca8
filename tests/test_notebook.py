"""What a notebook shows of models, answers and ledgers, and in which library answers come."""

from __future__ import annotations

import re

import pandas as pd
import polars as pl
import pytest

import injerto
from injerto.predict import SHOWN_ROWS
from injerto.table.html_grid import html_grid
from injerto.table.ledger import Ledger
from small import birds

ODD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    table = birds(120).with_columns(species=pl.col("species").replace({"owl": ODD})).rename({"hour": "<hour>"})
    schema = injerto.Schema(
        inputs={"mass_g": injerto.Input(kind="number"), "<hour>": injerto.Input(kind="category")},
        targets={"species": injerto.Target(kind="class")},
        training=injerto.Training(epochs=2, seed=1),
    )
    return injerto.train(table, schema=schema)


@pytest.fixture
def new() -> pl.DataFrame:
    return birds(25, seed=3).rename({"hour": "<hour>"}).drop("species")


def test_a_model_shows_its_scores_with_intervals_beside_the_baseline(model: injerto.Model) -> None:
    shown = model._repr_html_()
    assert "Model of species (class)" in shown
    assert "&lt;hour&gt; (category)" in shown
    assert "<hour>" not in shown
    right = model.scores["test"]["species"]
    assert f"<td>accuracy</td><td>{right['accuracy']:.4g}</td>" in shown
    low, high = right["intervals"]["accuracy"]
    assert f"<td>{low:.3g} to {high:.3g}</td>" in shown
    assert "rows it never saw" in shown


def test_answers_are_a_table_with_bars_behind_shares(model: injerto.Model, new: pl.DataFrame) -> None:
    found = model.predict(new)
    shown = found._repr_html_()
    assert ODD not in shown
    assert shown.count("<tr>") == SHOWN_ROWS + 1
    assert f"and {len(new) - SHOWN_ROWS} more" in shown
    share = found.answers["species_probability"][0]
    assert re.search(rf"linear-gradient\(90deg, [^)]*\) {100 * share:.1f}%", shown)
    assert "problem" not in shown  # nothing is wrong with any row


def test_answers_say_how_many_rows_could_not_be_used(model: injerto.Model, new: pl.DataFrame) -> None:
    mass = ["heavy", *map(str, new["mass_g"].to_list()[1:])]
    found = model.predict(new.with_columns(mass_g=pl.Series(mass)))
    assert len(found.ledger.rows) >= 1
    assert "row(s) could not be used" in found._repr_html_()
    assert "heavy" in found._repr_html_()


def test_a_ledger_is_a_table_of_reasons() -> None:
    assert Ledger()._repr_html_() == "<p>Every cell could be used.</p>"
    ledger = Ledger()
    for row in range(22):
        ledger.add(row, "photo", "<b>.jpg", "truncated & damaged")
    shown = ledger._repr_html_()
    assert "22 cell(s) in 22 row(s) could not be used." in shown
    assert "&lt;b&gt;.jpg" in shown
    assert "truncated &amp; damaged" in shown
    assert "and 2 more" in shown


def test_a_bar_is_only_behind_shares() -> None:
    shown = html_grid(["a", "p"], [[0.5, 0.25], [2.0, float("nan")], [None, 7.0]], bars=["p"])
    assert shown.count("linear-gradient") == 1
    assert "<td></td>" in shown


def test_pandas_in_pandas_out(model: injerto.Model, new: pl.DataFrame) -> None:
    given = new.to_pandas()
    given.index = [f"bird {row}" for row in range(len(given))]
    found = model.predict(given)
    assert isinstance(found.answers, pd.DataFrame)
    assert list(found.answers.index) == list(given.index)
    given["species"] = found.answers["species"]
    assert given["species"].notna().all()
    assert found.answers["species"].tolist() == model.predict(new).answers["species"].to_list()
    assert isinstance(found.frame, pl.DataFrame)
    strange = found.with_unlike().answers
    assert isinstance(strange, pd.DataFrame)
    assert "familiarity" in strange.columns

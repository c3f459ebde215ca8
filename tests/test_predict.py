"""Answers belong to their own row, whatever stands beside it."""

import numpy as np
import pytest

import injerto
from injerto.predict import FEWEST_ROWS


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    random = np.random.default_rng(0)
    mass_g = random.normal(50, 10, 120)
    schema = injerto.Schema(
        inputs={"mass_g": injerto.Input(kind="number"), "site": injerto.Input(kind="category")},
        targets={"wing_mm": injerto.Target(kind="number")},
        training=injerto.Training(epochs=4),
    )
    table = {"mass_g": mass_g, "site": ["pond", "moor"] * 60, "wing_mm": mass_g * 3 + random.normal(size=120)}
    return injerto.train(table, schema=schema)


@pytest.mark.parametrize("rows", [1, 2, 7, 33, FEWEST_ROWS, 2 * FEWEST_ROWS])
def test_an_answer_does_not_depend_on_how_many_rows_are_asked(model: injerto.Model, rows: int) -> None:
    table = {"mass_g": np.linspace(20, 80, 300), "site": ["pond", "moor", "tundra"] * 100}
    whole = model.predict(table).answers["wing_mm"].to_numpy()
    part = model.predict({name: values[:rows] for name, values in table.items()}).answers["wing_mm"].to_numpy()
    # Another order of sums would show from the seventh digit on.
    assert part == pytest.approx(whole[:rows], rel=1e-12)

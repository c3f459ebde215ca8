"""Maps of rows: directions that go with the answer, and rows that lie apart where their answers do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import injerto
from injerto.evidence.cells import CELLS, RIGHT, WRONG, behind_cells
from injerto.evidence.confidence import BANDS, SHOWN, band_of, in_bands
from injerto.evidence.places import directions, places
from injerto.examples import examples_of
from injerto.progress import Silent
from injerto.table.table import Table
from small import birds

RANDOM = np.random.default_rng(0)


def test_directions_are_orthogonal_and_the_first_goes_with_the_answer():
    labels = RANDOM.integers(0, 2, 200)
    taught = RANDOM.normal(size=(200, 6))
    taught[:, 3] += 5 * labels
    taught[:, 1] *= 4  # varies most, and says nothing
    axes = directions(taught, np.eye(2)[labels])
    assert np.allclose(axes.T @ axes, np.eye(2), atol=1e-9)
    assert np.abs(axes[:, 0]).argmax() == 3
    assert np.abs(axes[:, 1]).argmax() == 1


def test_three_classes_fill_both_directions():
    labels = RANDOM.integers(0, 3, 300)
    taught = RANDOM.normal(size=(300, 8)) * 0.1
    taught[np.arange(300), labels] += 1
    shown = places(taught, np.eye(3)[labels], taught, [{"label": int(one)} for one in labels])
    points = np.array([[one["x"], one["y"]] for one in shown])
    middles = np.stack([points[labels == one].mean(axis=0) for one in range(3)])
    own = np.linalg.norm(points - middles[labels], axis=1)
    assert own.max() < np.linalg.norm(middles[0] - middles[1]) / 2


def test_rows_that_are_all_alike_lie_on_one_place():
    found = places(np.ones((9, 3)), np.eye(3)[[0, 1, 2] * 3], np.ones((2, 3)), [{}, {}])
    assert found == [{"x": 0.0, "y": 0.0}] * 2


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    schema = injerto.Schema(
        inputs={"mass_g": injerto.Input(kind="number"), "hour": injerto.Input(kind="category")},
        targets={"species": injerto.Target(kind="class"), "mass": injerto.Target(kind="number")},
        training=injerto.Training(epochs=3, seed=1),
    )
    table = birds(160, 0)
    return injerto.train(table.with_columns(mass=table["mass_g"] * 2), schema=schema)


def test_the_map_is_of_rows_that_test_and_says_what_was_answered(model: injerto.Model):
    test = set(model.artifact.rows.test.tolist())
    for name, said in (("species", {"label", "answer"}), ("mass", {"value"})):
        rows = model.artifact.evidence[name]["places"]
        assert {one["row"] for one in rows} <= test
        assert all(one.keys() == {"x", "y", "row"} | said for one in rows)


def test_what_heads_read_has_a_vector_a_row(model: injerto.Model):
    table = Table.of(birds(5, 1))
    examples = examples_of(model.network, table, cache=None, progress=Silent())
    with torch.inference_mode():
        assert model.network.mean_embedded(examples.batch(torch.arange(5))).shape == (5, model.network.body.width)


def test_cells_show_their_surest_mistakes_and_the_right_answer_that_was_least_sure():
    true, given = np.array([0] * 10 + [1] * 5), np.array([0] * 4 + [1] * 6 + [1] * 5)
    found = behind_cells(true, given, np.linspace(0.5, 0.9, 15))
    by_cell = {cell: [row for row, at in found if at == cell] for cell in {at for _, at in found}}
    assert by_cell == {(0, 1): [9, 8, 7], (0, 0): [0], (1, 1): [10]}
    assert (WRONG, RIGHT) == (3, 1)


def test_no_more_cells_of_mistakes_than_can_be_looked_at():
    pairs = np.array([(one, other) for one in range(9) for other in range(9)])
    found = behind_cells(pairs[:, 0], pairs[:, 1], np.full(len(pairs), 0.5))
    assert sum(one != other for _, (one, other) in found) == CELLS


def test_mistakes_come_from_each_band_of_confidence():
    surest = np.concatenate([np.full(20, 0.95), np.full(20, 0.7), [0.3]])
    chosen = in_bands(np.argsort(-surest, kind="stable"), surest)
    assert [sum(band_of(surest[row]) == band for row in chosen) for band in range(len(BANDS))] == [SHOWN, SHOWN, 1]

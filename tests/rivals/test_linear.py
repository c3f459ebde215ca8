"""The linear model: what it is told of a row, worked by hand, and that it finds what is linear."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import torch

from injerto.examples import Examples, examples_of
from injerto.features.declared import features_of
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.network import Network
from injerto.progress import Silent
from injerto.rivals import linear, trees
from injerto.rivals.design import FARTHEST, MOST_LEVELS, Design, OneHot, Standardised
from injerto.rivals.linear import Linear, fit_linear, linear_answers
from injerto.schema.schema import Input, Target
from injerto.table.table import Table

RANDOM = np.random.default_rng(0)
N = 300
X, SITE = RANDOM.normal(size=N), RANDOM.choice(["north", "south", "west"], N)
FRAME = pl.DataFrame(
    {
        "x": [None if row % 20 == 0 else float(value) for row, value in enumerate(X)],
        "site": SITE,
        "habits": ["swims;dives" if row % 3 else "flies" for row in range(N)],
        "day": pl.Series(np.arange(N)).cast(pl.Int32).cast(pl.Date),
        "weight": 3 * np.where(np.arange(N) % 20 == 0, 0, X) + 2 * (SITE == "south") + 10,
        "kind": np.where(X + 2 * (SITE == "south") > 0.5, "seal", "otter"),
        "tags": np.where(SITE == "south", "warm;near", "cold"),
    }
)
KINDS = {"x": "number", "site": "category", "habits": "categories", "day": "date"}
UNIT = np.arange(N) // 3


def network_of(table: Table, targets: dict[str, str]) -> Network:
    inputs = {name: Input.model_validate({"kind": kind}) for name, kind in KINDS.items()}
    features = fit_features(features_of(inputs), table)
    heads = [HEADS[kind](name, Target.model_validate({"kind": kind})).fit(table.column(name)) for name, kind in targets.items()]
    return Network(features, heads, {})


@pytest.fixture(scope="module")
def learned() -> tuple[Table, Network, Examples]:
    table = Table.of(FRAME)
    network = network_of(table, {"weight": "number", "kind": "class", "tags": "classes"})
    examples = examples_of(network, table, cache=None, progress=Silent())
    examples.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    return table, network, examples


def test_numbers_are_standardised_and_missing_ones_told() -> None:
    part = Standardised(1, told_missing=True)
    part.fit(torch.tensor([[1.0], [3.0], [torch.nan]]))  # mean 2, deviation 1
    assert part(torch.tensor([[4.0], [torch.nan], [1e9]])).tolist() == [[2.0, 0.0], [0.0, 1.0], [FARTHEST, 0.0]]
    constant = Standardised(1, told_missing=False)
    constant.fit(torch.tensor([[7.0], [7.0]]))
    assert constant(torch.tensor([[7.0], [9.0]])).tolist() == [[0.0], [2.0]]


def test_levels_have_a_column_each_and_cells_of_several_share(learned: tuple[Table, Network, Examples]) -> None:
    _, network, examples = learned
    design = Design(network.blocks, {})
    rows = examples.batch(torch.arange(N))
    blocks = {block.key: block for block in network.blocks}
    site = OneHot([*blocks["category"].features])(rows.scalars["category"])  # type: ignore[list-item]
    assert site.sum(dim=1).tolist() == [1.0] * N
    assert set(site[:, 0].tolist()) == {0.0}  # nothing is UNKNOWN
    habits = OneHot([*blocks["categories"].features])(rows.scalars["categories"])  # type: ignore[list-item]
    assert sorted(set(habits[1].tolist())) == [0.0, 0.5]
    assert sorted(set(habits[0].tolist())) == [0.0, 1.0]
    design.fit(rows)
    assert design(rows).shape == (N, design.width)
    assert bool(design(rows).isfinite().all())


def test_a_level_never_seen_and_a_rare_one_beyond_the_most_are_unknown() -> None:
    table = Table.of({"x": [1.0] * 400, "site": [f"s{row % 200}" for row in range(400)], "habits": ["a"] * 400,
                      "day": FRAME["day"][:1].extend_constant(FRAME["day"][0], 399), "kind": ["a", "b"] * 200})  # fmt: skip
    network = network_of(table, {"kind": "class"})
    part = OneHot([*{block.key: block for block in network.blocks}["category"].features])  # type: ignore[list-item]
    assert part.width == MOST_LEVELS
    hot = part(torch.tensor([[0], [MOST_LEVELS - 1], [MOST_LEVELS], [150]]))
    assert hot.argmax(dim=1).tolist() == [0, MOST_LEVELS - 1, 0, 0]


def test_it_finds_what_is_linear_for_every_kind_of_target(learned: tuple[Table, Network, Examples]) -> None:
    table, network, examples = learned
    rows = np.arange(200)
    fitted = fit_linear(network, examples, rows, UNIT, seed=0)
    assert (fitted.rows, fitted.of) == (200, 200)
    told = linear_answers(fitted.model, examples, np.arange(200, N))
    assert set(told) == {"weight", "kind", "tags"}
    weight = FRAME["weight"].to_numpy()[200:]
    assert np.abs(told["weight"].numpy() - weight).mean() < 0.1 * np.abs(weight - weight.mean()).mean()
    kind = network.targets["kind"].truth(table.column("kind")).value[200:]
    assert float((told["kind"].argmax(dim=1) == kind).double().mean()) > 0.9
    assert told["kind"].sum(dim=1).numpy() == pytest.approx(1.0)
    tags = network.targets["tags"].truth(table.column("tags")).value[200:]
    assert float(((told["tags"] > 0.5) == tags.bool()).double().mean()) > 0.95
    assert {name: len(own) for name, own in linear_answers(fitted.model, examples, rows[:0]).items()} == dict.fromkeys(told, 0)


def test_the_same_seed_gives_the_same_and_its_tensors_are_all_of_it(learned: tuple[Table, Network, Examples]) -> None:
    _, network, examples = learned
    first, second = (fit_linear(network, examples, np.arange(100), UNIT, seed=1).model for _ in range(2))
    again = Linear(network).eval()
    again.load_state_dict(first.state_dict())
    batch = examples.batch(torch.arange(N))
    for name, answer in first(batch).items():
        assert torch.equal(answer, second(batch)[name])
        assert torch.equal(answer, again(batch)[name])


def test_of_many_rows_a_part_is_drawn(learned: tuple[Table, Network, Examples], monkeypatch: pytest.MonkeyPatch) -> None:
    _, network, examples = learned
    monkeypatch.setattr(linear, "LEAST_ROWS", 90)
    monkeypatch.setattr(linear, "MOST_WORK", 1.0)
    fitted = fit_linear(network, examples, np.arange(200), UNIT, seed=0)
    assert (fitted.rows, fitted.of) == (90, 200)


def test_vectors_of_files_are_standardised_beside_the_columns() -> None:
    part = Standardised(2, told_missing=False)
    vectors = torch.tensor([[0.0, 1.0], [2.0, 3.0], [torch.nan, torch.nan]])
    part.fit(vectors)
    assert part(vectors).tolist() == [[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0]]
    assert Design([], {}).width == 0


def test_trees_answer_classes_and_numbers_where_they_are_installed(learned: tuple[Table, Network, Examples]) -> None:
    pytest.importorskip("lightgbm")
    table, network, examples = learned
    taught = (np.arange(160), np.arange(160, 200))
    told = {name: trees.trees_answers(network, examples, table, name, taught, 0) for name in network.targets}
    assert told["tags"] is None
    weight = FRAME["weight"].to_numpy()[200:]
    assert told["weight"] is not None and told["kind"] is not None
    assert np.abs(told["weight"].numpy()[200:] - weight).mean() < 0.5 * np.abs(weight - weight.mean()).mean()
    kind = network.targets["kind"].truth(table.column("kind")).value[200:]
    assert float((told["kind"][200:].argmax(dim=1) == kind).double().mean()) > 0.85
    assert told["kind"].sum(dim=1).numpy() == pytest.approx(1.0)


def test_without_lightgbm_there_are_no_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "lightgbm", None)
    assert not trees.installed()

"""Plain models as judges: none has seen the row it answers, nor any of its group, whatever the kind of target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import torch

from injerto.examples import Examples, examples_of
from injerto.features.declared import features_of
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.heads.head import Labels
from injerto.network import Network
from injerto.progress import Silent
from injerto.rivals import boosted, linear
from injerto.rivals import unseen as judges
from injerto.rivals.boosted import Boosted
from injerto.rivals.design import Design
from injerto.rivals.misfit import misfit
from injerto.rivals.unseen import BOTH, FEW, HARD, Unseen, unseen
from injerto.schema.schema import Input, Target
from injerto.table.table import Table

RANDOM = np.random.default_rng(0)
N = 300
X, SITE = RANDOM.normal(size=N), RANDOM.choice(["north", "south", "west"], N)
NOISE = RANDOM.normal(size=N)
FRAME = pl.DataFrame(
    {
        "x": [None if row % 25 == 0 else float(value) for row, value in enumerate(X)],
        "site": SITE,
        "day": pl.Series(np.arange(N)).cast(pl.Int32).cast(pl.Date),
        "weight": 3 * X + 2 * (SITE == "south") + 10,
        "kind": np.where(X + 2 * (SITE == "south") > 0.5, "seal", "otter"),
        "tags": np.where(X > 0, "big;", "") + np.where(SITE == "south", "warm", "cold"),
    }
)
KINDS = {"x": "number", "site": "category", "day": "date"}
TARGETS = {"weight": "number", "kind": "class", "tags": "classes"}
ALONE, ALL = np.arange(N), np.arange(N)


def made(frame: pl.DataFrame, targets: dict[str, str]) -> tuple[Network, Examples]:
    table = Table.of(frame)
    inputs = {name: Input.model_validate({"kind": kind}) for name, kind in KINDS.items()}
    features = fit_features(features_of(inputs), table)
    heads = [HEADS[kind](name, Target.model_validate({"kind": kind})).fit(table.column(name)) for name, kind in targets.items()]
    network = Network(features, heads, {})
    examples = examples_of(network, table, cache=None, progress=Silent())
    examples.labels = {name: head.encode(head.column(table)) for name, head in network.targets.items()}
    return network, examples


def design_of(network: Network) -> Design:
    return Design(network.blocks, {})


@pytest.fixture(scope="module")
def told() -> tuple[Network, Examples]:
    return made(FRAME, TARGETS)


def truth(network: Network, name: str) -> torch.Tensor:
    head = network.targets[name]
    column = head.column(Table.of(FRAME))
    return (head.truth(column) if head.kind == "number" else head.encode(column)).value


@pytest.mark.parametrize("name", TARGETS)
def test_judges_answer_every_row_and_well(told: tuple[Network, Examples], name: str) -> None:
    network, examples = told
    found = unseen(network, examples, name, ALL, ALONE, 0)
    assert isinstance(found, Unseen) and found.rows.tolist() == ALL.tolist()
    assert (found.taught, found.labelled) == (N, N)
    assert found.who in (linear.NAME, boosted.NAME, BOTH)
    kind, labels = TARGETS[name], truth(network, name)
    plain = network.targets[name].baseline(N)
    assert misfit(kind, torch.from_numpy(found.answers), labels) < 0.5 * misfit(kind, plain, labels)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("way", ["_linear", "_trees"])
def test_no_judge_has_seen_the_row_or_its_group(
    told: tuple[Network, Examples], name: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Labels of a whole group change: the answers to that group must not follow."""
    network, examples = told
    monkeypatch.setattr(judges, "STRENGTHS", (0.03,))  # the penalty and one temperature are chosen by all rows
    monkeypatch.setattr(type(network.targets[name]), "calibrate", lambda self, output, labels, unit=None: None)
    unit = np.arange(N) // 30
    labels = examples.labels[name]
    own = torch.from_numpy(unit == 4)
    changed = labels.value.clone()
    changed[own] = 1 - changed[own] if TARGETS[name] != "number" else changed[own] + 50

    def answers(of: Labels) -> torch.Tensor:
        other = replace(examples, labels={name: of})
        case = judges._case(network, other, name, ALL, unit, 0)
        assert case is not None
        # The same folds for both; a class spreads over them by its labels.
        case = replace(case, folds=torch.from_numpy(unit % 5))
        linear_way = way == "_linear"
        return (
            judges._linear(design_of(network), other, case, 0)[0]
            if linear_way
            else judges._trees(Boosted(network, other, 0), case, 0)[0]
        )

    before, after = answers(labels), answers(replace(labels, value=changed))
    same, others = (before - after).abs()[own], (before - after).abs()[torch.from_numpy(unit == 3)]
    assert float(same.max()) < 1e-9
    assert float(others.max()) > 1e-3


def test_where_a_part_teaches_all_are_answered_by_others(
    told: tuple[Network, Examples], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, examples = told
    monkeypatch.setattr(judges, "LEAST_TAUGHT", 120)
    monkeypatch.setattr(judges, "MOST_WORK", 1.0)
    monkeypatch.setattr(boosted, "LEAST_ROWS", 100)
    monkeypatch.setattr(boosted, "MOST_CELLS", 1.0)
    case = judges._case(network, examples, "kind", ALL, ALONE, 0)
    assert case is not None
    codes = truth(network, "kind")
    for answers, taught, most in (
        (*judges._linear(design_of(network), examples, case, 0), 120),
        (*judges._trees(Boosted(network, examples, 0), case, 0), 100),
    ):
        assert taught == most and answers.shape == (N, 2)
        assert float((answers.argmax(dim=1) == codes).double().mean()) > 0.85


def test_of_very_many_rows_a_part_is_judged_and_counted(
    told: tuple[Network, Examples], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, examples = told
    monkeypatch.setattr(judges, "MOST_JUDGED", 80)
    found = unseen(network, examples, "kind", ALL, ALONE, 0)
    assert isinstance(found, Unseen) and (len(found.rows), found.labelled) == (80, N)
    assert np.unique(found.rows).tolist() == found.rows.tolist()


def test_too_few_rows_or_groups_judge_nothing(told: tuple[Network, Examples]) -> None:
    network, examples = told
    assert unseen(network, examples, "kind", ALL[:49], ALONE, 0) == FEW
    assert unseen(network, examples, "kind", ALL, ALL // 100, 0) == FEW


def test_the_same_seed_says_the_same(told: tuple[Network, Examples]) -> None:
    network, examples = told
    first, second = (unseen(network, examples, "weight", ALL, ALONE, 3) for _ in range(2))
    assert isinstance(first, Unseen) and isinstance(second, Unseen)
    assert np.array_equal(first.answers, second.answers)


def test_trees_take_what_tables_hold() -> None:
    """Infinities, more levels than scikit-learn takes, a label that all rows of a fold have."""
    levels = [f"s{row % 280}" for row in range(600)]
    frame = pl.DataFrame(
        {
            "x": [float("inf") if row % 50 == 0 else float(row % 7) for row in range(600)],
            "site": levels,
            "day": FRAME["day"][:1].extend_constant(FRAME["day"][0], 599),
            "tags": ["old;odd" if row % 7 > 3 else "old" for row in range(600)],
        }
    )
    network, examples = made(frame, {"tags": "classes"})
    found = unseen(network, examples, "tags", np.arange(600), np.arange(600), 0)
    assert isinstance(found, Unseen) and np.isfinite(found.answers).all()
    odd, old = (network.targets["tags"].choices.index(one) for one in ("odd", "old"))
    assert (found.answers[:, old] > 0.9).all()
    known = np.arange(600) % 50 != 0
    assert ((found.answers[known, odd] > 0.5) == (np.arange(600) % 7 > 3)[known]).mean() > 0.98


def test_many_classes_take_fewer_rounds_and_too_many_none(told: tuple[Network, Examples]) -> None:
    trees = Boosted(*told, 0)
    assert trees.rounds("class", 2) == trees.rounds("number", 1) == 100
    assert (trees.rounds("class", 10), trees.rounds("classes", 31)) == (30, 0)


def test_where_all_would_take_minutes_nobody_judges(told: tuple[Network, Examples], monkeypatch: pytest.MonkeyPatch) -> None:
    network, examples = told
    monkeypatch.setattr(judges, "HARDEST_WORK", 1.0)
    found = unseen(network, examples, "kind", ALL, ALONE, 0)
    assert isinstance(found, Unseen) and found.who == boosted.NAME
    monkeypatch.setattr(boosted, "MOST_TREES", 0)
    assert unseen(network, examples, "kind", ALL, ALONE, 0) == HARD


def test_where_the_linear_model_leaves_little_open_trees_are_not_asked(
    told: tuple[Network, Examples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judges, "OPEN_SHARE", 2.0)
    found = unseen(*told, "kind", ALL, ALONE, 0)
    assert isinstance(found, Unseen) and found.who == linear.NAME

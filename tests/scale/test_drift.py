"""A comparison whose rows workers looked at is the same as one whose rows were looked at here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import injerto
from injerto.errors import ScaleError

if TYPE_CHECKING:
    from conftest import Nodes


def require_same(here: injerto.Drift, there: injerto.Drift) -> None:
    assert here.to_json() == there.to_json()
    assert here.ledger == there.ledger
    assert [one.strangest for one in here.all] == [one.strangest for one in there.all]


def test_all_rows_at_once(inline: None, model: injerto.Model, given: injerto.Table) -> None:
    require_same(model.drift(given), model.drift(given, on="ray"))


def test_some_of_many_rows(inline: None, model: injerto.Model, given: injerto.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("injerto.drift.drift", "injerto.scale.drift"):  # by name: `injerto.drift` is also a verb
        monkeypatch.setattr(sys.modules[name], "MOST_ROWS", 25)
    require_same(model.drift(given), model.drift(given, on="ray"))


def test_another_engine_is_refused(
    inline: None, model: injerto.Model, given: injerto.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["injerto.scale.drift"], "engine_name", lambda: "torch quick int4")
    with pytest.raises(ScaleError, match=r"given on with 'torch quick int4'.*Set INJERTO_ENGINE=exact"):
        model.drift(given, on="ray")


@pytest.mark.slow
def test_over_a_cluster(nodes: Nodes, model: injerto.Model, given: injerto.Table) -> None:
    require_same(model.drift(given), model.drift(given, on=nodes.address))

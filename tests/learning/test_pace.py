"""As many epochs as fit into a budget, at the pace of the machine; the same ones after a kill."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from injerto.learning import pace as module
from injerto.learning.individual_source import IndividualSource
from injerto.learning.pace import within_budget
from injerto.learning.plan import individuals_plan
from injerto.schema.schema import Training
from made_individuals import Made, made

ROWS = torch.arange(12)


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("herd"))


def source(herd: Made) -> IndividualSource:
    return IndividualSource(herd.network, herd.photos, augment=False)


def plan(budget_seconds: float | None, epochs: int = 30):
    training = Training(epochs=epochs, batch_rows=4)
    return individuals_plan(training, len(ROWS), budget_seconds)


def test_without_a_budget_the_plan_stays(herd: Made) -> None:
    assert within_budget(herd.network, source(herd), ROWS, plan(None), None) == plan(None)


@pytest.mark.parametrize(("budget_seconds", "epochs"), [(7.0, 2), (3.4, 1), (0.1, 1), (1000.0, 30)])
def test_epochs_that_fit(
    herd: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, budget_seconds: float, epochs: int
) -> None:
    """Three steps of a second each, and a reserve of 15 %: 3.45 seconds an epoch."""
    monkeypatch.setattr(module, "step_seconds", lambda *_: 1.0)
    note = tmp_path / "individuals.json"
    found = within_budget(herd.network, source(herd), ROWS, plan(budget_seconds), note)
    assert (found.epochs, found.patience) == (epochs, epochs)
    assert json.loads(note.read_text()) == {"epochs": epochs}


def test_a_run_that_goes_on_keeps_its_epochs(herd: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "step_seconds", lambda *_: pytest.fail("measured again"))
    note = tmp_path / "individuals.json"
    note.write_text('{"epochs": 7}')
    assert within_budget(herd.network, source(herd), ROWS, plan(60.0), note) == replace(plan(60.0), epochs=7)


def test_measuring_changes_nothing(herd: Made) -> None:
    before = {name: value.clone() for name, value in herd.network.state_dict().items()}
    assert module.step_seconds(herd.network, source(herd), ROWS, plan(60.0)) > 0
    after = herd.network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert all(parameter.grad is None for parameter in herd.network.parameters())

"""Which networks look at sounds is measured on made tones, with networks that hear pitch, loudness or nothing at all."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor, nn

from injerto.backbones import catalogue
from injerto.backbones.backbone import Backbone
from injerto.backbones.catalogue import CATALOGUE, Entry
from injerto.learning import choice
from injerto.learning.anew import from_nothing
from injerto.learning.choice import Trial, choose_backbones
from injerto.learning.division import divide
from injerto.progress import Silent
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table

RATE_HZ = 8000


class Ear(Backbone):
    """Two figures of a sound: what it is asked to hear."""

    def __init__(self, name: str, width: int = 2) -> None:
        super().__init__()
        self.name, self.width = name, width
        self.scale = nn.Parameter(torch.ones(()))

    def map(self, raw: Tensor) -> Tensor:
        crossings = (raw[:, 1:] * raw[:, :-1] < 0).float().mean(dim=1)
        loud = raw.abs().mean(dim=1)
        heard = {"pitch": crossings, "loudness": loud, "nothing": torch.zeros_like(loud)}[self.name.split("_")[0]]
        return (torch.stack([heard, 0 * heard], dim=1) * self.scale)[:, :, None, None]

    def stages(self) -> list[nn.Module]:
        return [self]

    @classmethod
    def build(cls, entry: Entry) -> Any:
        return cls(entry.name)

    @classmethod
    def adopt(cls, entry: Entry, checkpoint: Any) -> dict[str, Tensor]:
        raise NotImplementedError


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three networks that are ready on this machine, the quickest first."""
    facts = CATALOGUE["mn04"].__dict__ | {"resolution": RATE_HZ, "width": 2}
    made = [
        Entry(**facts | {"name": name, "megabytes": 1.0 + place}) for place, name in enumerate(["nothing", "loudness", "pitch"])
    ]
    # Another dict in its place: entries taken out and put back would stand in another order for the tests that follow.
    for module in (catalogue, choice):
        monkeypatch.setattr(module, "CATALOGUE", {entry.name: entry for entry in made})
    monkeypatch.setattr(choice, "ready", lambda name: True)
    monkeypatch.setattr(choice, "load", lambda name: Ear(name).eval())


def tones(folder: Path, by: tuple[str, ...], rows: int = 48) -> Table:
    """Clips whose class says whether they are high, loud, or both."""
    generator = np.random.default_rng(0)
    names, classes = [], []
    for row in range(rows):
        high, loud = row % 2, row // 2 % 2
        hz, gain = (1500 if high else 300) + generator.uniform(-50, 50), (0.5 if loud else 0.1) * generator.uniform(0.9, 1.1)
        soundfile.write(folder / f"{row}.wav", gain * np.sin(2 * np.pi * hz * np.arange(4000) / RATE_HZ), RATE_HZ)
        names.append(f"{row}.wav")
        classes.append("-".join({"pitch": ("low", "high")[high], "loudness": ("soft", "loud")[loud]}[what] for what in by))
    return Table.of({"clip": names, "kind": classes}, folder=folder)


def chosen(table: Table, budget_seconds: float | None = None) -> tuple[str, list[Trial]]:
    schema = Schema(
        targets={"kind": Target(kind="class")},
        inputs={"clip": Input(kind="sound")},
        split=Split(test_share=0.0),
        training=Training(budget_seconds=budget_seconds),
    )
    found, tried = choose_backbones(table, schema, divide(table, schema, Silent()), None, Silent())
    return found.inputs["clip"].backbone, tried["clip"]


@pytest.mark.parametrize("what", ["pitch", "loudness"])
def test_the_network_that_hears_it_is_kept_alone(tmp_path: Path, ears: None, what: str) -> None:
    backbone, trials = chosen(tones(tmp_path, (what,)))
    assert backbone == what
    assert trials[0].loss <= trials[-1].loss
    assert {"nothing", "loudness", "pitch"} <= {trial.backbone for trial in trials}


def test_two_are_joined_where_both_are_needed(tmp_path: Path, ears: None) -> None:
    backbone, _ = chosen(tones(tmp_path, ("pitch", "loudness")))
    assert set(backbone.split("+")) == {"pitch", "loudness"}


def test_a_used_up_budget_ends_the_choice(tmp_path: Path, ears: None) -> None:
    backbone, trials = chosen(tones(tmp_path, ("pitch",)), budget_seconds=1e-6)
    assert [trial.backbone for trial in trials] == [backbone] == ["nothing"]


def test_from_nothing_changes_open_columns_only() -> None:
    schema = Schema(
        targets={"kind": Target(kind="class")},
        inputs={"clip": Input(kind="sound"), "song": Input(kind="sound", backbone="aisfx"), "photo": Input(kind="image")},
    )
    anew = from_nothing(schema, None)
    assert [item.backbone for item in anew.inputs.values()] == ["small_cnn", "aisfx", "auto"]
    assert anew.training.mode == "finetune"
    assert anew.training.budget_seconds is not None


def test_the_only_network_on_this_machine_is_the_choice(tmp_path: Path, ears: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the default, which may not be here."""
    monkeypatch.setattr(choice, "ready", lambda name: name == "loudness")
    assert chosen(tones(tmp_path, ("loudness",)))[0] == "loudness"

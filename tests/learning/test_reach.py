"""Whether fine-tuning is worth beginning where nobody asked for it by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import injerto
from injerto.learning import fit, reach
from injerto.learning.reach import too_long_words, within_reach
from injerto.learning.some_rows import some_of
from injerto.progress import Silent
from small import photo_folder


class Heard(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def say(self, words: str) -> None:
        self.told.append(words)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return photo_folder(tmp_path / "photos", each=30)


def test_a_quarter_of_a_pass_must_fit() -> None:
    assert within_reach(3600, 900)
    assert not within_reach(3601, 900)


def test_what_is_left_out_is_said_with_what_to_do() -> None:
    words = too_long_words(650_000, 300_000, 900)
    assert words.startswith("No fine-tuning: one pass over 650,000 files would take about 83 hours, and there are 15 minutes.")
    assert "--mode finetune" in words
    assert "about 30 seconds, and there are 1 minute" in too_long_words(9, 29.9, 60)


def test_auto_leaves_out_what_would_come_nowhere(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The layers that the timed steps went through are as they came."""
    monkeypatch.setattr(fit, "TIMED_ROWS", 10)
    monkeypatch.setattr(reach, "LEAST_PASSES", 1e9)
    heard = Heard()
    model = injerto.train(photos, "class", progress=heard)
    assert any("No fine-tuning" in words for words in heard.told)
    assert [history.name for history in model.artifact.histories] == ["probe"]
    plain = injerto.train(photos, "class", mode="probe")
    for (name, one), other in zip(model.network.state_dict().items(), plain.network.state_dict().values(), strict=True):
        assert torch.equal(one, other), name
    assert not any(parameter.requires_grad for net in model.network.backbones for parameter in net.parameters())


def test_what_is_asked_for_by_name_is_done(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "TIMED_ROWS", 10)
    monkeypatch.setattr(reach, "LEAST_PASSES", 1e9)
    monkeypatch.setattr(fit, "MOST_JUDGES", 5)  # of nine that tune
    schema = injerto.declare(injerto.Table.read(photos), injerto.Wishes(targets=["class"], mode="finetune"))
    schema = schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 1})})
    heard = Heard()
    model = injerto.train(photos, schema=schema, progress=heard)
    assert model.artifact.chosen == "finetune"
    assert not any("No fine-tuning" in words for words in heard.told)


def test_a_draw_keeps_the_order_and_is_the_same_every_time() -> None:
    rows = torch.arange(100, 200)
    some = some_of(rows, 7, seed=4)
    assert len(some) == 7 and bool((some.diff() > 0).all())
    assert torch.equal(some, some_of(rows, 7, seed=4))
    assert some_of(rows, 100, seed=4) is rows

"""Learning to hear along time, on tones that anyone could tell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

import injerto
from injerto.errors import SchemaError
from injerto.events.match import Told, event_f1
from injerto.learning.hear import can_hear
from injerto.progress import Silent
from made_ears import CLIP_SECONDS, TONES_HZ, clips, listener, noise, recording, write


class Sayings(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)


CALLS = [(2.0, 4.0, "low"), (5.5, 7.0, "high"), (12.0, 12.5, "low")]


def clips_alone(folder: Path) -> pl.DataFrame:
    """Clips of tones, none of them without one."""
    rows = []
    for place, label in enumerate(TONES_HZ):
        for index in range(12):
            name = f"{label}{index:02d}.wav"
            write(folder / name, recording(CLIP_SECONDS, [(0.0, CLIP_SECONDS, label)], seed=100 * place + index))
            rows.append({"file": name, "label": label})
    return pl.DataFrame(rows)


def trained(folder: Path, **training: object) -> injerto.Model:
    table = injerto.Table.of(clips_alone(folder), folder=folder)
    schema = injerto.declare(table, injerto.Wishes(targets=["label"], mode="probe", seed=1))
    heard = schema.inputs["file"].model_copy(update={"backbone": "small_cnn", "clip_seconds": CLIP_SECONDS})
    options = schema.training.model_copy(update=training)
    return injerto.train(table, schema=schema.model_copy(update={"inputs": {"file": heard}, "training": options}))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    folder = tmp_path_factory.mktemp("clips")
    for index in range(6):
        write(folder / "wind" / f"{index}.wav", noise(4.0, seed=900 + index))
    return trained(folder, background="wind")


def test_with_backgrounds_a_model_knows_when_a_sound_begins_and_ends(model: injerto.Model, tmp_path: Path) -> None:
    write(tmp_path / "dawn.wav", recording(16.0, CALLS, seed=7))
    found = model.listen(tmp_path / "dawn.wav")
    told = [Told(start_s, end_s, label) for _, start_s, end_s, label, _, _ in found.frame().iter_rows()]
    assert event_f1(told, [Told(*call) for call in CALLS], collar_s=0.25).value == 1.0
    assert found.names == ["high", "low", "none"]
    assert found.step_s == pytest.approx(0.08)


def test_the_head_and_its_rule_are_saved(model: injerto.Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    again = injerto.load(tmp_path / "model")
    assert again.listening_rule == model.listening_rule
    write(tmp_path / "dawn.wav", recording(16.0, CALLS, seed=7))
    assert again.listen(tmp_path / "dawn.wav").frame().equals(model.listen(tmp_path / "dawn.wav").frame())


def test_clips_without_a_sound_are_backgrounds_too(tmp_path: Path) -> None:
    assert listener(tmp_path).network.hearing is not None


def test_without_any_background_there_is_no_such_head(tmp_path: Path) -> None:
    model = trained(tmp_path)
    assert can_hear(model.network)
    assert model.network.hearing is None
    assert model.listening_rule == injerto.EventRule()


def test_sounds_of_one_group_cannot_be_judged_and_the_model_listens_clip_by_clip(tmp_path: Path) -> None:
    frame = clips(tmp_path, each=12)
    one = pl.when(pl.col("label") == "none").then(pl.col("file")).otherwise(pl.lit("one day"))
    table = injerto.Table.of(frame.with_columns(day=one), folder=tmp_path)
    schema = injerto.declare(table, injerto.Wishes(targets=["label"], mode="probe", seed=1, group="day"))
    heard = schema.inputs["file"].model_copy(update={"backbone": "small_cnn", "clip_seconds": CLIP_SECONDS})
    progress = Sayings()
    model = injerto.train(table, schema=schema.model_copy(update={"inputs": {"file": heard}}), progress=progress)
    assert model.network.hearing is None
    assert any("are all of one group" in sentence and "listens clip by clip" in sentence for sentence in progress.said)


def test_shares_say_how_likely_a_class_is(model: injerto.Model) -> None:
    hearing = model.network.hearing
    assert hearing is not None
    shares = hearing(torch.randn(2, len(hearing.mean), 1, 5))
    assert shares.shape == (2, 5, 3)
    assert shares.sum(dim=2).allclose(torch.ones(2, 5), atol=1e-5)


def test_a_folder_without_sounds_is_refused_before_learning(tmp_path: Path) -> None:
    (tmp_path / "wind").mkdir()
    with pytest.raises(SchemaError, match=r"'wind' holds no sound \(.*\)\. Give another one"):
        trained(tmp_path, background="wind")
    with pytest.raises(SchemaError, match="'storm' does not exist"):
        trained(tmp_path, background="storm")


def test_a_background_without_a_column_of_sounds_is_said_to_be_of_no_use(tmp_path: Path) -> None:
    write(tmp_path / "wind" / "a.wav", np.zeros(800, dtype=np.float32))
    table = injerto.Table.of({"mass_g": [1.0, 2.0, 3.0, 4.0] * 5, "label": ["a", "b"] * 10}, folder=tmp_path)
    schema = injerto.declare(table, injerto.Wishes(targets=["label"], background=tmp_path / "wind"))
    assert any(
        "no column of sounds: it will not be used" in problem.message for problem in injerto.check(schema, table).warnings
    )


def test_a_budget_that_is_used_up_leaves_it_out(tmp_path: Path) -> None:
    write(tmp_path / "wind" / "a.wav", noise(4.0, seed=900))
    assert trained(tmp_path, background="wind", budget_seconds=0.01).network.hearing is None

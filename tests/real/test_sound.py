"""Sounds nobody taught: a model of three real sounds is not sure of noise, silence or chords."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile

from injerto.backbones import weights
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.table.table import Table
from injerto.train_model import train

DATA = Path(__file__).parents[3] / "shared" / "data"
SOUNDS = ["dog_bark", "rain", "rooster"]
RATE_HZ = 22_050


@pytest.fixture(autouse=True)
def shared_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_WEIGHTS", os.pathsep.join([str(weights.folder()), str(DATA / "weights")]))


def strange(folder: Path) -> Table:
    """White, pink and faint noise, silence, and chords of plucked strings."""
    generator = np.random.default_rng(7)
    time = np.arange(5 * RATE_HZ) / RATE_HZ
    white = generator.normal(size=len(time))
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), len(time))
    sounds = {"silence": 0 * white, "faint": 1e-4 * white, "white": 0.1 * white, "pink": 0.5 * pink / np.abs(pink).max()}
    for number, root in enumerate((110.0, 196.0, 261.6)):
        pluck = np.exp(-3 * (time % 0.8))
        sounds[f"chord{number}"] = 0.2 * pluck * sum(np.sin(2 * np.pi * root * ratio * time) for ratio in (1, 1.25, 1.5))
    for name, samples in sounds.items():
        soundfile.write(folder / f"{name}.wav", samples, RATE_HZ)
    return Table.of({"clip": [f"{name}.wav" for name in sounds]}, folder=folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mn04"])
def test_nothing_in_particular_is_not_named_for_certain(tmp_path: Path, name: str) -> None:
    if not (DATA / "esc10").exists():
        pytest.skip("the real data esc10 is not on this machine")
    if not weights.ready(name):
        pytest.skip(f"the weights of {name} are not on this machine: injerto backbones get {name}")
    table = Table.read(DATA / "esc10" / "clips.csv")
    table = table.take(np.flatnonzero(table.frame["sound"].is_in(SOUNDS).to_numpy()))
    schema = Schema(
        targets={"sound": Target(kind="class")},
        inputs={"clip": Input(kind="sound", backbone=name)},
        split=Split(group="source"),
        training=Training(mode="probe"),
    )
    model = train(table, schema=schema)
    answers = model.predict(strange(tmp_path)).answers
    assert (answers["sound_probability"] < 0.9).all(), answers.select("clip", "sound", "sound_probability")
    known = model.predict(table).answers.filter(pl.Series(table.frame["sound"].is_not_null()))
    assert (known["sound_probability"] > 0.9).mean() > 0.7

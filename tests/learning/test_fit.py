"""What a network learns that starts from nothing, and on which rows."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import injerto
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.train_model import train
from made_ears import clips

ROWS = 72


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    """Three steps an epoch, two epochs, on low tones, high tones and noise."""
    folder: Path = tmp_path_factory.mktemp("tones")
    schema = Schema(
        targets={"label": Target(kind="class")},
        inputs={"file": Input(kind="sound", backbone="small_cnn")},
        split=Split(test_share=0.0),
        training=Training(mode="finetune", epochs=2),
    )
    return train(injerto.Table.of(clips(folder, each=24), folder=folder), schema=schema)


def test_from_nothing_begins_with_the_doubt_of_the_prior(anew: injerto.Model) -> None:
    """Not at what a head makes of random layers: that was a loss of thousands."""
    _, tuned = anew.artifact.histories
    assert tuned.epochs[0].train_loss < 1.5 * math.log(3)


def test_from_nothing_learns_from_the_tune_rows_in_the_end(anew: injerto.Model) -> None:
    _, tuned = anew.artifact.histories
    assert tuned.notes["refit"]["rows"] == ROWS
    assert tuned.notes["refit"]["epochs"] == 2


def test_the_network_that_learned_is_laid_out_as_it_is_saved(anew: injerto.Model) -> None:
    assert all(parameter.is_contiguous() for parameter in anew.network.parameters())

"""The whole flow as a user of Python walks it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto
from injerto.errors import ColumnError, SchemaError
from small import birds, photo_folder


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    """A model that several tests ask."""
    return injerto.train(birds(150), "species", seed=1)


def test_a_class_a_number_and_several_classes_are_learned_together() -> None:
    frame = birds(400).with_columns(
        pl.col("mass_g").fill_null(100.0).log().alias("size"),
        pl.concat_str(pl.col("hour"), pl.lit(";"), pl.col("species")).alias("tags"),
    )
    model = injerto.train(frame, ["species:class", "size:number", "tags:classes"], seed=1)
    scores = model.scores["test"]
    assert scores["species"]["accuracy"] > scores["species"]["baseline"]["accuracy"] + 0.2
    assert scores["size"]["rmse"] < 0.5 * scores["size"]["baseline"]["rmse"]
    assert scores["tags"]["map"] > 0.8
    answers = model.predict(frame.head(5)).answers
    assert {"species", "size", "size_low", "size_high", "tags"} <= set(answers.columns)


def test_an_absolute_loss_answers_medians() -> None:
    generator = np.random.default_rng(0)
    site = np.array(["pond", "wood"])[generator.integers(0, 2, 1500)]
    # One wait in five is ten times as long: means 2.8 and 28, medians 1 and 10.
    minutes = np.where(site == "wood", 10.0, 1.0) * np.where(generator.random(1500) < 0.2, 10.0, 1.0)
    inputs = {"site": injerto.Input(kind="category")}
    answers = {}
    for loss in ("squared", "absolute"):
        schema = injerto.Schema(inputs=inputs, targets={"minutes": injerto.Target(kind="number", loss=loss)})
        model = injerto.train({"site": site, "minutes": minutes}, schema=schema)
        answers[loss] = model.predict({"site": ["pond", "wood"]}).answers["minutes"].to_list()
    assert answers["squared"][1] == pytest.approx(28, rel=0.2)
    assert answers["absolute"][1] == pytest.approx(10, rel=0.2)


def test_single_values_of_a_number_may_mean_something_of_their_own() -> None:
    """A code in a column of numbers: whether a call was answered depends on which room, not on how high its number is."""
    generator = np.random.default_rng(0)
    room = generator.integers(0, 60, 4000)
    answers = generator.random(60) < 0.5
    model = injerto.train({"room": room, "answers": np.where(answers[room], "yes", "no")}, ["answers"], inputs=["room:number"])
    assert model.scores["test"]["answers"]["accuracy"] > 0.98


def test_a_loss_of_numbers_is_refused_for_a_class() -> None:
    schema = injerto.Schema(
        inputs={"hour": injerto.Input(kind="category")}, targets={"species": injerto.Target(kind="class", loss="absolute")}
    )
    with pytest.raises(SchemaError, match="'loss', which a class does not read"):
        injerto.train(birds(60), schema=schema)


def test_the_same_seed_gives_the_same_answers() -> None:
    first, second, other = (injerto.train(birds(150), "species", seed=seed).predict(birds(30)).answers for seed in (4, 4, 5))
    assert first.equals(second)
    assert not first.equals(other)


def test_the_order_of_columns_does_not_change_the_answers(model: injerto.Model) -> None:
    turned = birds(20).select("species", "seen", "hour", "mass_g")
    assert model.predict(turned).answers.equals(model.predict(birds(20)).answers)


def test_a_missing_column_is_named_with_the_nearest(model: injerto.Model) -> None:
    with pytest.raises(ColumnError, match=r"lacks 1 column.*\n.*'mass_g' Did you mean 'mass'"):
        model.predict(birds(5).rename({"mass_g": "mass"}))


def test_values_never_seen_are_answered_and_reported(model: injerto.Model) -> None:
    strange = birds(10).with_columns(pl.lit("dusk").alias("hour"), pl.lit(1e9).alias("mass_g"))
    found = model.predict(strange)
    assert found.answers["species"].null_count() == 0
    assert found.unseen["hour"] == 1.0
    assert found.unseen["mass_g"] == 1.0


def test_rows_of_one_group_are_on_one_side() -> None:
    frame = birds(200).with_columns(pl.Series("nest", np.arange(200) // 5))
    rows = injerto.train(frame, "species", group="nest", seed=1).artifact.rows
    sides = [set((part // 5).tolist()) for part in (rows.train, rows.tune, rows.test)]
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])


def test_the_latest_rows_test() -> None:
    frame = birds(200)
    rows = injerto.train(frame, "species", time="seen", seed=1).artifact.rows
    seen = frame["seen"].to_numpy()
    assert seen[rows.train].max() < seen[rows.tune].min() <= seen[rows.tune].max() < seen[rows.test].min()


def test_evaluate_gives_figures_intervals_and_groups() -> None:
    model = injerto.train(birds(200), "species", seed=1)
    data = model.evaluate(birds(100, seed=9), by="hour").to_json()
    score = data["targets"]["species"]
    assert data["rows"] == 100
    assert set(score["groups"]) == {"day", "night"}
    low, high = score["intervals"]["accuracy"]
    assert low <= score["accuracy"] <= high


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (birds(40).with_columns(pl.lit("jay").alias("species")), "one|1 class|only"),
        (birds(2), "row"),
        (birds(40).with_columns(pl.lit(None, dtype=pl.String).alias("species")), "species"),
    ],
)
def test_what_cannot_teach_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        injerto.train(frame, "species")


def test_a_column_that_is_empty_everywhere_is_left_out() -> None:
    frame = birds(100).with_columns(pl.lit(None, dtype=pl.Float64).alias("empty"))
    assert "empty" in injerto.train(frame, "species", seed=1).schema.dropped


def test_bad_photos_are_listed_never_guessed(tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "leaves")
    (folder / "red" / "00.png").write_bytes(b"")
    (folder / "green" / "03.png").write_text("I am not a photo")
    model = injerto.train(folder, "class", mode="probe", seed=1)
    assert sorted(entry.file for entry in model.ledger) == ["green/03.png", "red/00.png"]
    found = model.predict(folder)
    unusable = found.answers.filter(pl.col("problem").is_not_null())
    assert unusable["class"].null_count() == len(unusable) == 2
    assert found.answers.filter(pl.col("problem").is_null())["class"].null_count() == 0


def test_finetuning_starts_from_the_probe_and_the_better_is_kept(tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "leaves", each=8)
    table = injerto.Table.read(folder)
    schema = injerto.declare(table, injerto.Wishes(targets=["class"], mode="auto", seed=1))
    short = schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 1, "batch_rows": 8})})
    model = injerto.train(table, schema=short)
    assert [history.name for history in model.artifact.histories] == ["probe", "finetune"]
    losses = {history.name: history.epochs[history.best].tune_loss for history in model.artifact.histories}
    assert model.artifact.chosen == min(losses, key=lambda name: losses[name])
    rates = model.artifact.histories[1].epochs[0].rates
    assert rates["backbone/0"] == pytest.approx(0.1 * rates["head"])


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["probe", "finetune"])
def test_a_killed_run_goes_on_and_ends_the_same(tmp_path: Path, mode: str) -> None:
    """`kill -9` in the middle, then the same command: the same weights as an undisturbed run, bit for bit."""
    if mode == "finetune":
        table, target, run = photo_folder(tmp_path / "leaves"), "class", "finetune"
    else:
        table, target, run = tmp_path / "birds.csv", "species", "network"
        birds(3000).write_csv(table)
    code = "import sys, injerto; injerto.train(sys.argv[1], sys.argv[2], mode=sys.argv[3], seed=2, out=sys.argv[4])"
    command = [sys.executable, "-c", code, str(table), target, mode]
    subprocess.run([*command, str(tmp_path / "calm")], check=True)
    process = subprocess.Popen([*command, str(tmp_path / "killed")])
    checkpoint = tmp_path / ".killed.unfinished" / f"{run}.safetensors"
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert checkpoint.exists()
    assert not (tmp_path / "killed").exists()
    subprocess.run([*command, str(tmp_path / "killed")], check=True)
    calm, again = (tmp_path / name / "weights.safetensors" for name in ("calm", "killed"))
    assert calm.read_bytes() == again.read_bytes()
    assert not checkpoint.parent.exists()


def test_a_body_that_betters_nothing_leaves_the_answer_to_the_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction must lower the tune loss by a share that here none can: the head that would correct stays at zero."""
    monkeypatch.setattr("injerto.learning.fit.LEAST_CORRECTION", 2.0)
    table = injerto.Table.read(photo_folder(tmp_path / "leaves", each=30))
    noise = pl.Series("noise", np.random.default_rng(0).normal(size=len(table)))
    noisy = injerto.Table.of(table.frame.with_columns(noise), folder=table.folder)
    model = injerto.train(noisy, "class", mode="probe", seed=1)
    head = model.network.targets["class"]
    assert "probe alone" in model.artifact.histories[0].notes
    assert not head.convolve.weight.any() and not head.bias.any()
    assert model.scores["test"]["class"]["accuracy"] >= 0.9

"""Wrong labels through the front door: listed by train, shown in the report, corrected back into a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto as package
from injerto.doubt import ITSELF, PROBES
from injerto.rivals import boosted, linear
from injerto.rivals.unseen import BOTH
from made_media import sound, tone
from said import Call, caller
from small import photo_folder

RATE_HZ = 16_000
CALLS = ("wren", "jay")
ROWS, WRONG = 36, 7
MIXED = 240
"""Rows of a table with columns."""
PLANTED = 31


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def test_a_wrong_label_is_listed_shown_and_corrected(injerto: Call, tmp_path: Path) -> None:
    random, rows = np.random.default_rng(0), []
    for number in range(ROWS):
        samples = tone(0.3, RATE_HZ, (3000.0, 500.0)[number % 2] + 20 * number)
        name = f"{number}.wav"
        (tmp_path / name).write_bytes(sound(samples + random.normal(0, 0.02, len(samples)).astype(np.float32), RATE_HZ))
        rows.append({"clip": name, "call": CALLS[(number + (number == WRONG)) % 2]})
    table, model = tmp_path / "calls.csv", tmp_path / "m.model"
    pl.DataFrame(rows).write_csv(table)
    said = injerto("train", table, "--target", "call", "--mode", "probe", "--no-group", "--out", model)
    assert said.code == 0
    assert (
        "label(s) of 'call' may be wrong; the report and suspects.csv in the model's folder list them. The first: row 7"
        in said.err
    )
    listed = pl.read_csv(model / "suspects.csv", schema_overrides={"corrected": pl.String})
    assert listed.row(0, named=True) | {"chance": 0} == {
        "row": WRONG,
        "file": "7.wav",
        "target": "call",
        "label": "wren",
        "suggested": "jay",
        "chance": 0,
        "judge": listed["judge"][0],
        "corrected": None,
    }
    assert listed["judge"][0] in (PROBES, ITSELF)
    assert listed["chance"][0] < 0.5
    report = (model / "report.html").read_text()
    assert "Labels that may be wrong" in report
    assert 'src="data:audio/mpeg;base64,' in report
    assert len(report) < 5_000_000
    listed.with_columns(corrected=pl.when(pl.col("row") == WRONG).then(pl.lit("jay"))).write_csv(model / "suspects.csv")
    assert injerto("predict", model, table, "--out", tmp_path / "answers.csv").code == 0  # the seal leaves the list out
    assert injerto("correct", table, model / "suspects.csv", "--out", tmp_path / "calls2.csv").code == 0
    assert pl.read_csv(tmp_path / "calls2.csv")["call"].to_list() == [CALLS[number % 2] for number in range(ROWS)]


def meadow() -> pl.DataFrame:
    """Numbers and a category, from which a class, a number and several labels follow; row `PLANTED` is as it should be."""
    random = np.random.default_rng(0)
    wing, wet = random.normal(size=MIXED).round(4), random.random(MIXED) < 0.5
    wing[PLANTED], wet[PLANTED] = 1.5, True
    return pl.DataFrame(
        {
            "wing": wing,
            "span": (wing + random.normal(0, 0.05, MIXED)).round(4),
            "site": np.where(wet, "marsh", "heath"),
            "kind": np.where(wing + wet > 0.5, "crane", "snipe"),
            "seen": [f"big;{one}" if big > 0 else one for big, one in zip(wing, np.where(wet, "reed", "gorse"), strict=True)],
            "mass_g": (100 + 20 * wing + 15 * wet + random.normal(0, 1, MIXED)).round(2),
        }
    )


WRONG_CELLS = {"kind": "snipe", "seen": "gorse", "mass_g": 1450.0}
TARGETS = ("kind:class", "seen:classes", "mass_g:number")


def planted(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with row `PLANTED` wrong in every target."""
    return frame.with_columns(
        pl.Series(name, [wrong if row == PLANTED else cell for row, cell in enumerate(frame[name].to_list())])
        for name, wrong in WRONG_CELLS.items()
    )


def quick(table: Path, *targets: str) -> Path:
    """A schema for few passes."""
    schema = package.declare(package.Table.read(table), package.Wishes(targets=targets, no_group=True))
    schema = schema.model_copy(update={"training": schema.training.model_copy(update={"epochs": 3})})
    schema.write(table.with_suffix(".toml"))
    return table.with_suffix(".toml")


def test_every_kind_of_label_of_a_table_with_columns(injerto: Call, tmp_path: Path) -> None:
    table, model, right = tmp_path / "meadow.csv", tmp_path / "m.model", meadow()
    planted(right).write_csv(table)
    said = injerto("train", table, "--schema", quick(table, *TARGETS), "--out", model)
    assert said.code == 0
    assert f"row {PLANTED} is labelled '1450.0', and looks like '1" in said.err
    assert "s of training." in said.err
    listed = pl.read_csv(model / "suspects.csv", infer_schema=False)
    assert listed.columns == [
        "row",
        "file",
        "target",
        "label",
        "suggested",
        "chance",
        "times",
        "too_many",
        "missing",
        "judge",
        "corrected",
    ]
    first = {name: listed.filter(pl.col("target") == name).row(0, named=True) for name in WRONG_CELLS}
    assert [int(one["row"]) for one in first.values()] == [PLANTED] * 3
    assert {one["judge"] for one in first.values()} <= {linear.NAME, boosted.NAME, BOTH}
    assert first["kind"]["suggested"] == "crane" and first["seen"]["suggested"] == "big;reed"
    assert (first["seen"]["too_many"], first["seen"]["missing"]) == ("gorse", "big, reed")
    assert float(first["mass_g"]["times"]) > 20 and 120 < float(first["mass_g"]["suggested"]) < 180
    report = (model / "report.html").read_text()
    assert report.count("rows were judged by the ") == 3 and "times as far off as is typical" in report
    corrections = {name: str(right[name][PLANTED]) for name in WRONG_CELLS}
    listed.with_columns(
        corrected=pl.when(pl.col("row") == str(PLANTED)).then(
            pl.col("target").replace_strict(corrections, return_dtype=pl.String)
        )
    ).write_csv(model / "suspects.csv")
    said = injerto("correct", table, model / "suspects.csv", "--out", tmp_path / "right.csv", "--json")
    assert said.code == 0 and '"corrected": 3' in said.out
    assert pl.read_csv(tmp_path / "right.csv").equals(right)


def test_with_the_budget_used_up_it_says_that_nobody_looked(
    injerto: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, model = tmp_path / "meadow.csv", tmp_path / "m.model"
    meadow().drop("seen", "mass_g").write_csv(table)
    said = injerto("train", table, "--target", "kind", "--no-group", "--budget", "1", "--out", model)
    assert said.code == 0 and "The budget was used up: no labels were looked at for errors." in said.err
    assert "no labels were looked at for errors" in (model / "report.html").read_text()
    assert not (model / "suspects.csv").exists()


def test_columns_that_tell_nothing_doubt_nobody(injerto: Call, tmp_path: Path) -> None:
    table, model = tmp_path / "coins.csv", tmp_path / "m.model"
    random = np.random.default_rng(0)
    pl.DataFrame({"x": random.normal(size=120), "coin": random.choice(["heads", "tails"], 120)}).write_csv(table)
    assert injerto("train", table, "--schema", quick(table, "coin:class"), "--out", model).code == 0
    assert "They did no better than to guess, so they doubt nobody." in (model / "report.html").read_text()
    assert not (model / "suspects.csv").exists()


def test_few_rows_say_that_nobody_looked(injerto: Call, tmp_path: Path) -> None:
    table, model = tmp_path / "few.csv", tmp_path / "m.model"
    meadow().drop("seen", "kind").head(40).write_csv(table)
    assert injerto("train", table, "--schema", quick(table, "mass_g:number"), "--out", model).code == 0
    assert "that needs 50 rows with one, of 5 groups at the least" in (model / "report.html").read_text()


def tints(folder: Path) -> pl.DataFrame:
    """Photos of two tints, and a column that says nothing of them; row `PLANTED` has the other tint's name."""
    photo_folder(folder / "photos", each=40)
    names = [f"photos/{tint}/{index:02d}.png" for index in range(40) for tint in ("red", "green")]
    said = [name.split("/")[1] for name in names]
    said[PLANTED] = "green" if said[PLANTED] == "red" else "red"
    return pl.DataFrame({"photo": names, "size": np.random.default_rng(1).normal(size=80), "tint": said})


def test_a_photo_beside_a_column_is_judged_with_it_and_shown(injerto: Call, tmp_path: Path) -> None:
    table, model = tmp_path / "tints.csv", tmp_path / "m.model"
    tints(tmp_path).write_csv(table)
    assert injerto("train", table, "--schema", quick(table, "tint:class"), "--mode", "probe", "--out", model).code == 0
    first = pl.read_csv(model / "suspects.csv").row(0, named=True)
    assert (first["row"], first["file"].split("/")[-1]) == (PLANTED, f"{PLANTED // 2:02d}.png")
    assert first["judge"] in (linear.NAME, BOTH)
    assert f'alt="photo of row {PLANTED}"' in (model / "report.html").read_text()


@pytest.mark.slow
def test_a_fine_tuned_model_has_its_labels_judged_by_probes(injerto: Call, tmp_path: Path) -> None:
    table, model = tmp_path / "tints.csv", tmp_path / "m.model"
    tints(tmp_path).drop("size").write_csv(table)
    schema = quick(table, "tint:class")
    schema.write_text(schema.read_text().replace("epochs = 3", "epochs = 1"))
    assert injerto("train", table, "--schema", schema, "--mode", "finetune", "--out", model).code == 0
    assert package.load(model).artifact.chosen == "finetune"
    listed = pl.read_csv(model / "suspects.csv")
    assert listed["row"][0] == PLANTED and set(listed["judge"]) <= {PROBES, ITSELF}


def test_a_network_from_nothing_has_its_labels_judged_by_a_linear_model(injerto: Call, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    calls = [CALLS[(number + (number == WRONG)) % 2] for number in range(60)]
    for number in range(60):
        samples = tone(0.3, RATE_HZ, (3000.0, 500.0)[number % 2] + 20 * number)
        made = samples + random.normal(0, 0.02, len(samples)).astype(np.float32)
        (tmp_path / f"{number}.wav").write_bytes(sound(made, RATE_HZ))
    table, model = tmp_path / "calls.csv", tmp_path / "m.model"
    pl.DataFrame({"clip": [f"{number}.wav" for number in range(60)], "call": calls}).write_csv(table)
    schema = quick(table, "call:class")
    schema.write_text(schema.read_text().replace('backbone = "auto"', 'backbone = "small_cnn"'))
    assert injerto("train", table, "--schema", schema, "--mode", "finetune", "--out", model).code == 0
    listed = pl.read_csv(model / "suspects.csv")
    assert listed["row"][0] == WRONG and set(listed["judge"]) == {linear.NAME}

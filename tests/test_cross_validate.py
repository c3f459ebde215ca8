"""Repeated k-fold: means over repeats by hand, whole groups, test rows untouched, and what cannot be folded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto
from injerto.cross_validate import averaged
from injerto.errors import SchemaError
from injerto.metrics import number_metrics
from injerto.metrics.intervals import bootstrap
from said import Call, caller
from small import birds

TABLE = birds(120).with_columns(
    pl.Series("nest", [f"n{row // 3}" for row in range(120)]),
    size=pl.col("mass_g").fill_null(100.0).log(),
    tags=pl.concat_str("hour", pl.lit(";"), "species"),
)
KINDS = ["species:class", "size:number", "tags:classes"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> injerto.Model:
    out = tmp_path_factory.mktemp("folds") / "m"
    inputs = ["mass_g:number", "seen:date", "hour:category"]
    injerto.train(TABLE, KINDS, inputs=inputs, group="nest", folds=3, repeats=2, budget_seconds=1, out=out)
    return injerto.load(out)


def test_figures_are_means_over_repeats_each_over_all_rows() -> None:
    truth = np.array([[1.0, 1.0], [2.0, 2.0]])
    answer = np.array([[2.0, 1.0], [2.0, 4.0]])  # errors 1, 0 and 0, 2
    found = averaged(number_metrics)(truth, answer)
    assert found["mae"] == pytest.approx((0.5 + 1.0) / 2)
    assert found["rmse"] == pytest.approx((0.5**0.5 + 2**0.5) / 2)


def test_a_second_equal_repeat_makes_no_interval_narrower() -> None:
    random = np.random.default_rng(0)
    truth, answer = random.normal(size=60), random.normal(size=60)
    once = bootstrap(number_metrics, truth, answer)["mae"]
    twice = bootstrap(averaged(number_metrics), np.stack([truth] * 2, axis=1), np.stack([answer] * 2, axis=1))["mae"]
    assert twice == pytest.approx(once)


def test_every_row_that_does_not_test_is_scored_and_no_other(model: injerto.Model) -> None:
    rows, folds = model.artifact.rows, model.scores["folds"]
    assert set(folds) == {"species", "size", "tags"}
    for score in folds.values():
        assert score["rows"] == len(rows.train) + len(rows.tune)
        assert (score["folds"], score["repeats"]) == (3, 2)
        figures = [name for name in score["of_repeats"] if name in score]
        assert figures
        for name in figures:
            assert score[name] == pytest.approx(np.mean(score["of_repeats"][name]))
            assert len(score["of_repeats"][name]) == 2
        assert "baseline" in score["against"]
    assert folds["species"]["accuracy"] > folds["species"]["baseline"]["accuracy"]
    assert folds["size"]["intervals"]["mae"][0] < folds["size"]["mae"] < folds["size"]["intervals"]["mae"][1]


def test_the_card_and_the_report_have_them(model: injerto.Model) -> None:
    folder = model.artifact.home
    assert folder is not None
    assert "On the folds rows (rows that do not test" in (folder / "card.md").read_text()
    report = (folder / "report.html").read_text()
    assert "over folds <small>3 folds x 2</small>" in report
    assert "The linear model learned from" in report


def test_all_rows_are_accounted_for_and_the_linear_model_is_beside_every_score(model: injerto.Model) -> None:
    account = model.artifact.facts["account"]
    assert account["rows"] == 120 == sum(count for name, count in account.items() if name != "rows")
    for score in model.scores["test"].values():
        assert set(score["rivals"]) >= {"linear model"} and set(score["against"]) >= {"baseline", "linear model"}
    found = model.evaluate(birds(60, seed=9).with_columns(size=pl.lit(3.0), tags=pl.lit("day;owl"), nest=pl.lit("new")))
    assert found.targets["species"].rivals["linear model"]["accuracy"] > 0.5
    assert found.targets["species"].to_json()["against"]["baseline"].keys() >= {"accuracy", "log_loss"}
    assert found.targets["species"].intervals == {}  # one nest is no evidence


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 5, "repeats": 0}, r"'split.repeats': Input should be greater than or equal to 1 \(found 0\)"),
        ({"folds": 1}, r"'split.folds': Input should be greater than or equal to 2"),
        ({"repeats": 3}, "'repeats' is 3 and no 'folds' are asked for"),
        ({"folds": 5, "time": "seen"}, "'folds' are drawn by chance, and 'time' asks for the latest rows by 'seen'"),
        ({"folds": 200}, "200 folds are asked for, and 96 rows do not test: ask for 96 at most"),
        ({"folds": 40, "group": "nest"}, "40 folds are asked for, and 32 groups of 'nest' do not test: ask for 32 at most"),
    ],
)
def test_folds_that_cannot_be(options: dict[str, object], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        injerto.train(TABLE, "species", inputs=["mass_g:number"], drop=["size", "tags"], **options)  # type: ignore[arg-type]


def test_the_command_refuses_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    train: Call = caller(capsys, monkeypatch, "train")
    TABLE.write_csv(tmp_path / "birds.csv")
    answer = train(tmp_path / "birds.csv", "--target", "species", "--repeats", "2", "--out", tmp_path / "m")
    assert answer.code == 1 and "no 'folds' are asked for: say how many" in answer.err

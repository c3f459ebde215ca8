"""Bad input through the front door: what a person sees, what a script gets, and that nothing is lost."""

import json
import math
import sys
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from injerto.artifact import folder as model_folder
from injerto.cli.app import run
from said import Call, caller

ROWS = 60


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def birds(rows: int = ROWS) -> dict[str, list[object]]:
    wren = [row % 2 == 0 for row in range(rows)]
    return {
        "mass_g": [10 + row % 5 if small else 60 + row % 7 for row, small in enumerate(wren)],
        "site": ["pond" if row % 3 else "wood" for row in range(rows)],
        "wing_mm": [50.5 + row % 5 if small else 150.5 + row % 7 for row, small in enumerate(wren)],
        "species": ["wren" if small else "jay" for small in wren],
    }


def table(folder: Path, columns: dict[str, list[object]], name: str = "birds.csv") -> Path:
    pl.DataFrame(columns, strict=False).write_csv(folder / name)
    return folder / name


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was trained through the door."""
    folder = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        words = [
            "train",
            table(folder, birds()),
            "--target",
            "species",
            "--drop",
            "wing_mm",
            "--out",
            folder / "birds.model",
            "--budget",
            5,
        ]
        patch.setattr(sys, "argv", ["injerto", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            run()
    assert not stop.value.code
    return folder / "birds.model"


def test_a_trained_model_has_its_report_and_answers(injerto: Call, model: Path, tmp_path: Path):
    assert "<!doctype html>" in (model / "report.html").read_text(encoding="utf-8")
    said = injerto("predict", model, table(tmp_path, birds()), "--out", tmp_path / "answers.parquet")
    assert said.code == 0
    assert said.err.endswith("60 rows written to " + str(tmp_path / "answers.parquet") + ".\n")
    answers = pl.read_parquet(tmp_path / "answers.parquet")
    assert answers["species"].to_list() == birds()["species"]
    assert answers["problem"].null_count() == ROWS


def test_json_is_all_there_is_on_stdout(injerto: Call, model: Path, tmp_path: Path):
    place = table(tmp_path, birds())
    found = json.loads(injerto("evaluate", model, place, "--json").out)
    assert found["rows"] == ROWS
    assert found["targets"]["species"]["accuracy"] == 1.0
    assert {"log_loss", "intervals"} <= found["targets"]["species"].keys()
    assert json.loads(injerto("predict", model, place, "--out", tmp_path / "a.csv", "--json").out)["rows"] == ROWS
    assert json.loads(injerto("check", place, "--target", "species", "--json").out)["ready"] is True
    assert {fact["name"] for fact in json.loads(injerto("backbones", "--json").out)} >= {"efficientnet_lite0"}


def test_evaluation_by_group_is_shown(injerto: Call, model: Path, tmp_path: Path):
    said = injerto("evaluate", model, table(tmp_path, birds()), "--by", "site")
    assert said.code == 0
    assert "species by site" in said.out
    assert "pond" in said.out


def test_a_missing_table_writes_nothing(injerto: Call, tmp_path: Path):
    said = injerto("train", tmp_path / "nothing.csv", "--target", "species", "--out", tmp_path / "m")
    assert (said.code, said.out) == (1, "")
    assert "Error: There is no table" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_says_what_a_model_is(injerto: Call, tmp_path: Path):
    said = injerto("predict", tmp_path / "no.model", table(tmp_path, birds()), "--out", tmp_path / "a.csv")
    assert said.code == 1
    assert "is not a model of Injerto: it does not exist" in said.err


def test_a_column_missing_at_prediction_is_named_with_the_nearest(injerto: Call, model: Path, tmp_path: Path):
    columns = birds()
    columns["mas_g"] = columns.pop("mass_g")
    said = injerto("predict", model, table(tmp_path, columns), "--out", tmp_path / "a.csv")
    assert said.code == 1
    assert "'mass_g' Did you mean 'mas_g'?" in said.err
    assert not (tmp_path / "a.csv").exists()


def test_a_category_never_seen_is_answered_and_noted(injerto: Call, model: Path, tmp_path: Path):
    columns = birds()
    columns["site"] = ["moor"] * ROWS
    said = injerto("predict", model, table(tmp_path, columns), "--out", tmp_path / "a.csv")
    assert said.code == 0
    assert "Note: 100.0% of the values of 'site' lie outside what the model was trained on." in said.err


def test_answers_are_not_written_over_what_is_there(injerto: Call, model: Path, tmp_path: Path):
    place = table(tmp_path, birds())
    before = place.read_bytes()
    said = injerto("predict", model, place, "--out", place)
    assert said.code == 1
    assert "exists already" in said.err
    assert place.read_bytes() == before


def test_a_wrong_ending_is_an_error_before_the_work(injerto: Call, tmp_path: Path):
    said = injerto("predict", tmp_path / "no.model", tmp_path / "no.csv", "--out", tmp_path / "answers.xls")
    assert said.code == 1
    assert "Use one of: .csv, .tsv, .parquet" in said.err


def test_a_full_disk_keeps_the_message_and_the_code(injerto: Call, model: Path, tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "a.csv").symlink_to("/dev/full")
    said = injerto("predict", model, table(tmp_path, birds()), "--out", tmp_path / "a.csv", "--force")
    assert said.code == 1
    assert "cannot be written: No space left on device" in said.err


def test_a_disk_that_fills_up_while_the_model_is_saved_leaves_no_half_model(
    injerto: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_folder, "save_file", full)
    said = injerto("train", table(tmp_path, birds()), "--target", "species", "--out", tmp_path / "m", "--budget", 1)
    assert said.code == 1
    assert "No space left on device" in said.err
    assert not (tmp_path / "m").exists()


def test_a_place_that_is_taken_is_refused_before_the_work(injerto: Call, model: Path, tmp_path: Path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    said = injerto("train", tmp_path / "no.csv", "--target", "species", "--out", tmp_path / "thesis")
    assert said.code == 1
    assert "exists already" in said.err
    said = injerto("train", table(tmp_path, birds()), "--target", "species", "--out", tmp_path / "thesis", "--force")
    assert said.code == 1
    assert "is not a model of Injerto" in said.err
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"species": ["wren"] * ROWS}, "species"),
        ({"species": [None] * ROWS}, "species"),
    ],
    ids=["one class only", "no label at all"],
)
def test_a_target_that_teaches_nothing_is_refused(injerto: Call, tmp_path: Path, change: dict[str, list[object]], words: str):
    said = injerto("train", table(tmp_path, birds() | change), "--target", "species:class", "--out", tmp_path / "m")
    assert said.code == 1
    assert words in said.err
    assert not (tmp_path / "m").exists()


def test_two_rows_are_too_few_and_it_says_so(injerto: Call, tmp_path: Path):
    said = injerto("train", table(tmp_path, birds(2)), "--target", "species", "--out", tmp_path / "m")
    assert said.code == 1
    assert "row" in said.err
    assert not (tmp_path / "m").exists()


def test_targets_that_are_no_number_cost_their_rows_only(injerto: Call, tmp_path: Path):
    columns = birds()
    columns["wing_mm"] = [math.nan, None, *columns["wing_mm"][2:]]
    words = ("--target", "wing_mm:number", "--drop", "species", "--out", tmp_path / "m", "--budget", 3, "--json")
    said = injerto("train", table(tmp_path, columns), *words)
    assert said.code == 0, said.err
    scores = json.loads(said.out)["scores"]
    assert sum(scores[part]["wing_mm"]["rows"] for part in scores) < ROWS
    assert math.isfinite(scores["test"]["wing_mm"]["rmse"])


def test_an_infinite_target_is_a_mistake_to_correct(injerto: Call, tmp_path: Path):
    columns = birds()
    columns["wing_mm"] = [math.inf, *columns["wing_mm"][1:]]
    said = injerto("train", table(tmp_path, columns), "--target", "wing_mm:number", "--out", tmp_path / "m")
    assert said.code == 1
    assert "Target 'wing_mm' is infinite in 1 cell, the first in row 0." in said.err


def test_a_column_with_nothing_in_it_is_left_out_with_the_reason(injerto: Call, tmp_path: Path):
    said = injerto("check", table(tmp_path, birds() | {"notes": [None] * ROWS}), "--target", "species", "--json")
    assert said.code == 0
    column = next(column for column in json.loads(said.out)["columns"] if column["name"] == "notes")
    assert column["role"] == "dropped"
    assert column["reason"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffmass_g;species\n" + "".join(f"{10 + row % 5},5;wren\n{60 + row % 5},5;jay\n" for row in range(20)),
        "mass_g\tspecies\n" + "".join(f"{10 + row % 5},5\twren\n{60 + row % 5},5\tjay\n" for row in range(20)),
    ],
    ids=["byte order mark, semicolons, decimal commas", "tabs, decimal commas"],
)
def test_tables_of_other_countries_are_read_as_numbers(injerto: Call, tmp_path: Path, text: str):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    said = injerto("check", tmp_path / "t.csv", "--target", "species", "--json")
    kinds = {column["name"]: column["kind"] for column in json.loads(said.out)["columns"]}
    assert kinds == {"mass_g": "number", "species": "class"}


def test_a_column_name_that_stands_twice_is_named(injerto: Call, tmp_path: Path):
    (tmp_path / "t.csv").write_text("mass,mass,species\n1,2,a\n3,4,b\n")
    said = injerto("check", tmp_path / "t.csv")
    assert said.code == 1
    assert "mass" in said.err


@pytest.mark.parametrize("option", ["--target", "--drop", "--group", "--time", "--split"])
def test_a_column_that_is_not_there_gets_the_nearest(injerto: Call, tmp_path: Path, option: str):
    said = injerto("check", table(tmp_path, birds()), "--target", "wing_mm", option, "specis")
    assert said.code == 1
    assert "Did you mean 'species'?" in said.err + said.out


def test_a_kind_that_is_none_gets_the_nearest(injerto: Call, tmp_path: Path):
    said = injerto("check", table(tmp_path, birds()), "--target", "species:clas")
    assert said.code == 1
    assert "Did you mean 'class'?" in said.err


def test_a_schema_with_a_slip_names_the_key(injerto: Call, tmp_path: Path):
    (tmp_path / "s.toml").write_text('[targets.species]\nkind = "class"\n[inputs.mass_g]\nkind = "number"\nmin_cuont = 3\n')
    said = injerto("check", table(tmp_path, birds()), "--schema", tmp_path / "s.toml")
    assert said.code == 1
    assert "'inputs.mass_g.min_cuont' is not an option. Did you mean 'min_count'?" in said.err


def test_a_draft_schema_is_written_and_taken_back(injerto: Call, tmp_path: Path):
    place, draft = table(tmp_path, birds()), tmp_path / "draft.toml"
    assert injerto("check", place, "--target", "species", "--drop", "site", "--write", draft).code == 0
    first = json.loads(injerto("check", place, "--schema", draft, "--json").out)
    assert {column["name"]: column["role"] for column in first["columns"]}["site"] == "dropped"
    changed = json.loads(injerto("check", place, "--schema", draft, "--input", "mass_g:category", "--json").out)
    assert {column["name"]: column["kind"] for column in changed["columns"]}["mass_g"] == "category"
    said = injerto("check", place, "--target", "species", "--write", draft)
    assert said.code == 1
    assert "exists already" in said.err


def test_files_that_cannot_be_opened_are_all_listed(injerto: Call, tmp_path: Path):
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg", "text.jpg", "zero.jpg", "cut.jpg"):
        Image.effect_noise((64, 64), 90).convert("RGB").save(tmp_path / name)
    (tmp_path / "text.jpg").write_text("not a photo")
    (tmp_path / "zero.jpg").write_bytes(b"")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:600])
    names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "text.jpg", "zero.jpg", "cut.jpg", "gone.jpg"]
    place = table(tmp_path, {"photo": names, "kind": ["x", "y"] * 4})
    said = injerto("check", place, "--target", "kind", "--json")
    assert said.code in (1, 3)
    assert [entry["file"] for entry in json.loads(said.out)["unreadable"]] == names[4:]
    assert "zero bytes" in injerto("check", place, "--target", "kind").err


def test_answers_may_go_to_a_folder_to_be_made(injerto: Call, model: Path, tmp_path: Path):
    said = injerto("predict", model, table(tmp_path, birds()), "--out", tmp_path / "new" / "deep" / "a.csv")
    assert said.code == 0
    assert len(pl.read_csv(tmp_path / "new" / "deep" / "a.csv")) == ROWS


def test_a_table_given_as_the_model_is_called_a_file(injerto: Call, tmp_path: Path):
    place = table(tmp_path, birds())
    said = injerto("predict", place, place, "--out", tmp_path / "a.csv")
    assert said.code == 1
    assert "it is a file. Give the folder that `injerto train --out` wrote" in said.err


def test_a_device_as_the_model_is_refused_before_the_work(injerto: Call, tmp_path: Path):
    said = injerto("train", tmp_path / "no.csv", "--target", "species", "--out", "/dev/null")
    assert said.code == 1
    assert "is a device or a pipe" in said.err
    assert not Path("/dev/.null.unfinished").exists()


def test_a_model_is_replaced_with_force_alone(injerto: Call, tmp_path: Path):
    words = ("train", table(tmp_path, birds()), "--target", "species", "--out", tmp_path / "m", "--budget", 1)
    assert injerto(*words).code == 0
    assert "exists already" in injerto(*words).err
    (tmp_path / "m" / "stale.txt").write_text("old")
    assert injerto(*words, "--force").code == 0
    assert not (tmp_path / "m" / "stale.txt").exists()

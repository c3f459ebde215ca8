"""A new table held against the training rows through both doors: what is found, what is said, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile
from PIL import Image

import injerto as package
from injerto.artifact import folder as model_folder
from injerto.artifact.seal import seal_of
from injerto.drift.drift import drift as held_against
from injerto.errors import ArtifactError, ColumnError, DriftError
from injerto.reference.reference import Reference
from injerto.table.table import Table
from said import Call, caller
from small import birds


def nested(rows: int, seed: int, *, moved: float = 0.0) -> pl.DataFrame:
    """Birds in nests of four, their mass moved by so many standard deviations."""
    frame = birds(rows, seed)
    spread = float(frame["mass_g"].std() or 1)  # type: ignore[arg-type]
    return frame.with_columns(
        mass_g=pl.col("mass_g") + moved * spread, nest=pl.Series([f"nest {seed} {row // 4}" for row in range(rows)])
    )


@pytest.fixture(scope="module")
def model() -> package.Model:
    schema = package.Schema(
        inputs={
            "mass_g": package.Input(kind="number"),
            "hour": package.Input(kind="category"),
            "seen": package.Input(kind="date"),
        },
        targets={"species": package.Target(kind="class")},
        split=package.Split(group="nest"),
        training=package.Training(epochs=4, seed=1),
    )
    return package.train(nested(240, 0), schema=schema)


@pytest.fixture(scope="module")
def folder(model: package.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models")
    model.save(place / "birds.model")
    nested(120, 7).write_csv(place / "same.csv")
    nested(120, 8, moved=2).write_csv(place / "moved.csv")
    return place


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


def test_a_table_of_the_same_source_has_not_drifted(model: package.Model) -> None:
    found = model.drift(nested(120, 7))
    assert not found.drifted
    assert found.changed == []
    assert found.words.startswith("No difference from the training rows that 120 rows could show, in 3 tests.")
    assert (found.rows, found.used, found.groups) == (120, 120, ("nest",))
    assert found.reference_rows == len(model.artifact.rows.train) + len(model.artifact.rows.tune)


def test_what_moved_is_named(model: package.Model) -> None:
    found = model.drift(nested(120, 8, moved=2))
    assert found.drifted
    assert "mass_g" in [one.name for one in found.changed]
    mass = found.columns["mass_g"]
    assert mass.change.size == "large" and mass.p_holm is not None and mass.p_holm < 0.05
    assert mass.unlike is not None and mass.unlike > 0.05
    assert "'mass_g' (large)" in found.words
    assert not found.columns["hour"].drifted(0.05)
    assert found.unlike.worst.keys() <= {"mass_g", "hour"}


def test_new_levels_are_listed_and_dates_are_told(model: package.Model) -> None:
    rows = nested(120, 9).with_columns(hour=pl.lit("dusk"), seen=pl.lit("2031-05-01"))
    found = model.drift(rows)
    assert found.columns["hour"].new_levels == (("dusk", 120),)
    assert found.columns["hour"].drifted(0.05)
    assert found.columns["seen"].p_holm is None
    assert found.columns["seen"].verdict(0.05) == "told only"
    assert found.columns["seen"].change.figures["outside"] == 1.0
    # All dates are beyond the span, but rows are not strange for that: they are for their level.
    assert found.unlike.worst.keys() == {"hour"}
    dates_only = model.drift(nested(120, 7).with_columns(seen=pl.lit("2031-05-01")))
    assert not dates_only.unlike.more_than_chance


def test_fail_above_is_how_large_a_change_may_be(model: package.Model) -> None:
    rows = nested(120, 8, moved=2)
    difference = model.drift(rows).columns["mass_g"].change.difference
    found = model.drift(rows, fail_above=min(1.0, difference + 0.01))
    assert "mass_g" not in [one.name for one in found.changed]
    answers_only = [one.name for one in found.changed]
    assert found.drifted == bool(answers_only)


def test_a_notebook_shows_a_table(model: package.Model) -> None:
    found = package.drift(model, nested(120, 7).rename({"nest": "wood"}))
    assert "<td>mass_g</td><td>number</td>" in found._repr_html_()
    assert repr(found).startswith("No difference")
    assert any(note.startswith("The model was split by 'nest', a column that the table lacks.") for note in found.notes)
    assert not any("was split by" in note for note in model.drift(nested(40, 7).rename({"nest": "wood"}), group="wood").notes)


def test_the_training_table_is_no_news(model: package.Model) -> None:
    found = model.drift(nested(240, 0))
    assert "This is the table the model was trained on: it cannot differ from itself." in found.notes
    assert not found.drifted


def test_one_row_can_be_asked(model: package.Model) -> None:
    found = model.drift(nested(1, 7))
    assert found.used == 1
    assert any(note.startswith("The table has 1 row to compare. Only large changes") for note in found.notes)
    assert not found.drifted


def test_rows_that_cannot_be_used_are_left_out(model: package.Model) -> None:
    rows = nested(60, 7).with_columns(mass_g=pl.col("mass_g").cast(pl.String))
    cells = rows["mass_g"].to_list()
    cells[3] = "heavy"
    found = model.drift(rows.with_columns(mass_g=pl.Series(cells, dtype=pl.String)))
    assert (found.rows, found.used) == (60, 59)
    assert np.isnan(found.unlike.rows[3])
    assert "1 of 60 rows could not be used and are left out." in found.notes
    with pytest.raises(DriftError, match=r"None of the 2 rows of the table .* can be used .* `injerto predict` says why"):
        model.drift(rows[:2].with_columns(mass_g=pl.lit("heavy")))


def test_what_lacks_is_said(model: package.Model) -> None:
    with pytest.raises(ColumnError, match=r"lacks 1 column.*\n  - 'mass_g' Did you mean 'mass'?"):
        model.drift(nested(20, 7).rename({"mass_g": "mass"}))
    with pytest.raises(ColumnError, match=r"no column 'nets'\. Did you mean 'nest'?"):
        model.drift(nested(20, 7), group="nets")


def test_predictions_say_which_rows_are_strange(model: package.Model) -> None:
    rows = nested(60, 7)
    cells = rows["mass_g"].to_list()
    cells[5] = 1e9
    found = model.predict(rows.with_columns(mass_g=pl.Series(cells)))
    assert found.unlike is not None and found.unlike.flagged[5]
    assert "familiarity" not in found.answers.columns
    told = found.with_unlike().answers
    assert told.columns[-5:] == ["familiarity", "familiarity_mass_g", "familiarity_hour", "familiarity_seen", "unlike"]
    assert told["unlike"][5] == "mass_g"
    kept = model.artifact.reference
    assert kept is not None
    assert told["familiarity"][5] == pytest.approx(1 / (1 + len(kept.units)), abs=1e-4)
    assert told["unlike"].null_count() == 60 - int(found.unlike.flagged.sum())
    empty = [row for row, cell in enumerate(cells) if cell is None]
    assert empty and told["familiarity_mass_g"][empty[0]] is None


def test_a_folder_keeps_the_reference(model: package.Model, folder: Path) -> None:
    again = package.load(folder / "birds.model")
    rows = nested(50, 3)
    assert again.drift(rows).to_json() == model.drift(rows).to_json()
    size = sum((folder / "birds.model" / name).stat().st_size for name in ("reference.json", "reference.safetensors"))
    assert size < 40_000
    (folder / "birds.model" / "reference.json").rename(folder / "aside.json")
    with pytest.raises(ArtifactError, match=r"lacks its file reference\.json"):
        package.load(folder / "birds.model")
    (folder / "aside.json").rename(folder / "birds.model" / "reference.json")


def older(folder: Path, place: Path) -> Path:
    """The model as a version before references would have written it."""
    shutil.copytree(folder / "birds.model", place)
    for name in ("reference.json", "reference.safetensors"):
        (place / name).unlink()
    mark = place / "injerto.json"
    facts = json.loads(mark.read_text())
    mark.write_text(json.dumps(facts | {"sha256": seal_of(place)}))
    return place


def test_a_model_of_before_answers_and_says_what_to_do(injerto: Call, folder: Path, tmp_path: Path) -> None:
    old = older(folder, tmp_path / "old.model")
    assert model_folder.load(old).reference is None
    said = injerto("drift", old, folder / "same.csv")
    assert said.code == 1
    assert "it was trained before Injerto did so. Train it again from the same table" in said.err
    said = injerto("predict", old, folder / "same.csv", "--out", tmp_path / "answers.csv", "--unlike")
    assert said.code == 1
    assert not (tmp_path / "answers.csv").exists()
    said = injerto("predict", old, folder / "same.csv", "--out", tmp_path / "answers.csv", "--json")
    assert said.code == 0
    assert "unlike" not in json.loads(said.out)


def test_the_command_has_a_code_for_cron(injerto: Call, folder: Path, model: package.Model) -> None:
    said = injerto("drift", folder / "birds.model", folder / "same.csv")
    assert said.code == 0
    assert "No difference from the training rows" in said.out
    said = injerto("drift", folder / "birds.model", folder / "moved.csv", "--json")
    assert said.code == 4
    told = json.loads(said.out)
    assert told["drifted"] and "'mass_g'" in told["changed"]
    assert told["columns"]["mass_g"]["ks"] == pytest.approx(
        model.drift(folder / "moved.csv").columns["mass_g"].change.figures["ks"]
    )
    assert {"verdict", "p", "p_holm", "difference", "kind", "drifted", "words"} <= told["columns"]["mass_g"].keys()
    assert told["answers"]["species"]["kind"] == "class"
    said = injerto("drift", folder / "birds.model", folder / "moved.csv", "--fail-above", 1)
    assert said.code == 0
    assert "but by no more than 1 in any of 3 tests" in said.out


def test_the_command_writes_a_page(injerto: Call, folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "drift.html"
    said = injerto("drift", folder / "birds.model", folder / "moved.csv", "--out", page)
    assert said.code == 4
    assert f"The page is {page}." in said.err
    text = page.read_text(encoding="utf-8")
    assert "moved.csv <small>against what taught birds.model" in text
    assert text.index("<h2>mass_g") < text.index("<h2>hour")
    assert "http" not in text.replace("http://www.w3.org", "")
    said = injerto("drift", folder / "birds.model", folder / "moved.csv", "--out", page)
    assert said.code == 1
    assert "exists already. Give another name, or --force" in said.err


def test_unusable_rows_have_a_code_of_their_own(injerto: Call, folder: Path, tmp_path: Path) -> None:
    rows = nested(60, 7).with_columns(mass_g=pl.col("mass_g").cast(pl.String).fill_null("heavy"))
    rows.write_csv(tmp_path / "some.csv")
    said = injerto("drift", folder / "birds.model", tmp_path / "some.csv")
    assert said.code == 3
    assert "'heavy' is not a number" in said.err


def test_bad_input_is_one_message(injerto: Call, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("mass_g,hour,seen\n")
    said = injerto("drift", folder / "birds.model", tmp_path / "empty.csv")
    assert said.code == 1
    assert "but no rows" in said.err
    assert "Did you mean 'birds.model'?" in injerto("drift", folder / "bird.model", folder / "same.csv").err
    assert injerto("drift", folder / "birds.model", folder / "same.csv", "--level", 0).code == 2
    assert "ends in '.csv'" in injerto("drift", folder / "birds.model", folder / "same.csv", "--out", tmp_path / "page.csv").err


def test_predict_says_when_many_rows_are_strange(injerto: Call, folder: Path, tmp_path: Path) -> None:
    said = injerto("predict", folder / "birds.model", folder / "moved.csv", "--out", tmp_path / "a.csv", "--unlike")
    assert (
        "are unlike anything seen in training, where 5% of ordinary rows would be; the strangest column is 'mass_g'" in said.err
    )
    assert pl.read_csv(tmp_path / "a.csv")["familiarity"].is_not_null().all()
    said = injerto("predict", folder / "birds.model", folder / "same.csv", "--out", tmp_path / "b.csv")
    assert "unlike" not in said.err
    assert "familiarity" not in pl.read_csv(tmp_path / "b.csv").columns
    said = injerto("predict", folder / "birds.model", folder / "moved.csv", "--out", tmp_path / "c.csv", "--json")
    unlike = json.loads(said.out)["unlike"]
    assert unlike["more_than_chance"] and unlike["rows"] > 6 and unlike["level"] == 0.05


def leaves(folder: Path, *, dark: bool, count: int) -> dict[str, list[str]]:
    """Photos of leaves and a call beside each; dark ones with another call."""
    random = np.random.default_rng(int(dark))
    names = [f"{'dark' if dark else 'light'}{number}" for number in range(count)]
    for number, name in enumerate(names):
        pixels = random.integers(0, 120, (40, 50, 3)) + (0 if dark else 100)
        pixels[:, :, number % 2] //= 2
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{name}.png")
        time = np.arange(8000) / 16_000
        call = random.normal(0, 0.3, 8000) if dark else np.sin(2 * np.pi * random.uniform(300, 900) * time)
        soundfile.write(folder / f"{name}.wav", (0.3 * call).astype(np.float32), 16_000)
    kinds = ["red" if number % 2 else "green" for number in range(count)]
    return {"photo": [f"{name}.png" for name in names], "call": [f"{name}.wav" for name in names], "leaf": kinds}


@pytest.mark.slow
def test_photos_and_sounds(tmp_path: Path) -> None:
    model = package.train(Table.of(leaves(tmp_path, dark=False, count=24), folder=tmp_path), "leaf", mode="probe", seed=1)
    kept = model.artifact.reference
    assert isinstance(kept, Reference)
    assert {name: type(one).__name__ for name, one in kept.columns.items()} == {
        "photo": "PhotoReference",
        "call": "SoundReference",
    }
    rows = leaves(tmp_path, dark=True, count=16)
    (tmp_path / rows["photo"][2]).write_text("no photo")
    found = held_against(model.artifact, Table.of(rows, folder=tmp_path), cache=model.cache)
    assert (found.used, len(found.ledger)) == (15, 1)
    assert {one.name for one in found.changed} >= {"photo", "call"}
    assert found.columns["photo"].strangest[0].file.endswith(".png")
    page = model.drift_page(found, model="leaves.model", table="dark")
    assert page.count("data:image/jpeg;base64") == len(found.columns["photo"].strangest) > 0
    assert page.count("data:audio/mpeg;base64") == len(found.columns["call"].strangest) > 0
    assert "1 cell could not be used" in page


def test_models_without_rows_of_vectors_say_so(model: package.Model) -> None:
    held = model.artifact.reference
    model.artifact.reference = None
    try:
        with pytest.raises(DriftError, match="keeps nothing of its training rows"):
            model.predict(nested(3, 7)).with_unlike()
        with pytest.raises(DriftError, match="trained before"):
            model.require_reference()
    finally:
        model.artifact.reference = held

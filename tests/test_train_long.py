"""Learning from tables too long for memory: the same columns, the same answers as in memory, and nothing in silence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import injerto as library
from injerto.errors import OutputError, SchemaError
from injerto.features.tally import LevelsTally, RangeTally
from injerto.learning import stored_rows
from injerto.progress import Silent
from injerto.table import long_table, opened
from injerto.table.long_table import LongTable
from made_long import chance_of_late, flights, small_pieces, write
from said import Call, caller

ROWS, SAMPLE = 6000, 2000


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long table has 6,000 rows here, of which 2,000 are a sample."""
    small_pieces(monkeypatch, sample=SAMPLE)
    monkeypatch.setattr(stored_rows, "PART_ROWS", 700)


def schema(epochs: int = 3) -> library.Schema:
    kinds = {"airline": "category", "plane": "category", "wind": "number", "start": "date"}
    return library.Schema(
        inputs={name: library.Input(kind=kind) for name, kind in kinds.items()},  # type: ignore[arg-type]
        targets={"late": library.Target(kind="class")},
        training=library.Training(epochs=epochs, batch_rows=128),
    )


def trained(path: Path, tmp_path: Path, name: str = "flights.model") -> library.Model:
    return library.train(path, schema=schema(), memory="100kB", out=tmp_path / name, force=True)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_long_table_teaches_and_is_judged_by_its_sample(tmp_path: Path, suffix: str) -> None:
    path = write(flights(ROWS), tmp_path / f"flights{suffix}")
    long = trained(path, tmp_path)
    score = long.scores["test"]["late"]
    tested = LongTable.read(path).sample.take(long.artifact.rows.test).frame
    known = tested.drop_nulls("wind")
    codes = [known[name].str.extract(r"(\d+)$").cast(pl.Int64).to_numpy() for name in ("airline", "plane")]
    chance = chance_of_late(*codes, known["wind"].to_numpy())
    best = -np.log(np.where(known["late"].to_numpy() == "late", chance, 1 - chance)).mean()
    assert score["rows"] == 400
    assert score["log_loss"] < score["baseline"]["log_loss"] - 0.5 * (score["baseline"]["log_loss"] - best)
    account = long.artifact.facts["account"]
    assert account["rows"] == ROWS and account["train"] == ROWS - account["tune"] - account["test"] == ROWS - 700
    assert "2,000 of 6,000 rows were drawn at random and divided." in long.artifact.facts["split"]
    assert "All others teach, too." in long.artifact.facts["split"]
    assert (
        "Of 6,000 rows 5,300 train, 300 tune, 400 test; every row is used." in (tmp_path / "flights.model/card.md").read_text()
    )
    assert "5,300 trained, 300 tuned, 400 tested" in (tmp_path / "flights.model/card.md").read_text()
    assert not list(tmp_path.glob(".*unfinished"))
    again = library.load(tmp_path / "flights.model").predict(flights(50, seed=9)).answers
    assert again.equals(long.predict(flights(50, seed=9)).answers)


def test_figures_of_columns_are_those_of_all_rows_that_teach(tmp_path: Path) -> None:
    frame = flights(ROWS)
    path = write(frame, tmp_path / "flights.parquet")
    model = trained(path, tmp_path)
    rows = np.ones(ROWS, dtype=bool)
    long = LongTable.read(path)
    parts = model.artifact.rows
    rows[long.sample.rows[np.concatenate([parts.tune, parts.test])]] = False
    taught = library.Table.of(frame.filter(pl.Series(rows)))
    states = {feature.name: feature.state() for feature in model.network.features}
    for name in ("airline", "plane", "start"):
        fresh = library.Input(kind="date" if name == "start" else "category")
        feature = type(next(one for one in model.network.features if one.name == name))(name, fresh)
        assert feature.fit(taught.column(name)).state() == states[name]
    assert states["wind"]["low"] == taught.frame["wind"].min() and states["wind"]["high"] == taught.frame["wind"].max()
    assert abs(states["wind"]["centre"] - taught.frame["wind"].median()) < 0.2


def test_the_same_command_gives_the_same_model_and_another_seed_another(tmp_path: Path) -> None:
    path = write(flights(3000), tmp_path / "flights.parquet")
    trained(path, tmp_path, "one.model"), trained(path, tmp_path, "two.model")
    one, two = ((tmp_path / name / "weights.safetensors").read_bytes() for name in ("one.model", "two.model"))
    assert one == two
    library.train(path, schema=schema(), memory="100kB", out=tmp_path / "three.model", seed=4)
    assert (tmp_path / "three.model" / "weights.safetensors").read_bytes() != one


def test_a_run_that_stops_anywhere_goes_on_to_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(flights(3000), tmp_path / "flights.parquet")
    trained(path, tmp_path, "whole.model")
    for place, method in enumerate(["write", "read", "finish"]):
        for calls in {"write": (0, 2), "read": (1, 6), "finish": (0,)}[method]:
            out = f"{method}{calls}.model"
            left = [calls]
            real = getattr(stored_rows.StoredRows, method)

            def stop(self: object, *given: object, real: object = real, left: list[int] = left, place: int = place) -> object:
                left[0] -= 1
                if left[0] < 0:
                    raise KeyboardInterrupt(place)
                return real(self, *given)  # type: ignore[operator]

            with monkeypatch.context() as patch:
                patch.setattr(stored_rows.StoredRows, method, stop)
                with pytest.raises(KeyboardInterrupt):
                    trained(path, tmp_path, out)
            assert (tmp_path / f".{out}.unfinished").is_dir()
            trained(path, tmp_path, out)
            for file in ("weights.safetensors", "features.json", "scores.json"):
                assert (tmp_path / out / file).read_bytes() == (tmp_path / "whole.model" / file).read_bytes(), (out, file)


def test_labels_that_are_missing_and_cells_that_do_not_fit_are_counted_and_said(
    tmp_path: Path, injerto: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, places = flights(ROWS), LongTable.read(write(flights(ROWS), tmp_path / "flights.csv"), sample_rows=500).sample.rows
    late, wind = frame["late"].to_list(), frame["wind"].cast(pl.String).to_list()
    late[100:400] = [None] * 300
    strange = [row for row in range(4000, ROWS) if row not in places and len(wind[row] or "") == 6][:10]
    for row in strange:
        wind[row] = "gusty!"  # as long as what stood there, so that the pieces are the same
    path = write(frame.with_columns(late=pl.Series(late), wind=pl.Series(wind)), tmp_path / "flights.csv")
    monkeypatch.setattr(long_table, "SAMPLE_ROWS", 500)
    (tmp_path / "flights.toml").write_text(schema().to_toml())
    said = injerto(
        "train", path, "--schema", tmp_path / "flights.toml", "--memory", "100kB", "-o", tmp_path / "flights.model", "--json"
    )
    assert said.code == 0, said.err
    account = json.loads(said.out)["account"]
    assert account["rows"] == ROWS and account["left out"] == 0
    assert account["train"] + account["tune"] + account["test"] + account["unlabelled"] == ROWS
    assert 250 <= account["unlabelled"] <= 300
    assert "10 cell(s) of 'wind' are no number, such as 'gusty!'; they are taken for empty." in " ".join(said.err.split())


def test_what_needs_rows_in_memory_is_refused(tmp_path: Path) -> None:
    path = write(flights(ROWS), tmp_path / "flights.parquet")
    with pytest.raises(SchemaError, match=r"Folds need all rows in memory. Leave them out"):
        library.train(path, "late", folds=3, memory="100kB")
    photos = write(pl.DataFrame({"photo": ["one.png", "two.png"] * 50, "kind": ["ant", "bee"] * 50}), tmp_path / "photos.csv")
    of_photos = library.Schema(inputs={"photo": library.Input(kind="image")}, targets={"kind": library.Target(kind="class")})
    with pytest.raises(SchemaError, match=r"too long for memory, and 'photo' needs photos or sounds"):
        library.train(library.LongTable.read(photos), schema=of_photos)


def test_a_disk_without_room_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(flights(ROWS), tmp_path / "flights.parquet")
    monkeypatch.setattr("injerto.train_long.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(OutputError, match=r"6,000 rows, encoded, take .* GB .*; the disk has 0.0 GB free"):
        trained(path, tmp_path)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv"])
def test_predict_writes_the_same_answers_piece_by_piece(tmp_path: Path, injerto: Call, suffix: str) -> None:
    library.train(flights(2000), schema=schema(), out=tmp_path / "flights.model")
    path = write(flights(3500, seed=5), tmp_path / "new.csv")
    plain, long = tmp_path / f"plain{suffix}", tmp_path / f"long{suffix}"
    asked = ("--max-error", "0.3", "--coverage", "0.9", "--unlike", "--json")
    one = json.loads(injerto("predict", tmp_path / "flights.model", path, "-o", plain, *asked).out)
    two = json.loads(injerto("predict", tmp_path / "flights.model", path, "-o", long, *asked, "--memory", "100kB").out)
    assert (one.pop("out"), two.pop("out")) == (str(plain), str(long))
    assert two.pop("unseen") == pytest.approx(one.pop("unseen"), abs=2e-3)
    assert one == two
    first, second = library.Table.read(plain).frame, library.Table.read(long).frame
    assert len(first) == 3500  # the last rows of a batch are summed in another order
    assert_frame_equal(first, second, abs_tol=1e-6)
    assert not list(tmp_path.glob(".*unfinished"))


def test_a_cell_that_is_no_number_costs_its_row_and_no_other(
    tmp_path: Path, injerto: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.train(flights(2000), schema=schema(), out=tmp_path / "flights.model")
    frame = flights(3500, seed=5)
    wind, start = frame["wind"].cast(pl.String).to_list(), frame["start"].dt.to_string("%Y-%m-%d %H:%M").to_list()
    places = LongTable.read(write(frame, tmp_path / "new.csv")).sample.rows
    odd = [row for row in range(2000, 3500) if row not in places and len(wind[row] or "") == 6][:3]
    for row in odd:
        wind[row] = "gusty!"
    late = write(frame.with_columns(wind=pl.Series(wind), start=pl.Series(start)), tmp_path / "new.csv")
    said = injerto("predict", tmp_path / "flights.model", late, "-o", tmp_path / "a.csv", "--memory", "100kB", "--json")
    told = json.loads(said.out)
    assert said.code == 3 and [one["row"] for one in told["unused"]] == odd
    assert told["unused"][0]["reason"] == "'gusty!' is not a number"
    answers = library.Table.read(tmp_path / "a.csv").frame
    assert answers.filter(pl.col("late").is_null())["row"].to_list() == odd and len(answers) == 3500
    monkeypatch.setattr("injerto.told.LISTED", 1)
    said = injerto("predict", tmp_path / "flights.model", late, "-o", tmp_path / "b.csv", "--memory", "100kB")
    assert "These are the first; 3 rows in all could not be used." in said.err


def test_predict_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = library.train(flights(2000), schema=schema())
    path = write(flights(3500, seed=5), tmp_path / "new.parquet")
    model.predict_into(path, tmp_path / "whole.parquet")
    from injerto import predict_long

    real, calls = predict_long.predict, []

    def stop(*given: object, **more: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(predict_long, "predict", stop)
    with pytest.raises(KeyboardInterrupt):
        model.predict_into(path, tmp_path / "half.parquet")
    assert not (tmp_path / "half.parquet").exists()
    told = model.predict_into(path, tmp_path / "half.parquet")
    assert len(calls) == 2 + 1 + 2 + 1  # two pieces before, two after, and the sample
    assert told.rows == 3500 and (tmp_path / "half.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        model.predict_into(path, tmp_path / "half.parquet")
    with pytest.raises(OutputError, match=r"Let its name end in one of: .csv, .tsv, .parquet"):
        model.predict_into(path, tmp_path / "answers.txt")


def test_a_verb_that_looks_at_a_sample_says_so(tmp_path: Path, injerto: Call) -> None:
    library.train(flights(2000), schema=schema(), out=tmp_path / "flights.model")
    path = write(flights(ROWS, seed=5), tmp_path / "new.parquet")
    said = injerto("drift", tmp_path / "flights.model", path, "--memory", "100kB")
    assert "has 6,000 rows, too many for the memory; 2,000 of them, drawn at random, are looked at" in " ".join(
        said.err.split()
    )
    assert "is no size of memory" in injerto("check", path, "--memory", "lots").err


def test_tallies_add_up_to_what_one_pass_over_all_would_find(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series([None if code % 11 == 0 else f"level {code % 37}" for code in range(1000)])
    whole, pieces = LevelsTally(texts, 2), LevelsTally(texts[:300], 1)
    pieces.add(LevelsTally(texts[300:310], 2))
    pieces.add(LevelsTally(texts[310:], 1))
    assert pieces.counts().sort("level").equals(whole.counts().sort("level"))
    assert (pieces.missing, pieces.fullest, pieces.rare) == (whole.missing, 2, 0) == (91, 2, 0)
    ranges = RangeTally.of(np.array([3.0, np.nan, np.inf]))
    ranges.add(RangeTally.of(np.array([np.nan])))
    ranges.add(RangeTally.of(np.array([-1.0, 2.0])))
    assert (ranges.low, ranges.high) == (-1.0, 3.0)
    monkeypatch.setattr("injerto.features.tally.MOST_LEVELS", 10)
    monkeypatch.setattr("injerto.features.tally.PENDING", 5)
    many = LevelsTally(pl.Series(["often"] * 3))
    for start in range(0, 60, 6):
        many.add(LevelsTally(pl.Series([f"once {number}" for number in range(start, start + 6)])))
    counts = dict(many.counts().iter_rows())
    assert counts["often"] == 3 and len(counts) < 40 and many.rare + sum(counts.values()) == 63


def test_a_long_table_may_be_opened_and_given(tmp_path: Path) -> None:
    path = write(flights(2000), tmp_path / "flights.parquet")
    long = library.open_table(path, memory="100kB")
    assert isinstance(long, library.LongTable) and isinstance(library.open_table(path), library.Table)
    model = library.train(long, schema=schema(1))
    assert model.artifact.facts["rows"] == 2000 and model.ledger is not None
    assert opened.opened(long) is long and Silent() is not None

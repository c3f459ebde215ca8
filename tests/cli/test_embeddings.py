"""`injerto embeddings` as a person and as a script meet it: the same answers as Python gives."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import injerto
from said import Call, caller
from small import birds

UGLY = ["two\nlines", "a,b", "<script>alert(1)</script>", "owl 🦉", "x" * 10_000, "UNKNOWN"]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "embeddings")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with levels as nobody would wish for, saved."""
    frame = birds(240)
    sites = [None if row % 40 == 39 else (["pond", "wood", *UGLY] * 30)[row] for row in range(len(frame))]
    place = tmp_path_factory.mktemp("embeddings") / "birds.model"
    injerto.train(frame.with_columns(pl.Series("site", sites)), "species", inputs="site:category", budget_seconds=2, out=place)
    return place


def test_without_options_the_column_in_short(call: Call, model: Path) -> None:
    said = call(model, "site")
    assert said.code == 0
    assert f"site: {2 + len(UGLY)} levels, 8 values each" in said.out
    assert "MISSING: empty cells" in said.out
    assert "Farthest from UNKNOWN" in said.out
    assert r"two\nlines" in said.out
    assert all(option in said.err for option in ("--neighbours VALUE", "--out FILE", "--plot FILE.html"))


def test_json_is_what_python_says(call: Call, model: Path) -> None:
    found = injerto.load(model).embeddings("site")
    assert json.loads(call(model, "site", "--top", 3, "--json").out) == found.to_json(3)
    for value in ("pond", *UGLY):
        told = json.loads(call(model, "site", "--neighbours", value, "--top", 4, "--json").out)
        assert told == {**found.to_json(4), "neighbours": json.loads(json.dumps(found.nearest(value, 4).to_json()))}
        assert len(told["neighbours"]["nearest"]) == 4
    assert json.loads(call(model, "site", "--neighbours", "", "--json").out)["neighbours"]["level"] is None


def test_neighbours_are_listed_and_rare_levels_say_so(call: Call, model: Path) -> None:
    said = call(model, "site", "--neighbours", " pond ", "--top", 2)
    near = injerto.load(model).embeddings("site").nearest("pond", 2)
    assert said.code == 0
    assert "Nearest to 'pond'" in said.out
    assert all(f"{one.distance:.3g}" in said.out for one in near.nearest)
    assert f"Note: 'pond' leans {near.leans_on_unknown:.0%} on UNKNOWN" in said.err
    assert "Note: an empty cell leans" in call(model, "site", "--neighbours", "").err


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_the_matrix_as_a_table(call: Call, model: Path, tmp_path: Path, suffix: str) -> None:
    place = tmp_path / f"site{suffix}"
    said = call(model, "site", "--out", place)
    assert (said.code, said.out) == (0, "")
    assert f"{4 + len(UGLY)} rows of 8 values written to" in said.err
    read = pl.read_parquet(place) if suffix == ".parquet" else pl.read_csv(place, separator="\t" if suffix == ".tsv" else ",")
    expected = injerto.load(model).embeddings("site").frame()
    assert read.columns == ["kind", "level", "count", *[f"v{place}" for place in range(8)]]
    assert read.cast(dict(expected.schema)).equals(expected)


def test_the_map_is_what_python_draws(call: Call, model: Path, tmp_path: Path) -> None:
    place = tmp_path / "site.html"
    said = call(model, "site", "--plot", place, "--json")
    assert said.code == 0
    assert json.loads(said.out)["plot"] == str(place)
    assert place.read_text(encoding="utf-8") == injerto.load(model).embeddings_page("site")
    assert "<script>alert" not in place.read_text(encoding="utf-8")


@pytest.mark.parametrize(("option", "name"), [("--out", "site.csv"), ("--plot", "site.html")])
def test_a_file_that_is_there_is_kept_unless_forced(call: Call, model: Path, tmp_path: Path, option: str, name: str) -> None:
    place = tmp_path / name
    place.write_text("years of work")
    said = call(model, "site", option, place)
    assert said.code == 1
    assert "exists already" in said.err
    assert place.read_text() == "years of work"
    assert call(model, "site", option, place, "--force").code == 0
    assert place.read_text(encoding="utf-8") != "years of work"


@pytest.mark.parametrize(("option", "name"), [("--out", "site.xls"), ("--plot", "site.png")])
def test_a_wrong_ending_is_an_error_before_the_work(call: Call, tmp_path: Path, option: str, name: str) -> None:
    said = call(tmp_path / "no.model", "site", option, tmp_path / name)
    assert said.code == 1
    assert "Use one of: " in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mass_g"], "'mass_g' is a column of kind number in this model"),
        (["species"], "'species' is what this model predicts"),
        (["siet"], "Did you mean 'site'? Its category columns: 'hour', 'site'."),
        (["site", "--neighbours", "pnod"], "'pnod' is not among the 8 levels of 'site'"),
        (["site", "--neighbours", "pnod"], "Did you mean 'pond'?"),
    ],
)
def test_mistakes_are_one_message(call: Call, model: Path, tmp_path: Path, words: list[str], message: str) -> None:
    said = call(model, *words, "--out", tmp_path / "a.csv")
    assert (said.code, said.out) == (1, "")
    assert message in said.err
    assert not (tmp_path / "a.csv").exists()


def test_top_is_at_least_one(call: Call, model: Path) -> None:
    assert call(model, "site", "--top", 0).code == 2

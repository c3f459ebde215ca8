"""One row explained through Python and the command line: every kind of column and target, points, individuals, refusals."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

import injerto as package
from injerto.artifact.artifact import Artifact
from injerto.errors import ColumnError, ExplanationError
from injerto.examples import served_examples
from injerto.explain.asked import ASKED
from injerto.explain.explain import explain
from injerto.explain.individuals import matching
from injerto.explain.points import shares_of
from injerto.features import FEATURES
from injerto.heads import HEADS
from injerto.learning.gallery_of import gallery_of
from injerto.learning.seen import seen
from injerto.model import Model
from injerto.network import PHOTO
from injerto.photos import photos_of
from injerto.progress import Silent
from injerto.schema.schema import Schema
from injerto.table.span import span_of
from injerto.table.split import Rows
from injerto.table.table import Table
from made_animals import animals
from made_everything import INPUTS, TARGETS, everything, model_of
from made_individuals import TARGET, Made, made
from said import Call, caller
from small import birds, birds_schema
from test_point_network import faces, network


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return everything(tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="module")
def whole(table: Table) -> Artifact:
    """All kinds of columns, all kinds of heads."""
    return model_of(table, list(INPUTS), list(TARGETS))


@pytest.fixture(scope="module")
def bird_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("birds")
    birds(160).write_csv(place / "birds.csv")
    birds(30, seed=5).write_csv(place / "new.csv")
    package.train(place / "birds.csv", schema=birds_schema(epochs=3), out=place / "birds.model")
    return place


@pytest.fixture
def injerto(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "explain")


def test_every_kind_of_column_and_of_head_has_its_explanation(whole: Artifact, table: Table) -> None:
    assert set(INPUTS.values()) == set(FEATURES)
    assert set(ASKED) == set(HEADS)
    found = explain(whole, table, 3)
    assert {one.kind for one in found.answers} == set(HEADS)
    for one, told in zip(found.answers, found.contributions, strict=True):
        assert one.target == told.asked.head.name
        assert set(told.columns) == set(INPUTS)
        assert told.found.exact
        np.testing.assert_allclose(told.found.values.sum(), told.found.answer - told.found.usual, atol=1e-6)
        assert (np.abs(told.found.values) > 0).all()
    assert {(one.column, one.asked) for one in found.files} >= {("photo", "age"), ("call", "age")}
    assert all(np.isfinite(layer.values).all() for one in found.files for layer in one.layers)
    assert found.familiar is not None
    assert set(found.familiar.columns) == set(INPUTS)


def test_what_is_shared_out_is_the_answer_itself(whole: Artifact, table: Table) -> None:
    """The same as `predict` gives, so that nobody explains another answer."""
    found = explain(whole, table, 5)
    answers = Model(whole).predict(table).answers.row(5, named=True)
    by_target = {one.asked.head.name: one for one in found.contributions}
    choice = by_target["species"].asked.choice
    assert choice == answers["species"]
    assert by_target["species"].found.answer == pytest.approx(answers[f"species_probability_{choice}"], abs=1e-5)
    assert by_target["age"].found.answer == pytest.approx(answers["age"], rel=1e-5)


def test_a_number_of_a_linear_head_gets_weight_times_distance(table: Table) -> None:
    """Photo and sound through vectors alone are linear in each: by hand from the head's weights."""
    artifact = model_of(table, ["photo", "call"], ["age"])
    found = explain(artifact, table, 0).contributions[0]
    network, head = artifact.network, artifact.network.targets["age"]
    examples, _ = served_examples(network, table, cache=None, progress=Silent())
    weight, start = head.convolve.weight[0, :, 0, 0].detach() * head.std_, 0
    others = torch.arange(1, len(table))
    for name, (key, embedder) in zip(("photo", "call"), network.media.items(), strict=True):
        given = examples.vectors[key]
        scaled = (given[0] - given[others].mean(dim=0)) / embedder.scale
        by_hand = float(weight[start : start + embedder.width] @ scaled)
        assert found.found.values[found.columns.index(name)] == pytest.approx(by_hand, rel=1e-3, abs=1e-3)
        start += embedder.width


def test_rows_like_it_come_from_the_table_that_is_named(table: Table) -> None:
    artifact = model_of(table, ["mass", "site", "marks"], ["species"])
    assert "--among" in explain(artifact, table, 3).nearest_words
    found = explain(artifact, table, 3, among=table)
    rows = [one.row for one in found.nearest]
    assert len(rows) == len(set(rows)) == 5
    assert 3 not in rows
    assert "The row itself is among them and does not count." in found.nearest_words
    likeness = [one.likeness for one in found.nearest]
    assert likeness == sorted(likeness, reverse=True)
    assert found.nearest[0].cells[0] == ("species", table.frame["species"][rows[0]])
    copied = Table.of(pl.concat([table.frame, table.frame[3:4].with_columns(mass=pl.col("mass") + 1e-9)]), folder=table.folder)
    again = explain(artifact, table, 3, among=copied)
    assert again.nearest[0].row == len(table)
    assert again.nearest[0].likeness == pytest.approx(1, abs=1e-4)


def test_an_empty_cell_has_no_map_and_still_contributes(table: Table) -> None:
    whole = model_of(table, ["photo", "call", "mass"], ["age"])
    photos = table.frame["photo"].to_list()
    photos[2] = None
    emptied = Table.of(table.frame.with_columns(photo=pl.Series(photos)), folder=table.folder)
    found = explain(whole, emptied, 2)
    assert {one.column for one in found.files} == {"call"}
    assert "photo" in found.contributions[0].columns


def test_where_no_rows_can_stand_in_nothing_is_shared_out(table: Table) -> None:
    artifact = model_of(table, ["photo", "mass"], ["age"])
    (kept,) = explain(artifact, table.take(np.arange(4)), 1).contributions
    assert "it keeps the directions of vectors" in kept.background
    artifact.reference = None
    found = explain(artifact, table.take(np.arange(4)), 1)
    assert found.contributions == []
    assert any("at least 10 other rows" in note for note in found.notes)


def test_clips_of_one_recording_are_told_apart(table: Table) -> None:
    """A neighbour is heard from where its clip starts, and not from where its recording does."""
    frame = table.frame.with_columns(call=pl.lit("3.wav"), start=pl.Series([row / 100 for row in range(len(table))]))
    clips = Table.of(frame.with_columns(end=pl.col("start") + 0.5), folder=table.folder)
    artifact = model_of(clips, ["call"], ["age"], times=("start", "end"))
    found = explain(artifact, clips, 3, among=clips)
    assert ("start", "0.03") in found.cells
    for one in found.nearest:
        assert one.row is not None
        assert dict(one.cells)["start"] == f"{one.row / 100:.4g}"
        ((kind, cell),) = one.files
        assert kind == "sound"
        span = span_of(cell)
        assert span is not None
        assert (span.start_s, span.end_s) == pytest.approx((one.row / 100, one.row / 100 + 0.5))


def test_the_page_holds_all_of_it_and_escapes_what_the_user_wrote(table: Table) -> None:
    frame = table.frame.with_columns(site=pl.lit("<script>alert(1)</script>"))
    odd = Table.of(frame, folder=table.folder)
    artifact = model_of(odd, ["photo", "call", "mass", "site"], ["species"])
    model = Model(artifact)
    page = model.explain_page(model.explain(odd, 1, among=odd), model="<b>birds</b>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>birds" not in page
    assert page.count("data:image/png") >= 5
    assert "data:audio/mpeg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    for words in ("Where it looked", "Grad-CAM", "kHz", "What each column did", "Rows like it", "Without the 20 % of places"):
        assert words in page


def test_points_have_a_map_each(tmp_path: Path) -> None:
    table = faces(tmp_path)
    found = explain(_of_points(table), table, 1)
    (seen,) = found.files
    assert [layer.title for layer in seen.layers] == ["left", "right", "nose"]
    assert all(layer.values.sum() == pytest.approx(1, abs=1e-4) for layer in seen.layers)
    assert "data:image/png" in Model(_of_points(table)).explain_page(found)


def test_a_plain_regression_of_points_has_none_and_says_so(tmp_path: Path) -> None:
    table = faces(tmp_path)
    found = explain(_of_points(table, "regression"), table, 1)
    assert found.files == []
    assert "has no map of where it may be" in found.notes[0]


def test_shares_of_places_have_their_middle_where_the_network_says() -> None:
    logits = torch.randn(2, 9, generator=torch.Generator().manual_seed(0))
    shares, at = shares_of(logits), torch.arange(9.0)
    torch.testing.assert_close(shares.sum(dim=0) @ at, logits[0].softmax(dim=0) @ at)
    torch.testing.assert_close(shares.sum(dim=1) @ at, logits[1].softmax(dim=0) @ at)


def _of_points(table: Table, head: str = "heatmap") -> Artifact:
    net = network(table, head=head)  # type: ignore[arg-type]
    schema = Schema(inputs={"photo": package.Input(kind="image")}, targets={"keypoints": net.head.options})
    rows = np.arange(len(table))
    return Artifact(schema, net, Rows(rows, rows[:0], rows[:0], "made up"))


@pytest.mark.parametrize("detail", ["fine", "loose"])
def test_individuals_have_look_alikes_a_map_and_matching_places(tmp_path: Path, detail: str) -> None:
    herd = made(tmp_path, detail=detail)  # type: ignore[arg-type]
    artifact = _of_individuals(herd)
    found = explain(artifact, herd.table, 0)
    assert found.nearest[0].cells[0][0] == "animal"
    assert found.nearest[0].jpeg is not None
    (seen,) = found.files
    assert [layer.title for layer in seen.layers] == ["Grad-CAM"] + ["Place by place"] * (detail == "loose")
    assert found.matches is not None
    assert bool(found.matches.pairs) == (detail == "loose")
    if detail == "loose":
        adds = [pair.adds for pair in found.matches.pairs]
        assert adds == sorted(adds, reverse=True)
        assert float(seen.layers[1].values.sum()) <= 0.5 + 1e-4
    page = Model(artifact).explain_page(found)
    assert ("What matches what" in page) == (detail == "loose")


def test_a_photo_of_the_second_flank_is_shown_as_it_was_taken(tmp_path: Path) -> None:
    columns = animals(tmp_path, individuals=3, each=4)
    columns["flank"] = ["left", "left", "right", "right"] * 3
    columns["sighting"] = [f"day {row}" for row in range(12)]
    herd = made(tmp_path, columns, detail="loose")
    single = herd.table.take(np.array([2]))
    found = explain(_of_individuals(herd), herd.table, 2)
    photos = photos_of(herd.network, single, progress=Silent())
    assert photos.mirrored is not None and photos.mirrored[0]
    (seen_,) = found.files
    torch.testing.assert_close(seen_.seen, photos.picture(0))
    gallery = herd.network.head.gallery
    row = gallery.photos["photo"].to_list().index(dict(found.nearest[0].cells)["photo"])
    assert gallery.photos["flank"][row] == "right"
    with torch.no_grad():
        vector = herd.network.marks(herd.network.trunk(photos.batch(torch.tensor([0])).raw[PHOTO]))[0]
    adds, pairs = matching(herd.network.marks.likeness, vector, gallery.vectors[row])
    np.testing.assert_allclose(seen_.layers[1].values, adds.flip(1), atol=1e-4)
    assert found.matches is not None
    for told, raw in zip(found.matches.pairs, pairs, strict=True):
        assert told.here[0] + raw.here[0] == pytest.approx(1)
        assert told.there[0] + raw.there[0] == pytest.approx(1)


def test_an_empty_gallery_is_said(tmp_path: Path) -> None:
    herd = made(tmp_path)
    artifact = _of_individuals(herd, filled=False)
    found = explain(artifact, herd.table, 0)
    assert found.files == []
    assert "no photo in the gallery" in found.notes[-1]


def _of_individuals(herd: Made, *, filled: bool = True) -> Artifact:
    schema = Schema(inputs={"photo": package.Input(kind="image")}, targets={"animal": TARGET})
    rows = np.arange(len(herd.table))
    artifact = Artifact(schema, herd.network, Rows(rows, rows[:0], rows[:0], "made up"))
    every = torch.arange(len(herd.table) if filled else 0)
    vectors = seen(herd.network, herd.photos, every, Silent())["animal"]
    artifact.gallery = gallery_of(herd.network, herd.table.take(every.numpy()), herd.photos, every, vectors).gallery
    return artifact


@pytest.mark.parametrize("row", [-1, 30, 999])
def test_a_row_beyond_the_table_is_refused(bird_model: Path, row: int) -> None:
    with pytest.raises(ExplanationError, match=rf"There is no row {row}: the table 'new' has 30 rows.*from 0 to 29"):
        package.load(bird_model / "birds.model").explain(bird_model / "new.csv", row)


def test_a_file_that_cannot_be_read_is_named(whole: Artifact, table: Table, tmp_path: Path) -> None:
    photos = table.frame["photo"].to_list()
    photos[1] = "gone.png"
    broken = Table.of(table.frame.with_columns(photo=pl.Series(photos)), folder=table.folder)
    with pytest.raises(ExplanationError, match=r"Row 1 cannot be answered, and so not explained: photo: gone\.png: "):
        explain(whole, broken, 1)


def test_a_missing_column_is_named(bird_model: Path) -> None:
    with pytest.raises(ColumnError, match="mass_g"):
        package.load(bird_model / "birds.model").explain({"hour": ["day"], "seen": ["2024-01-01"]}, 0)


def test_a_row_that_taught_the_model_is_said_to_have(bird_model: Path) -> None:
    model = package.load(bird_model / "birds.model")
    taught, tests = int(model.artifact.rows.train[0]), int(model.artifact.rows.test[0])
    assert "among those that taught it" in " ".join(model.explain(bird_model / "birds.csv", taught).notes)
    assert model.explain(bird_model / "birds.csv", tests).notes == []


def test_rows_the_model_keeps_stand_in_without_a_table(bird_model: Path) -> None:
    found = package.load(bird_model / "birds.model").explain(bird_model / "new.csv", 2)
    (told,) = found.contributions
    assert told.background == "rows that taught the model, which it keeps"
    assert told.found.background == 100
    assert told.found.values.sum() == pytest.approx(told.found.answer - told.found.usual)


def test_the_command_says_what_python_says(bird_model: Path, injerto: Call, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    place, asked = bird_model / "birds.model", bird_model / "new.csv"
    said = injerto(place, asked, "--row", 2, "--among", bird_model / "birds.csv", "--out", page, "--json")
    assert said.code == 0
    found = package.load(place).explain(asked, 2, among=bird_model / "birds.csv")
    told = json.loads(said.out)
    assert told == json.loads(json.dumps(found.to_json()))
    assert set(told["contributions"]["species"]["columns"]) == {"mass_g", "hour", "seen"}
    assert "Row 2 of new" in page.read_text(encoding="utf-8")
    plain = injerto(place, asked, "--row", 2)
    assert plain.out.startswith(f"species: {found.answers[0].words}")
    assert re.search(r"mass_g\s+│\s+[\d.]+\s+│\s+[+-]", plain.out)


def test_the_command_refuses_before_it_works(bird_model: Path, injerto: Call, tmp_path: Path) -> None:
    place, asked = bird_model / "birds.model", bird_model / "new.csv"
    page = tmp_path / "why.html"
    page.write_text("mine")
    assert "exists already" in injerto(place, asked, "--row", 0, "--out", page).err
    assert page.read_text() == "mine"
    assert "ends in '.pdf'" in injerto(place, asked, "--row", 0, "--out", tmp_path / "why.pdf").err
    beyond = injerto(place, asked, "--row", 30)
    assert (beyond.code, "There is no row 30" in beyond.err) == (1, True)
    assert injerto(place, asked).code == 2
    assert injerto(place, asked, "--row", 0, "--max-error", 2).code == 2


def test_a_notebook_shows_it(table: Table) -> None:
    found = dataclasses.replace(explain(model_of(table, ["mass", "site"], ["age"]), table, 0), table="<i>x</i>")
    shown = found._repr_html_()
    assert "<i>x" not in shown
    assert "<th>contribution</th>" in shown
    assert "mass" in shown
    assert repr(found).startswith("Row 0 of <i>x</i>")


def test_the_page_is_in_the_language_of_the_model_or_the_one_that_is_asked_for(
    injerto: Call, bird_model: Path, tmp_path: Path
) -> None:
    words = [str(bird_model / "birds.model"), str(bird_model / "new.csv"), "--row", "1", "--out"]
    injerto(*words, str(tmp_path / "es.html"), "--lang", "es")
    spanish = (tmp_path / "es.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in spanish
    assert "Qué hizo cada columna" in spanish
    assert '<span lang="en">' not in spanish
    injerto(*words, str(tmp_path / "en.html"))
    assert '<html lang="en">' in (tmp_path / "en.html").read_text(encoding="utf-8")
    model = package.load(bird_model / "birds.model")
    model.artifact.facts["language"] = "es"
    assert '<html lang="es">' in model.explain_page(model.explain(bird_model / "new.csv", 1))


def test_a_language_that_is_not_known_is_refused_in_plain_words(injerto: Call, bird_model: Path) -> None:
    told = injerto(str(bird_model / "birds.model"), str(bird_model / "new.csv"), "--row", "1", "--lang", "fr")
    assert "'fr' is not one of" in told.err
    assert "Value error" not in told.err

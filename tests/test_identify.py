"""Who is on a photo: a network that was started but not trained, a gallery, and what is said of photos that it never saw."""

import json
import math
from copy import deepcopy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

import injerto as package
from injerto.artifact.artifact import Artifact
from injerto.enlarge import enlarge
from injerto.errors import ColumnError, GalleryError
from injerto.features.whole_photo import WholePhotoFeature
from injerto.gallery.gallery import Gallery
from injerto.heads.decision import Decision
from injerto.heads.individual_column import asked_in
from injerto.identified import LOOKALIKES, Alike, Identified, percents
from injerto.identify import identify
from injerto.individual_network import IndividualNetwork
from injerto.learning.gallery_of import gallery_of
from injerto.learning.seen import seen
from injerto.learning.start_marks import start_marks
from injerto.model import Model
from injerto.photos import Photos, photos_of
from injerto.progress import Silent
from injerto.schema.schema import Input, Schema
from injerto.table.split import Rows
from made_animals import Columns, animals
from made_individuals import TARGET, Made, made
from said import Call, caller
from small import birds

INDIVIDUALS, EACH = 4, 6
KNOWN = 4
"""Photos of each that are in the gallery: two sightings. The third sighting is asked for."""


def decision() -> Decision:
    """One that has seen the like: who it is scores above 0.5, others about 0."""
    generator = torch.Generator().manual_seed(0)
    scores = 0.1 * torch.randn(120, INDIVIDUALS, generator=generator)
    truth = torch.arange(120) % (2 * INDIVIDUALS)
    truth[truth >= INDIVIDUALS] = -1
    known = truth >= 0
    scores[known, truth[known]] += 0.6
    return Decision().fit(scores, truth, torch.arange(120))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("herd")


@pytest.fixture(scope="module")
def columns(folder: Path) -> Columns:
    found = animals(folder, INDIVIDUALS, EACH)
    del found["size"]
    return found


@pytest.fixture(scope="module")
def herd(folder: Path, columns: Columns) -> Made:
    herd = made(folder, columns)
    rows = torch.tensor([row for row in range(INDIVIDUALS * EACH) if row % EACH < KNOWN])
    start_marks(herd.network, herd.photos, rows, 0, Silent())
    vectors = seen(herd.network, herd.photos, rows, Silent())["animal"]
    herd.network.head.decision = decision()
    herd.network.head.gallery = gallery_of(herd.network, herd.table.take(rows.numpy()), herd.photos, rows, vectors).gallery
    return herd


@pytest.fixture(scope="module")
def artifact(herd: Made) -> Artifact:
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"animal": TARGET})
    every = np.arange(INDIVIDUALS * EACH)
    artifact = Artifact(schema, herd.network, Rows(every[:16], every[16:20], every[20:], "By hand."))
    artifact.gallery = herd.network.head.gallery
    return artifact


@pytest.fixture(scope="module")
def model(artifact: Artifact, folder: Path) -> Path:
    return Model(artifact).save(folder / "animals.model")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    return caller(capsys, monkeypatch, "identify")


def asked(columns: Columns, *rows: int, without: tuple[str, ...] = ()) -> Columns:
    return {name: [cells[row] for row in rows] for name, cells in columns.items() if name not in without}


def test_photos_never_seen_are_known(artifact: Artifact, columns: Columns, folder: Path) -> None:
    rows = [row for row in range(INDIVIDUALS * EACH) if row % EACH >= KNOWN]
    given = asked(columns, *rows, without=("sighting", "animal"))
    found = identify(artifact, package.Table.of(given, folder=folder))
    assert [one.photos for one in found.found] == [1] * len(rows)
    names = [columns["animal"][row] for row in rows]
    assert np.mean([one.lookalikes[0].name == name for one, name in zip(found.found, names, strict=True)]) > 0.7
    assert {one.title for one in found.found} == set(given["photo"])
    for one in found.found:
        assert one.new + sum(alike.probability for alike in one.lookalikes) == pytest.approx(1)
        assert [alike.probability for alike in one.lookalikes] == sorted((a.probability for a in one.lookalikes), reverse=True)
        assert len(one.lookalikes) == min(LOOKALIKES, INDIVIDUALS)
        assert all(alike.photo.startswith(alike.name[-2:]) and alike.picture for alike in one.lookalikes)


def test_photos_of_one_sighting_are_decided_together(artifact: Artifact, columns: Columns, folder: Path) -> None:
    table = package.Table.of(asked(columns, 4, 10, 5, 11, without=("animal",)), folder=folder)
    found = identify(artifact, table)
    assert [one.title for one in found.found] == ["00 day 2", "01 day 2"]
    assert [list(one.rows) for one in found.found] == [[0, 2], [1, 3]]
    frame = found.frame()
    assert frame["row"].to_list() == [0, 1, 2, 3]
    assert frame["decided_with"].to_list() == [2] * 4
    assert frame["probability"][0] == frame["probability"][2]
    head = artifact.network.targets["animal"]
    vectors = seen(artifact.network, made_photos(artifact, table), torch.tensor([0, 2]), Silent())["animal"]
    scores = head.gallery.scores(vectors, asked_in(head.column(table)).take(np.array([0, 2])))
    wanted = head.decision.probabilities(scores.mean(dim=0, keepdim=True))[0]
    assert found.found[0].new == pytest.approx(wanted[-1].item(), abs=1e-6)


def made_photos(artifact: Artifact, table: package.Table) -> Photos:
    return photos_of(artifact.network, table, progress=Silent())


def test_photos_without_a_sighting_stand_alone(artifact: Artifact, columns: Columns, folder: Path) -> None:
    given = asked(columns, 4, 5, 10) | {"sighting": [None, " ", "x"]}
    assert [one.photos for one in identify(artifact, package.Table.of(given, folder=folder)).found] == [1, 1, 1]


def test_the_same_photo_in_gallery_and_query_is_not_compared(artifact: Artifact, columns: Columns, folder: Path) -> None:
    one = identify(artifact, package.Table.of(asked(columns, 0, without=("sighting",)), folder=folder)).found[0]
    assert one.left_out == "1 photo of the gallery was not compared: the same photo, or of the same sighting."
    assert one.lookalikes[0].similarity < 0.999
    assert "00-0.png" not in [alike.photo for alike in one.lookalikes]
    whole = identify(artifact, package.Table.of(asked(columns, 0, 1), folder=folder)).found[0]
    assert whole.left_out == "2 photos of the gallery were not compared: the same photo, or of the same sighting."
    copy = folder / "copy.png"
    copy.write_bytes((folder / "00-0.png").read_bytes())
    again = identify(artifact, package.Table.of({"photo": ["copy.png"]}, folder=folder)).found[0]
    assert [alike.photo for alike in again.lookalikes] == [alike.photo for alike in one.lookalikes]


def test_photos_of_another_side_are_not_compared(artifact: Artifact, columns: Columns, folder: Path) -> None:
    given = asked(columns, 4, without=("sighting",)) | {"flank": ["right"]}
    one = identify(artifact, package.Table.of(given, folder=folder)).found[0]
    assert list(one.lookalikes) == []
    assert one.said == "cannot tell"
    assert one.left_out == "16 photos of the gallery were not compared: another side of the animal."


def test_one_photo_of_each_is_enough_to_be_found(artifact: Artifact, columns: Columns, folder: Path) -> None:
    kept = artifact.gallery
    assert kept is not None
    try:
        artifact.gallery = kept.removed([name for name in kept.photos["photo"] if not name.endswith("-0.png")]).gallery
        assert len(artifact.gallery) == INDIVIDUALS
        table = package.Table.of(asked(columns, 4, 0, without=("sighting",)), folder=folder)
        first, itself = identify(artifact, table).found
        assert len(first.lookalikes) == INDIVIDUALS
        assert "animal 00" not in [alike.name for alike in itself.lookalikes]  # its only photo is the one that is asked for
        assert len(itself.lookalikes) == INDIVIDUALS - 1
    finally:
        artifact.gallery = kept


def test_an_empty_gallery_is_told(artifact: Artifact, columns: Columns, folder: Path) -> None:
    kept = artifact.gallery
    assert kept is not None
    try:
        artifact.gallery = Gallery.empty(kept.width, kept.made_by)
        found = identify(artifact, package.Table.of(asked(columns, 4), folder=folder))
        assert found.notes[0] == "The gallery is empty: nobody can be known. Fill it with `injerto gallery add`."
        assert found.found[0].said == "cannot tell"
        assert list(found.found[0].lookalikes) == []
    finally:
        artifact.gallery = kept


def test_a_model_that_saw_no_newcomers_says_so(artifact: Artifact, columns: Columns, folder: Path) -> None:
    head = artifact.network.targets["animal"]
    kept = head.decision
    try:
        head.decision = Decision()
        found = identify(artifact, package.Table.of(asked(columns, 4), folder=folder))
        assert found.notes == ["This model was not shown how newcomers look, and says of nobody that it is new."]
        assert found.found[0].said != "new"
    finally:
        head.decision = kept


def test_a_share_of_newcomers_changes_their_chance(artifact: Artifact, columns: Columns, folder: Path) -> None:
    table = package.Table.of(asked(columns, 4), folder=folder)
    few, half, many = (identify(artifact, table, new_share=share).found[0].new for share in (0.05, 0.5, 0.95))
    assert few < half < many
    assert half == pytest.approx(identify(artifact, table).found[0].new)
    odds = math.log(many / (1 - many)) - math.log(half / (1 - half))
    assert odds == pytest.approx(math.log(0.95 / 0.05), abs=1e-6)
    with pytest.raises(ValueError, match=r"share of new individuals is 1.5; it must lie between 0 and 1"):
        identify(artifact, table, new_share=1.5)


def test_nothing_that_can_be_read(artifact: Artifact, folder: Path) -> None:
    found = identify(artifact, package.Table.of({"photo": ["gone.png", None]}, folder=folder))
    assert found.found == []
    assert len(found.ledger) == 2
    assert "decision" in found.frame().columns
    assert len(found.frame()) == 0


def test_a_model_of_something_else() -> None:
    other = package.train(birds(60), "species", seed=3, budget_seconds=1)
    with pytest.raises(GalleryError, match=r"answers 'species' \(class\) and tells no individuals apart"):
        other.identify(birds(5))


def test_a_table_without_photos(artifact: Artifact) -> None:
    with pytest.raises(ColumnError, match="no column 'photo'"):
        identify(artifact, package.Table.of({"mass": [1.5]}))


def test_words() -> None:
    known = Identified("a", "known", 0.02, [], [alike("Luna", 0.97)])
    assert known.words == "known: Luna (97 %)"
    assert Identified("a", "new", 0.999, [], []).words == "new individual (over 99 %)"
    assert Identified("a", "cannot tell", 0.5, [], []).words == "cannot tell"
    assert percents(0.0) == "0 %"


def alike(name: str, probability: float) -> Alike:
    return Alike(name, probability, 0.5)


def test_numbers_are_names_however_they_are_written(artifact: Artifact, folder: Path) -> None:
    """A column of whole numbers with a gap is one of fractions to pandas; 7.0 is the individual 7 all the same."""
    columns = animals(folder / "numbers", individuals=2, each=2, first=70)
    given = {"photo": columns["photo"], "animal": [7.0, 7.0, 8.0, None], "sighting": [1.0, 2.0, 3.0, None]}
    change = enlarge(artifact, package.Table.of(given, folder=folder / "numbers"), individual=None, progress=Silent())
    added = change.gallery.photos.filter(pl.col("individual").is_in(["7", "8"]))
    assert added["individual"].to_list() == ["7", "7", "8"]
    assert added["sighting"].to_list() == ["1", "2", "3"]


# The command line


def test_photos_by_their_paths(call: Call, model: Path, folder: Path) -> None:
    said = call(model, folder / "00-4.png", folder / "01-4.png")
    assert said.code == 0, said.err
    assert "animal 00" in said.out
    assert "01-4.png" in said.out


def test_a_table_as_json(call: Call, model: Path, folder: Path, columns: Columns) -> None:
    pl.DataFrame(asked(columns, 4, 5, 10)).write_csv(folder / "season.csv")
    said = call(model, folder / "season.csv", "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told.keys() == {"found", "unused", "notes"}
    first = told["found"][0]
    assert first.keys() == {
        "title", "photos", "rows", "decision", "individual", "new_probability", "lookalikes", "left_out"
    }  # fmt: skip
    assert (first["title"], first["photos"], first["rows"]) == ("00 day 2", ["00-4.png", "00-5.png"], [0, 1])
    assert first["lookalikes"][0].keys() == {"name", "probability", "similarity", "photo"}
    whole = package.load(model).identify(folder / "season.csv")
    assert first["new_probability"] == pytest.approx(whole.found[0].new)


def test_a_folder_and_a_table_to_keep(call: Call, model: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("00-4.png", "02-5.png"):
        (tmp_path / "new" / name).write_bytes((folder / name).read_bytes())
    said = call(model, tmp_path / "new", "--out", tmp_path / "who.csv", "--page", tmp_path / "who.html")
    assert said.code == 0, said.err
    frame = pl.read_csv(tmp_path / "who.csv")
    assert frame["photo"].to_list() == ["00-4.png", "02-5.png"]
    assert frame.columns[:7] == ["row", "photo", "decided_with", "decision", "individual", "probability", "new_probability"]
    assert frame.columns[-3:] == ["lookalike_5", "lookalike_5_probability", "lookalike_5_photo"]
    page = (tmp_path / "who.html").read_text(encoding="utf-8")
    assert "data:image/jpeg;base64," in page
    assert "00-4.png" in page
    said = call(model, tmp_path / "new", "--out", tmp_path / "who.csv")
    assert said.code == 1
    assert "--force" in said.err
    assert call(model, tmp_path / "new", "--out", tmp_path / "who.csv", "--force").code == 0


def test_a_photo_that_is_missing_is_listed_and_the_others_are_answered(call: Call, model: Path, folder: Path) -> None:
    said = call(model, folder / "00-4.png", folder / "gone.png", "--json")
    assert said.code == 3
    assert "1 row could not be used" in said.err
    told = json.loads(said.out)
    assert [one["photos"] for one in told["found"]] == [[str(folder / "00-4.png")]]
    assert told["unused"][0]["reason"].startswith("no such file")


def test_only_a_photo_that_is_missing(call: Call, model: Path, tmp_path: Path) -> None:
    said = call(model, tmp_path / "gone.png", "--out", tmp_path / "who.csv")
    assert said.code == 3
    assert "gone.png" in said.err
    assert "no such file" in said.err
    assert pl.read_csv(tmp_path / "who.csv").columns[:2] == ["row", "photo"]


def test_a_missing_photo_for_a_model_whose_photos_are_called_otherwise(
    artifact: Artifact, call: Call, folder: Path, tmp_path: Path
) -> None:
    """What is given as photos is the photos, whatever the training table called them."""
    network = deepcopy(artifact.network)
    assert isinstance(network, IndividualNetwork)
    target = TARGET.model_copy(update={"photo": "picture"})
    schema = Schema(inputs={"picture": Input(kind="image")}, targets={"animal": target})
    network.head.options = target
    network.photo = WholePhotoFeature("picture", Input(kind="image")).suit("efficientnet_lite0", 32)
    place = Model(Artifact(schema, network, artifact.rows, gallery=artifact.gallery)).save(tmp_path / "other.model")
    said = call(place, folder / "00-4.png")
    assert said.code == 0, said.err
    said = call(place, tmp_path / "gone.png")
    assert said.code == 3, said.err
    assert "no such file" in said.err


@pytest.mark.parametrize("share", ["0", "1", "-0.2", "1.5", "nan"])
def test_a_share_out_of_range(call: Call, model: Path, folder: Path, share: str) -> None:
    said = call(model, folder / "00-4.png", "--new-share", share)
    assert said.code == 2
    assert "does not lie between 0 and 1" in said.err


def test_endings_that_are_none_and_words_that_do_not_fit(call: Call, model: Path, folder: Path, tmp_path: Path) -> None:
    said = call(model, folder / "00-4.png", "--out", tmp_path / "who.txt")
    assert said.code == 1
    assert ".csv" in said.err
    assert call(model, folder / "00-4.png", "--page", tmp_path / "who.pdf").code == 1
    said = call(model, folder / "00-4.png", folder)
    assert said.code == 2
    assert "Give several photos, or one table or folder" in said.err


def test_a_broken_photo_and_a_spelling(call: Call, model: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"I am no photo")
    Image.new("RGB", (5, 700), "grey").save(tmp_path / "thin.png")
    said = call(model, tmp_path / "broken.png", tmp_path / "thin.png")
    assert said.code == 3
    assert "broken.png" in said.err
    assert "thin.png" in said.out


def test_fewer_errors_are_said_by_stricter_limits(
    call: Call, model: Path, columns: Columns, folder: Path, tmp_path: Path
) -> None:
    trained = package.load(model)
    given = asked(columns, *range(INDIVIDUALS * EACH), without=("sighting", "animal"))
    loose, strict = (trained.identify(given, folder=folder, max_error=share) for share in (0.3, 0.06))
    assert strict.decision.limits.known_from >= loose.decision.limits.known_from
    assert (strict.decision.max_error, trained.network.head.decision.max_error) == (0.06, 0.1)
    assert "To be wrong in at most 6% of what it says" in strict.notes[-1]
    assert not any("To be wrong" in note for note in trained.identify(given, folder=folder).notes)
    both = trained.identify(given, folder=folder, max_error=0.06, new_share=0.2).decision
    assert (both.max_error, both.share) == (0.06, 0.2)
    pl.DataFrame(given).write_csv(folder / "asked.csv")
    said = call(model, folder / "asked.csv", "--max-error", "0.06", "--out", tmp_path / "who.csv")
    assert "To be wrong in at most 6% of what it says" in said.err
    frame = strict.frame()
    assert pl.read_csv(tmp_path / "who.csv")["decision"].to_list() == frame["decision"].to_list()


@pytest.mark.parametrize(
    ("share", "code", "words"),
    [
        ("1.5", 2, "1.5 does not lie between 0 and 1"),
        ("0.001", 1, "0.001 errors cannot be promised from 120 held-out rows: at least 1,641 are needed"),
    ],
)
def test_errors_that_cannot_be_promised_are_refused(
    call: Call, model: Path, folder: Path, share: str, code: int, words: str
) -> None:
    said = call(model, folder, "--max-error", share)
    assert said.code == code
    assert words in " ".join(said.err.split())

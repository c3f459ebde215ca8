"""Rows like one, from the table that the server was started with: the right ones, shown, and no other file of the server."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import soundfile
from serving import Client, close, served
from test_explaining import picture
from test_identifying import animals as animals
from test_refusals import ROW, refused

import injerto
from injerto.errors import ServeError, TableError
from injerto.explain.among import Among
from injerto.progress import Progress, SilentStep, Step
from made_ears import CLIP_SECONDS, recording, write
from small import birds


class Heard(Progress):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Step]:
        self.steps.append(name)
        yield SilentStep()


@pytest.fixture(scope="module")
def bird_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table that taught the model `birds`."""
    file = tmp_path_factory.mktemp("table") / "taught.csv"
    birds(200).write_csv(file)
    return file


@pytest.fixture(scope="module")
def tints(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table that taught the model `tint`, and a row whose photo is no photo."""
    files = sorted(photos.rglob("*.png"))
    folder = tmp_path_factory.mktemp("tints")
    (folder / "broken.png").write_bytes(b"\x89PNG no")
    table = pl.DataFrame(
        {
            "photo": [*map(str, files), "broken.png"],
            "size": [float(place % 7) for place in range(len(files))] + [1.0],
            "tint": [path.parent.name for path in files] + ["red"],
        }
    )
    table.write_csv(folder / "tints.csv")
    return folder / "tints.csv"


def test_rows_of_a_table_are_those_that_python_says(birds_model: Path, bird_table: Path):
    with served(birds_model, among=bird_table) as client:
        row = {**ROW, "mass_g": 10.5}
        told = client.rows(row, path="/explain").told
        form = client.form("/models/birds/explain", *((name, None, str(cell).encode()) for name, cell in row.items())).told
    assert told == form
    expected = injerto.load(birds_model).explain({name: [cell] for name, cell in row.items()}, 0, among=bird_table)
    close(told["nearest"], expected.to_json()["nearest"])
    assert told["nearest_words"] == "Rows of 'taught' that the model sees most like this one."
    labels = pl.read_csv(bird_table)["species"]
    assert len(told["nearest"]) == 5
    for one in told["nearest"]:
        assert one["labels"] == {"species": labels[one["row"]]}
        assert "files" not in one  # no pictures were asked for
    assert told["contributions"]["species"]["background"] == "rows of 'taught'"


@pytest.mark.parametrize("place", [0, 17, 150])
def test_a_row_next_to_one_of_the_table_has_that_one_first_and_the_row_itself_does_not_count(
    birds_model: Path, bird_table: Path, place: int
):
    own = birds(200).row(place, named=True)
    row = {"mass_g": own["mass_g"], "hour": own["hour"], "seen": str(own["seen"])}
    with served(birds_model, among=bird_table) as client:
        near = client.rows({**row, "mass_g": row["mass_g"] * (1 + 1e-6)}, path="/explain").told
        same = client.rows(row, path="/explain?language=es").told
    assert (near["nearest"][0]["row"], near["nearest"][0]["labels"]) == (place, {"species": own["species"]})
    assert near["nearest"][0]["likeness"] == pytest.approx(1, abs=1e-3)
    assert place not in [one["row"] for one in same["nearest"]]
    assert same["nearest_words"].endswith("La propia fila está entre ellas y no cuenta.")


def test_photos_like_one_come_as_pictures_with_their_labels(mixed: Path, photos: Path, tints: Path):
    heard = Heard()
    table = pl.read_csv(tints)
    with served(mixed, among=tints, progress=heard) as client:
        content = (photos / "green" / "03.png").read_bytes()
        own = [name.endswith("green/03.png") for name in table["photo"]].index(True)
        size = str(table["size"][own] + 0.001).encode()
        told = client.form("/explain?pictures=true", ("photo", "mine.png", content), ("size", None, size)).told
        in_json = client.rows({"photo": b64encode(content).decode(), "size": float(size)}, path="/explain?pictures=true").told
        exact = client.form("/explain", ("photo", "x", content), ("size", None, str(table["size"][own]).encode())).told
    assert in_json == told
    first = told["nearest"][0]
    assert (first["row"], first["labels"]) == (own, {"tint": "green"})
    assert first["likeness"] == pytest.approx(1, abs=1e-3)
    assert first["cells"]["photo"] == "03.png"  # its name, and not where on the server it lies
    for one in told["nearest"]:
        (file,) = one["files"]
        shown = picture(file["picture"]).convert("RGB")
        assert max(shown.size) <= 160
        mean = np.asarray(shown).mean(axis=(0, 1))
        assert ("red" if mean[0] > mean[1] else "green") == one["labels"]["tint"] == table["tint"][one["row"]]
        assert (file["kind"], file["sound"]) == ("image", None)
    assert own not in [one["row"] for one in exact["nearest"]]  # sent as bytes, it is known for the row that it is
    assert "The row itself is among them and does not count." in exact["nearest_words"]
    assert any("looking at photo" in step for step in heard.steps)
    assert "1 row could not be used (rows count from 0):" in heard.said
    assert any(line.startswith("  row 16, photo: broken.png: ") for line in heard.said)
    assert heard.said[-1] == "tint shows rows like one from 16 of the 17 rows of 'tints'."


def test_sounds_like_one_come_with_a_player(ears: Path, tmp_path: Path):
    clips = ears.parent / "clips"
    names = [f"{label}{place:02d}.wav" for label in ("low", "high") for place in range(4)]
    pl.DataFrame({"file": names, "label": [name[:-6] for name in names]}).write_csv(clips / "some.csv")
    file = write(tmp_path / "call.wav", recording(CLIP_SECONDS, [(0.0, CLIP_SECONDS, "high")], seed=77))
    with served(ears, among=clips / "some.csv") as client:
        told = client.form("/explain?pictures=true", ("file", "x.wav", file.read_bytes())).told
        own = client.form("/explain", ("file", "x.wav", (clips / "low02.wav").read_bytes())).told
    assert [one["labels"]["label"] for one in told["nearest"]][:4] == ["high"] * 4
    for one in told["nearest"]:
        assert one["cells"]["file"] == names[one["row"]]
        (shown,) = one["files"]
        assert picture(shown["picture"]).format == "PNG"
        head, _, sound = shown["sound"].partition(",")
        assert head == "data:audio/mpeg;base64"
        (tmp_path / "shown.mp3").write_bytes(b64decode(sound))
        assert soundfile.info(tmp_path / "shown.mp3").duration == pytest.approx(CLIP_SECONDS, abs=0.1)
    assert [one["labels"]["label"] for one in own["nearest"]][:3] == ["low"] * 3
    assert names.index("low02.wav") not in [one["row"] for one in own["nearest"]]


def test_a_file_that_has_gone_since_leaves_its_row_without_a_picture(mixed: Path, photos: Path, tmp_path: Path):
    (tmp_path / "gone.png").write_bytes((photos / "red" / "00.png").read_bytes())
    pl.DataFrame({"photo": ["gone.png"], "size": [1.0], "tint": ["red"]}).write_csv(tmp_path / "one.csv")
    with served(mixed, among=tmp_path / "one.csv") as client:
        (tmp_path / "gone.png").unlink()
        sent = ("photo", "x", (photos / "red" / "01.png").read_bytes()), ("size", None, b"3")
        told = client.form("/explain?pictures=true", *sent).told
    assert [(one["row"], one["files"]) for one in told["nearest"]] == [(0, [])]


OPENED: list[list[str]] = []


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and OPENED and isinstance(args[0], str | bytes | Path):
        OPENED[-1].append(str(args[0]))


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """All files that this process opens meanwhile, its own modules aside."""
    if not OPENED:
        sys.addaudithook(_hear)  # it stays for good, and writes to nobody's list afterwards
    mine: list[str] = []
    OPENED.append(mine)
    yield mine
    OPENED.append([])
    mine[:] = [name for name in mine if not name.startswith((sys.prefix, sys.base_prefix)) and "/src/injerto/" not in name]


def test_no_request_opens_a_file_that_the_table_does_not_name(mixed: Path, photos: Path, tints: Path, tmp_path: Path):
    secret = tmp_path / "secret.png"
    secret.write_bytes((photos / "red" / "02.png").read_bytes())
    content = b64encode((photos / "red" / "03.png").read_bytes()).decode()
    row = {"photo": content, "size": 2}
    with served(mixed, among=tints) as client:
        client.rows(row, path="/explain?pictures=true")  # what is loaded once is loaded
        with opened_files() as opened:
            sly = {"row": 3, "among": str(secret), "file": str(secret), "nearest": [str(secret)]}
            asked = [client.rows({**row, **more}, path="/explain?pictures=true") for more in ({}, sly)]
            for text in (str(secret), str(photos / "red" / "02.png"), "broken.png", f"file://{secret}", "tints.csv"):
                refused(client.rows({**row, "photo": text}, path="/explain?pictures=true"), 422, "photo: not")
                parts = ("photo", None, text.encode()), ("size", None, b"2")
                refused(client.form("/explain?pictures=true", *parts), 422, "photo: not")
            for query in (f"among={secret}", "row=3", "nearest=3", "files=true"):
                refused(client.rows(row, path=f"/explain?{query}"), 400, "is no option of this address")
    shown = {pl.read_csv(tints)["photo"][one["row"]] for one in asked[0].told["nearest"]}
    assert set(opened) == shown
    assert [reply.status for reply in asked] == [200, 200]
    for reply in asked:
        assert reply.told["nearest"] == asked[0].told["nearest"]  # row numbers come from the server alone
        assert str(photos) not in reply.body.decode()


def test_of_a_folder_those_models_show_rows_that_find_their_columns(
    birds_model: Path, mixed: Path, animals: Path, bird_table: Path, photos: Path, tmp_path: Path
):
    for name, model in {"birds": birds_model, "tint": mixed, "animals": animals}.items():
        (tmp_path / name).symlink_to(model)
    heard = Heard()
    with served(tmp_path, among=bird_table, progress=heard) as client:
        near = client.rows(ROW, path="/models/birds/explain").told
        sent = ("photo", "x", (photos / "red" / "01.png").read_bytes()), ("size", None, b"2")
        other = client.form("/models/tint/explain", *sent).told
        photo = (animals.parent / "photos" / "00-2.png").read_bytes()
        gallery = client.form("/models/animals/explain?pictures=true", ("photo", "x", photo)).told
    assert len(near["nearest"]) == 5
    assert other["nearest"] == []
    assert "--among" in other["nearest_words"]
    assert {one["row"] for one in gallery["nearest"]} == {None}
    assert gallery["nearest"][0]["labels"].keys() == {"animal"}
    said = "\n".join(heard.said)
    assert "birds shows rows like one from 200 of the 200 rows of 'taught'." in said
    assert "tint shows no rows of 'taught': The table 'taught' lacks 2 column(s) this model reads:" in said
    assert "animals shows no rows of 'taught': only models that answer from vectors" in said


def test_a_table_without_labels_is_shown_without(birds_model: Path, tmp_path: Path):
    birds(30).drop("species").write_csv(tmp_path / "plain.csv")
    heard = Heard()
    with served(birds_model, among=tmp_path / "plain.csv", progress=heard) as client:
        told = client.rows(ROW, path="/explain").told
    assert [one["labels"] for one in told["nearest"]] == [{}] * 5
    assert heard.said == [
        "birds shows rows like one from 30 of the 30 rows of 'plain', without species, which it does not have."
    ]


def test_the_table_is_encoded_once(birds_model: Path, bird_table: Path, monkeypatch: pytest.MonkeyPatch):
    encoded: list[str] = []
    of = Among.of.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Among], artifact: Any, table: Any, **options: Any) -> Among:
        encoded.append(table.name)
        return of(cls, artifact, table, **options)

    monkeypatch.setattr(Among, "of", classmethod(counted))
    with served(birds_model, among=bird_table) as client:
        for _ in range(3):
            assert client.rows(ROW, path="/explain").status == 200
    assert encoded == ["taught"]


def test_what_cannot_be_shown_is_said_before_anything_is_served(
    birds_model: Path, mixed: Path, animals: Path, bird_table: Path, tmp_path: Path
):
    def start(model: Path, among: object) -> None:
        injerto.serve(model, port=0, among=among, ready=lambda running: running.stop())

    with pytest.raises(TableError, match=r"There is no table .*tought\.csv\. Did you mean 'taught\.csv'\?"):
        start(birds_model, bird_table.with_name("tought.csv"))
    with pytest.raises(
        ServeError, match=r"(?s)No row of 'table'.*birds: .*lacks 1 column.*'hour' Did you mean 'hours'.*--among"
    ):
        start(birds_model, {"mass_g": [1.0], "hours": ["day"], "seen": ["2024-01-01"]})
    with pytest.raises(ServeError, match=r"birds: Column 'mass_g' is a number in this model, but the table holds List"):
        start(birds_model, {"mass_g": [[1.0, 2.0]], "hour": ["day"], "seen": ["2024-01-01"]})
    with pytest.raises(ServeError, match="animals: only models that answer from vectors and table columns"):
        start(animals, bird_table)
    with pytest.raises(ServeError, match="tint: none of its 1 rows can be used"):
        start(mixed, {"photo": [str(tmp_path / "none.png")], "size": [1.0]})


def test_an_explanation_is_as_it_is_described(mixed: Path, photos: Path, tints: Path):
    with served(mixed, among=tints) as client:
        document = client.get("/openapi.json").told
        sent = ("photo", "x", (photos / "red" / "01.png").read_bytes()), ("size", None, b"2")
        told = client.form("/explain?pictures=true", *sent).told
    shape = document["paths"]["/explain"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(told) == set(shape["required"])
    near = shape["properties"]["nearest"]["items"]
    assert set(told["nearest"][0]) == set(near["properties"])
    assert set(told["nearest"][0]["files"][0]) == set(near["properties"]["files"]["items"]["required"])


@pytest.mark.slow
def test_the_command_line_says_what_it_does_before_it_is_ready(mixed: Path, tints: Path, tmp_path: Path):
    command = [sys.executable, "-m", "injerto", "serve", str(mixed), "--port", "0", "--among", str(tints)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stderr is not None
        said: list[str] = []
        while not said or not said[-1].startswith("Serving tint at "):
            line = running.stderr.readline()
            assert line, said
            said.append(line.strip())
        assert said[0].startswith("looking at photo: ")
        assert said[1].startswith("reading rows of tints: 16 of 16 in ")
        assert said[2] == "1 row could not be used (rows count from 0):"
        assert said[4] == "tint shows rows like one from 16 of the 17 rows of 'tints'."
        port = int(said[-1].split("127.0.0.1:")[1].split("/")[0])
        assert Client(port).get("/health").status == 200
    finally:
        running.kill()
        running.communicate()
    command[-1] = str(tmp_path / "no.csv")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "There is no table" in done.stderr
    assert "Serving" not in done.stderr

"""Why a row is answered so, over HTTP: what `explain` says, pictures where they are asked for, and nothing of the server's."""

from __future__ import annotations

import io
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from serving import Client, close, served
from test_identifying import animals as animals
from test_refusals import JSON, ROW, refused

import injerto
from injerto.model import Model
from injerto.web.explaining import Explaining
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.shelf import opened
from made_everything import everything, model_of
from small import birds


def picture(address: str) -> Image.Image:
    """What a data: address holds."""
    head, _, content = address.partition(",")
    image = Image.open(io.BytesIO(b64decode(content, validate=True)))
    assert head == f"data:image/{str(image.format).lower()};base64"
    return image


def expected_of(model: Path, table: dict[str, list[Any]], **options: float) -> dict[str, Any]:
    """What Python says of the first row, without what a request has not."""
    told = injerto.load(model).explain(table, 0, **options).to_json()
    for seen in told["maps"]:
        del seen["file"]
    return {name: value for name, value in told.items() if name not in ("table", "row")}


def test_columns_share_the_answer_that_predict_gives(server: Client, birds_model: Path):
    reply = server.rows(ROW, path="/explain")
    assert reply.status == 200
    close(reply.told, expected_of(birds_model, {"mass_g": [10], "hour": ["day"], "seen": ["2024-01-05"]}))
    shares, answer = reply.told["contributions"]["species"], server.rows(ROW).told["answers"][0]
    chances = reply.told["answers"]["species"]["chances"]
    for name, chance in chances.items():
        assert chance == pytest.approx(answer[f"species_probability_{name}"], abs=1e-6)
    assert shares["answer"] == pytest.approx(answer["species_probability"], abs=1e-6)
    added = sum(one["contribution"] for one in shares["columns"].values())
    assert shares["usual"] + added == pytest.approx(shares["answer"], abs=1e-6)
    assert {name: one["cell"] for name, one in shares["columns"].items()} == {name: str(cell) for name, cell in ROW.items()}
    assert reply.told["familiarity"]["words"].startswith("It is like the rows of training")
    assert reply.told["matches"] is None


def test_a_form_and_the_models_own_address_say_the_same(server: Client):
    cells = {name: str(cell) for name, cell in ROW.items()}
    form = server.form("/explain", *((name, None, cell.encode()) for name, cell in cells.items()))
    assert form.told == server.rows(ROW, path="/models/birds/explain").told


def test_options_choose_what_is_promised(server: Client, birds_model: Path):
    table = {"mass_g": [10], "hour": ["day"], "seen": ["2024-01-05"]}
    reply = server.rows(ROW, path="/explain?max_error=0.4&coverage=0.8")
    close(reply.told["answers"], expected_of(birds_model, table, max_error=0.4, coverage=0.8)["answers"])
    assert "at most 40 %" in reply.told["answers"]["species"]["told"]
    assert "In 80%" in reply.told["answers"]["species"]["held"]


def test_maps_over_a_photo(mixed: Path, photos: Path):
    file = photos / "red" / "00.png"
    part, size = ("photo", "a.png", file.read_bytes()), ("size", None, b"2")
    with served(mixed) as client:
        told = client.form("/explain?pictures=true", part, size).told
        answer = client.form("/predict", part, size).told["answers"][0]
    close(told, expected_of(mixed, {"photo": [str(file)], "size": [2.0]}))
    assert told["answers"]["tint"]["chances"]["red"] == pytest.approx(answer["tint_probability_red"], abs=1e-6)
    assert told["contributions"]["tint"]["columns"]["photo"]["cell"] is None  # it came without a name
    (seen,) = told["maps"]
    assert [one["title"] for one in seen["maps"]] == ["The head's own map", "Grad-CAM"]
    assert picture(seen["picture"]).format == "JPEG"
    for layer in seen["maps"]:
        assert picture(layer["over"]).mode == "RGBA"


def test_rows_that_the_model_keeps_stand_in_for_the_training_table(mixed: Path, photos: Path):
    """Of files it keeps directions only: contributions are within two standard errors of those over the rows themselves."""
    files = sorted(photos.rglob("*.png"))
    every = {"photo": [str(path) for path in files], "size": [float(place % 7) for place in range(len(files))]}
    shares = []
    for among in (None, every):
        (found,) = injerto.load(mixed).explain({"photo": [str(files[0])], "size": [2.0]}, 0, among=among).contributions
        shares.append({name: (value, error) for name, value, error in found.ranked})
        assert ("which it keeps" in found.background or "it keeps the directions" in found.background) == (among is None)
    kept, exact = shares
    for name, (value, error) in exact.items():
        assert kept[name][0] == pytest.approx(value, abs=2 * error + 1e-9)
    assert kept["photo"][0] > 0.1


@pytest.fixture(scope="module")
def everything_heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `calls`, of sounds and numbers, which has not learned."""
    folder = tmp_path_factory.mktemp("calls")
    return Model(model_of(everything(folder / "files"), ["call", "mass"], ["species"])).save(folder / "calls")


def test_maps_over_a_spectrogram_come_as_pictures_where_they_are_asked_for(everything_heard: Path):
    file = everything_heard.parent / "files" / "3.wav"
    cells = ("call", "x", file.read_bytes()), ("mass", None, b"9")
    with served(everything_heard) as client:
        plain, reply = (client.form(f"/explain{query}", *cells) for query in ("", "?pictures=true"))
        broken = client.form("/explain", ("call", "x.wav", b"RIFF no"), ("mass", None, b"9"))
    assert reply.status == 200
    close(reply.told, expected_of(everything_heard, {"call": [str(file)], "mass": [9.0]}))
    (seen,) = reply.told["maps"]
    assert seen["kind"] == "sound"
    assert seen["times"][0] == ["0 s", 0.0]
    assert [picture(layer["over"]).size for layer in seen["maps"]] == [(320, 128), (320, 128), (320, 1)]
    assert picture(seen.pop("picture")).format == "PNG"
    for layer in seen["maps"]:
        del layer["over"]
    assert {**reply.told, "maps": [seen]} == plain.told
    refused(broken, 422, "cannot be answered, and so not explained")


def test_photos_of_the_gallery_are_the_rows_like_it(animals: Path):
    photo = animals.parent / "photos" / "00-2.png"
    with served(animals) as client:
        told = client.form("/explain?pictures=true", ("photo", "x", photo.read_bytes())).told
    close(told["nearest"], expected_of(animals, {"photo": [str(photo)]})["nearest"])
    assert len(told["nearest"]) == 4
    assert [picture(file["picture"]).format for file in told["nearest"][0]["files"]] == ["JPEG"]
    assert told["nearest"][0]["labels"] == {"animal": told["matches"]["name"]}
    assert told["matches"]["name"] == told["nearest"][0]["cells"]["animal"]
    assert picture(told["matches"]["picture"]).format == "JPEG"


@pytest.mark.slow
def test_where_points_are_likely(points: Path):
    photo = (points.parent / "photos" / "003.png").read_bytes()
    with served(points) as client:
        told = client.form("/explain", ("photo", "x", photo)).told
    (seen,) = told["maps"]
    assert [layer["title"] for layer in seen["maps"]] == ["left", "right"]
    assert seen["key"] == "where the point is likely to be"


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/explain", b"{", 400, "not JSON"),
        ("/explain?unlike=true", b'{"rows": [{}]}', 400, "'unlike' is no option of this address"),
        ("/explain?pictures=1", b'{"rows": [{}]}', 400, "true or false"),
        ("/models/bird/explain", b'{"rows": [{}]}', 404, "Did you mean 'birds'?"),
        ("/explain", b'{"rows": [{}]}', 422, "lack 3 column(s)"),
        ("/explain", b'{"rows": []}', 422, "no rows"),
        ("/explain", b'{"rows": [{"mass_g": 1, "hour": "a", "seen": null}, {}]}', 422, "2 rows; one is explained at a time"),
        ("/explain", b'{"rows": [{"mass_g": [1], "hour": "a", "seen": null}]}', 422, "mass_g: [1] is not a number"),
        ("/explain", b'{"rows": [{"mass_g": "x", "hour": "a", "seen": null}]}', 422, "'x' is not a number"),
        ("/explain", b" " * 200_001, 413, "200,000 bytes"),
    ],
)
def test_what_cannot_be_explained(server: Client, path: str, body: bytes, status: int, words: str):
    refused(server.ask("POST", path, body, JSON), status, words)


@pytest.mark.parametrize("text", ["/etc/passwd", "file:///etc/passwd", "red/00.png"])
def test_no_text_is_a_path(mixed: Path, photos: Path, text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(photos)
    explaining = Explaining(opened(mixed), Options(), Limits())
    (found,) = explaining([[{"photo": text, "size": 1}]])
    assert isinstance(found, Exception)
    assert "photo: not " in str(found)


def test_too_many_pixels_are_refused(mixed: Path):
    large = io.BytesIO()
    Image.new("RGB", (60, 60)).save(large, "PNG")
    (found,) = Explaining(opened(mixed), Options(), Limits(pixels=3000))([[{"photo": large.getvalue(), "size": 1}]])
    assert "too large: 60 x 60 pixels" in str(found)


def test_explanations_wait_in_a_lane_of_their_own(server: Client):
    rows = [{**row, "seen": str(row["seen"])} for row in birds(8, seed=4).drop("species").fill_null(1).to_dicts()]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda row: server.rows(row, path="/explain"), rows))
    assert [reply.status for reply in found] == [200] * 8
    for row, reply in zip(rows, found, strict=True):
        assert reply.told == server.rows(row, path="/explain").told
    lines = dict(line.rsplit(" ", 1) for line in server.get("/metrics").body.decode().splitlines() if line[0] != "#")
    assert int(lines['injerto_lane_requests_total{lane="explaining"}']) >= 16
    assert int(lines['injerto_requests_total{route="explain",status="200"}']) >= 16

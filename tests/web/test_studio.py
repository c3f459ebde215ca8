"""The studio through requests: a table comes in, is looked at, teaches a model, and the report is read."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import pytest
from serving import Client
from studio_flow import check, send, studio, until, upload
from test_refusals import refused

import injerto
from injerto.web.problems import Problem
from injerto.web.studio import alike
from injerto.web.studio.asked import Asked
from injerto.web.studio.paths import below, safe_path
from injerto.web.studio.seen import Seen
from injerto.web.studio.tables import photo_folder, settle, tables_in
from injerto.web.studio.trainings import Trainings
from injerto.web.studio.using import Using
from small import birds
from small import photo_folder as made_photos

SMALL = injerto.StudioSizes(file_bytes=50_000, all_bytes=120_000, files=20)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lies beside the studio: a folder that is offered, and a secret outside it."""
    place = tmp_path_factory.mktemp("room")
    (place / "offered" / "deep").mkdir(parents=True)
    birds(90).write_csv(place / "offered" / "deep" / "birds.csv")
    (place / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (place / "offered" / "way.csv").symlink_to(place / "secret.csv")
    return place


@pytest.fixture(scope="module")
def client(room: Path):
    with studio(folder=room / "offered", work=room / "work", sizes=SMALL) as found:
        yield found


def csv(rows: int = 90) -> bytes:
    return birds(rows).write_csv().encode()


WAYS_OUT = ["../a.csv", "/etc/a.csv", "a/../../b.csv", "", "a//b.csv", "a/" * 30 + "b.csv"]
ODD_NAMES = [".hidden/a.csv", "a\\b.csv", "c:a.csv", "nul.csv", "a\0.csv", "x" * 300 + ".csv", "a.csv ", "\ud800.csv"]


@pytest.mark.parametrize("path", WAYS_OUT + ODD_NAMES)
def test_paths_that_lead_elsewhere_are_refused(path: str):
    with pytest.raises(Problem, match="is not taken: its path") as slip:
        safe_path(path)
    assert slip.value.status == 422


def test_names_of_people_and_cameras_are_taken():
    for path in ("photos/DSC 0001 (2).JPG", "Ñandú/águila.jpg", "a.b.c.csv"):
        assert str(safe_path(path)) == path


def test_files_outside_a_folder_are_not_found(room: Path):
    assert below(room / "offered", "deep/birds.csv").is_file()
    for path, status in (("way.csv", 422), ("none.csv", 404), ("../secret.csv", 422)):
        with pytest.raises(Problem) as slip:
            below(room / "offered", path)
        assert slip.value.status == status


def test_the_page_needs_no_token_and_all_else_does(client: Client):
    stranger = Client(client.port)
    page = stranger.get("/")
    assert page.status == 200
    assert b"Injerto" in page.body
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path in ("/studio.js", "/studio.css", "/page.css", "/server.js", "/elements.js"):
        assert stranger.get(path).status == 200
    for wrong in (stranger, Client(client.port, "a-token-of-some-length")):
        refused(wrong.get("/studio"), 401, "token is missing or wrong")
        refused(wrong.post("/uploads", {}), 401, "token is missing or wrong")
    refused(stranger.get("/reports/guessed/birds/report.html"), 401, "token is missing or wrong")


def test_pages_of_other_sites_are_refused(client: Client):
    refused(client.get("/studio", Host="evil.example"), 421, "Open the address that the studio printed")
    refused(client.post("/uploads", {}, Origin="http://evil.example"), 403, "page of another site")


def test_uploads_stay_where_they_belong(client: Client, room: Path):
    name = client.post("/uploads", {}).told["upload"]
    for path in ("..%2F..%2Fx.csv", "%2Fetc%2Fx.csv", "", "a%2F..%2F..%2Fx.csv"):
        refused(send(client, name, path, b"a"), 422, "its path")
    refused(send(client, "none", "a.csv", b"a"), 404, "no such upload")
    refused(client.post("/checks", {"upload": name, "table": "../../../secret.csv"}), 422, "its path")
    refused(client.post("/checks", {"table": "../secret.csv"}), 422, "its path")
    refused(client.post("/checks", {"table": "way.csv"}), 422, "leads out of the folder")
    refused(client.post("/checks", {"table": 3}), 422, "table is named by")
    refused(client.post(f"/uploads/{name}/table", {"table": None}), 422, "no table among these files")
    assert not list(room.rglob("x.csv"))


def test_too_much_is_refused_and_leaves_nothing(client: Client, room: Path):
    name = client.post("/uploads", {}).told["upload"]
    refused(send(client, name, "big.bin", b"x" * 50_001), 413, "more than 50,000 bytes")
    assert send(client, name, "a.bin", b"x" * 50_000).status == 201
    assert send(client, name, "b.bin", b"x" * 50_000).status == 201
    refused(send(client, name, "c.bin", b"x" * 50_000), 413, "more than 120,000 bytes together")
    assert sorted(path.name for path in (room / "work" / "uploads" / name).iterdir()) == ["a.bin", "b.bin"]


def test_bodies_that_are_no_wishes_are_refused(client: Client):
    refused(client.ask("POST", "/checks", b"{", {"Content-Type": "application/json"}), 400, "not JSON")
    refused(client.ask("POST", "/checks", b"[]", {"Content-Type": "application/json"}), 400, "JSON object")
    refused(client.post("/checks", {"table": "deep/birds.csv", "asked": {"target": ["a"]}}), 422, "target")
    refused(client.get("/checks/99"), 404, "no such check")
    refused(client.get("/trainings/none"), 404, "no training 'none'")
    for name in ("", "../x", "a/b", ".x", "x" * 90, "-o"):
        told = client.post("/trainings", {"table": "deep/birds.csv", "name": name})
        refused(told, 422, "no name of a model")


def test_a_broken_table_is_told_of_as_the_command_line_does(client: Client):
    name, told = upload(client, birds_dot_parquet=b"PAR1 this is none")
    found = check(client, upload=name, table=told["table"])
    assert "birds.parquet" in found["error"]
    assert found["report"] is None


def test_a_table_is_looked_at_with_and_without_wishes(client: Client, room: Path):
    about = client.get("/studio").told
    assert about["work"] == str(room / "work")
    assert [one["path"] for one in about["tables"]] == ["way.csv", "deep/birds.csv"]
    plain = check(client, table="deep/birds.csv")
    assert not plain["report"]["ready"]
    assert [one["kind"] for one in plain["report"]["columns"]] == ["number", "category", "date", "category"]
    asked = {"targets": ["species"], "inputs": ["mass_g:category"], "drop": ["seen"]}
    wished = check(client, table="deep/birds.csv", asked=asked)
    assert wished["report"]["ready"]
    assert [one["role"] for one in wished["report"]["columns"]] == ["input", "input", "dropped", "target"]
    table = room / "offered" / "deep" / "birds.csv"
    assert wished["commands"]["check"] == shlex.join(
        ["injerto", "check", str(table), "--target", "species", "--input", "mass_g:category", "--drop", "seen", "--quick"]
    )
    lost = check(client, table="deep/birds.csv", asked={"targets": ["specie"]})
    assert "species" in lost["error"]


def test_the_words_of_a_command():
    asked = Asked.of({"targets": ["-x:class"], "group": "nest", "no_group": True, "mode": "probe", "budget": 60, "seed": 0})
    words = asked.train(Path("t.csv"), Path("m"))
    assert words == shlex.split(
        "train t.csv --target=-x:class --group nest --no-group --mode probe --budget 60 --seed 0 --out m"
    )
    assert Asked().check(Path("t"), quick=False) == ["check", "t"]


def test_which_file_is_the_table():
    assert tables_in(["a/notes.txt", "a/birds.csv", "a/1.jpg"]) == ["a/birds.csv"]
    assert tables_in(["notes.txt", "1.jpg"]) == ["notes.txt"]
    assert tables_in(["b.csv", "a/a.tsv.gz"]) == ["b.csv", "a/a.tsv.gz"]
    assert photo_folder(Path(), ["top/red/1.jpg", "top/green/2.jpg"]) == "top"
    assert photo_folder(Path(), ["red/1.jpg", "green/2.jpg"]) == ""
    assert photo_folder(Path(), ["a.txt"]) is None


def test_a_table_moves_to_the_folder_that_its_paths_start_from(tmp_path: Path):
    made_photos(tmp_path / "shots" / "all", each=2)
    for start, place in (("all/", "shots"), ("", "shots/all"), ("shots/all/", "")):
        lines = [f"{start}red/0{number}.png,{number}" for number in (0, 1)]
        (tmp_path / "t.csv").write_text("\n".join(["photo,n", *lines]), encoding="utf-8")
        found, note = settle(tmp_path, "t.csv")
        assert found == f"{place}/t.csv".lstrip("/")
        assert ("the table names lie" in note) == bool(place)
        (tmp_path / found).unlink()


def test_what_a_command_writes_is_understood():
    seen = Seen()
    for line in (
        '{"step": 1, "name": "training (head)", "total": 40}',
        '{"step": 1, "epoch": 0, "train_loss": 1.5, "tune_loss": null}',
        '{"step": 1, "done": 20, "note": "x"}',
        '{"said": "90 rows."}',
        "{not json",
        '{"else": 1}',
        '{"step": 1, "ended": true}',
        "Error: 1 problem:",
        "  - no target",
    ):
        seen.take(line + "\n")
    told = seen.told()
    assert told["curves"] == [{"name": "training (head)", "losses": [(0, 1.5, None)]}]
    assert {key: told["pieces"][0][key] for key in ("done", "note", "ended")} == {"done": 20, "note": "x", "ended": True}
    assert told["said"] == ["90 rows.", "{not json", '{"else": 1}']
    assert seen.error == "1 problem:\n  - no target"


@pytest.mark.slow
def test_from_a_table_to_a_report(client: Client, room: Path):
    name, told = upload(client, birds_dot_csv=csv(200))
    assert told == {"table": "birds.csv", "choose": [], "note": ""}
    at = {"upload": name, "table": "birds.csv"}
    asked = {"targets": ["species"], "mode": "probe", "budget": 20, "seed": 1}
    begun = client.post("/trainings", {**at, "asked": asked, "name": "birds.model"})
    assert begun.status == 202
    refused(client.post("/trainings", {**at, "asked": asked, "name": "birds.model"}), 409, "a model 'birds.model' already")
    second = client.post("/trainings", {**at, "asked": {"targets": ["nothing"]}, "name": "second"}).told
    assert second["state"] == "waiting"
    refused(client.post("/trainings/birds.model/use", {}), 409, "not there yet")
    done = until(lambda: (one := client.get("/trainings/birds.model").told)["state"] not in ("running", "waiting") and one)
    assert done["state"] == "done", done
    assert done["curves"][0]["losses"]
    model = room / "work" / "models" / "birds.model"
    assert (
        injerto.load(model).scores["test"]["species"]["accuracy"] == done["scores"]["targets"]["species"]["figures"]["accuracy"]
    )
    report = Client(client.port).get(done["files"]["report.html"])
    assert report.status == 200
    assert report.body == (model / "report.html").read_bytes()
    assert report.headers["content-security-policy"].startswith("sandbox allow-scripts")
    refused(client.get(done["files"]["report.html"].replace("report.html", "weights.safetensors")), 404, "has no")
    failed = until(lambda: (one := client.get("/trainings/second").told)["state"] == "failed" and one)
    assert "'nothing'" in failed["error"]
    page = client.ask("POST", "/trainings/birds.model/use", b"{}", seconds=100).told["page"]
    assert page.startswith("http://127.0.0.1:")
    served = Client(int(page.split(":")[2].split("/")[0]), page.split("token=")[1])
    answer = served.rows({"mass_g": 10, "hour": "day", "seen": "2024-03-01"})
    assert answer.told["answers"][0]["species"] in ("jay", "owl", "wren")
    near = served.post("/explain", {"rows": [{"mass_g": 10, "hour": "day", "seen": "2024-03-01"}]}).told["nearest"]
    assert len(near) == 5 and {one["labels"]["species"] for one in near} <= {"jay", "owl", "wren"}  # of the table of training


@pytest.mark.slow
def test_rows_are_shown_of_the_table_that_taught_while_it_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    table, model = tmp_path / "birds.csv", tmp_path / "birds.model"
    birds(60).write_csv(table)
    injerto.train(table, "species", out=model, seed=1)
    assert alike.table_alike(model, table) == table
    monkeypatch.setattr(alike, "MOST_ROWS", 59)
    assert alike.table_alike(model, table) is None
    monkeypatch.setattr(alike, "MOST_ROWS", 60)
    assert alike.table_alike(model, tmp_path / "gone.csv") is None
    table.write_text("other,columns\n1,2\n", encoding="utf-8")
    using = Using(tmp_path, None)
    try:
        assert asyncio.run(using.page("birds", model, table)).startswith("http://127.0.0.1:")  # without rows like one
        assert asyncio.run(using.page("birds", model, table)).startswith("http://127.0.0.1:")
        assert len(using.children) == 1
    finally:
        using.close()


@pytest.mark.slow
def test_a_training_is_stopped_and_goes_on_in_the_next_studio(tmp_path: Path):
    (tmp_path / "in").mkdir()
    birds(3000).write_csv(tmp_path / "in" / "birds.csv")
    asked = {"targets": ["species"], "seed": 1}

    def one(client: Client, *states: str):
        return until(lambda: (told := client.get("/trainings/long").told)["state"] in states and told)

    with studio(folder=tmp_path / "in", work=tmp_path / "work") as client:
        client.post("/trainings", {"table": "birds.csv", "asked": asked, "name": "long"})
        until(lambda: client.get("/trainings/long").told["curves"])
        until(lambda: list((tmp_path / "work").rglob("*.safetensors")))  # something to go on from
        client.post("/trainings/long/stop", {})
        assert one(client, "stopped", "failed", "done")["state"] == "stopped"
        refused(client.post("/trainings/long/stop", {}), 409, "is stopped")
    with studio(folder=tmp_path / "in", work=tmp_path / "work") as client:
        assert client.get("/trainings").told["trainings"][0]["state"] == "stopped"
        assert client.post("/trainings/long/start", {}).status == 200
        heard = until(lambda: [line for line in client.get("/trainings/long").told["said"] if "Goes on where" in line])
        assert heard
    assert Trainings(tmp_path / "work").of("long").state in ("stopped", "done")


def test_a_studio_that_cannot_be_says_why(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(injerto.InjertoError, match="is not there"):
        injerto.studio(folder=tmp_path / "none", port=0)
    with pytest.raises(injerto.InjertoError, match="cannot be made"):
        injerto.studio(work=tmp_path / "file" / "work", port=0)

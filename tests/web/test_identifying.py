"""Photos over HTTP to what `identify` says of them: a network that was started but not trained, and a gallery."""

from __future__ import annotations

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from serving import close, served

import injerto
from injerto.artifact.artifact import Artifact
from injerto.learning.gallery_of import gallery_of
from injerto.learning.seen import seen
from injerto.model import Model
from injerto.progress import Silent
from injerto.schema.schema import Input, Schema, Target
from injerto.table.split import Rows
from injerto.web.identifying import Identifying
from injerto.web.limits import Limits
from injerto.web.options import Options
from injerto.web.problems import Problem
from injerto.web.shelf import opened
from made_individuals import TARGET, made


@pytest.fixture(scope="module")
def animals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `animals`, which knows the first two photos of each of four."""
    folder = tmp_path_factory.mktemp("animals")
    herd = made(folder / "photos")
    every = np.arange(len(herd.table))
    known = torch.from_numpy(every[every % 3 < 2])
    vectors = seen(herd.network, herd.photos, known, Silent())["animal"]
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"animal": TARGET, "size": Target(kind="class")})
    artifact = Artifact(schema, herd.network, Rows(every, every[:0], every[:0], "By hand."))
    artifact.gallery = gallery_of(herd.network, herd.table.take(known.numpy()), herd.photos, known, vectors).gallery

    return Model(artifact).save(folder / "animals")


def test_who_it_is_is_what_python_says(animals: Path):
    photos = [animals.parent / "photos" / name for name in ("00-2.png", "01-2.png")]
    found = injerto.load(animals).identify({"photo": [str(path) for path in photos]})
    with served(animals) as client:
        assert client.get("/models/animals").told["verbs"] == ["predict", "identify", "explain"]
        parts = [("photo", path.name, path.read_bytes()) for path in photos]
        reply = client.form("/identify?pictures=true", *parts)
        together = client.form("/identify", *parts, ("sighting", None, b"one"))
        broken = client.form("/identify", parts[0], ("photo", "x.jpg", b"\x00"))
        none = client.form("/identify", ("photo", "x.jpg", b"no"))
    assert reply.status == 200
    for answer, one in zip(reply.told["answers"], found.found, strict=True):
        assert answer["decision"] == one.said
        assert answer["new_probability"] == pytest.approx(one.new, abs=1e-4)
        assert [alike["name"] for alike in answer["lookalikes"]] == [alike.name for alike in one.lookalikes]
        for alike, told in zip(one.lookalikes, answer["lookalikes"], strict=True):
            assert told["probability"] == pytest.approx(alike.probability, abs=1e-4)
            assert b64decode(told["picture"]) == alike.picture
    assert [answer["rows"] for answer in together.told["answers"]] == [[0, 1]]
    assert "picture" not in together.told["answers"][0]["lookalikes"][0]
    assert [answer["rows"] for answer in broken.told["answers"]] == [[0]]
    (unused,) = broken.told["unused"]
    assert unused["row"] == 1
    assert unused["reason"].startswith("photo: not a picture that is taken here")
    assert none.status == 422


def test_requests_that_go_together_are_decided_apart(animals: Path):
    """Two clients call different animals by the same sighting; each is answered as if it were alone."""
    contents = [(animals.parent / "photos" / f"{name}.png").read_bytes() for name in ("00-2", "01-2", "02-2", "03-2")]
    first, second = ([{"photo": content, "sighting": "one"} for content in pair] for pair in (contents[:2], contents[2:]))
    third = [{"photo": b"no", "sighting": "one"}, {"photo": contents[0], "sighting": ""}]
    none = [{"photo": b"no", "sighting": "two"}]
    identifying = Identifying(opened(animals), Options(pictures=True), Limits())
    asked = [first, second, third, none]
    merged, alone = identifying(asked), [identifying([rows])[0] for rows in asked]
    for one, other in zip(merged[:3], alone[:3], strict=True):
        assert isinstance(one, bytes)
        assert isinstance(other, bytes)
        close(json.loads(one), json.loads(other))
    assert [answer["rows"] for answer in json.loads(merged[1])["answers"]] == [[0, 1]]
    assert json.loads(merged[2])["unused"][0]["row"] == 0
    assert [answer["rows"] for answer in json.loads(merged[2])["answers"]] == [[1]]
    assert isinstance(merged[3], Problem)
    assert (merged[3].detail, merged[3].more) == (alone[3].detail, alone[3].more)


def test_many_clients_are_seen_in_few_passes(animals: Path):
    contents = [path.read_bytes() for path in sorted((animals.parent / "photos").glob("*-2.png"))]
    with served(animals) as client, ThreadPoolExecutor(16) as pool:

        def ask(place: int) -> Any:
            query = "?new_share=0.5" if place % 3 == 0 else ""
            return client.form(f"/identify{query}", ("photo", "x", contents[place % 4]), ("sighting", None, b"one")).told

        alone = [ask(place) for place in range(12)]
        together = list(pool.map(ask, [*range(12)] * 4))
        lines = dict(line.rsplit(" ", 1) for line in client.get("/metrics").body.decode().splitlines() if line[0] != "#")
    for place, told in enumerate(together):
        close(told, alone[place % 12])
    assert int(lines['injerto_lane_batches_total{lane="answers"}']) < 50  # of 60 requests, and the warming up

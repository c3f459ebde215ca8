"""Photos over HTTP to what `identify` says of them: a network that was started but not trained, and a gallery."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
import torch
from serving import served

import injerto
from injerto.artifact.artifact import Artifact
from injerto.learning.gallery_of import gallery_of
from injerto.learning.seen import seen
from injerto.model import Model
from injerto.progress import Silent
from injerto.schema.schema import Input, Schema, Target
from injerto.table.split import Rows
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

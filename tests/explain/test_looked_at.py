"""Maps beside the worst photos of a report."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from injerto.examples import examples_of
from injerto.explain.looked_at import WORDS, show_where
from injerto.progress import Silent
from injerto.table.table import Table
from made_everything import everything, model_of


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return everything(tmp_path_factory.mktemp("everything"), rows=12)


def worst(*rows: int) -> dict[str, object]:
    return {"worst": [{"row": row, "pictures": ["plain"], "values": []} for row in rows]}


def test_each_photo_gets_a_second_one_with_the_map(table: Table, tmp_path: Path) -> None:
    artifact = model_of(table, ["photo", "mass"], ["species", "age"])
    artifact.evidence = {"species": worst(3, 5), "age": worst(4)}
    some = table.take(np.arange(2, 12))
    show_where(artifact, some, examples_of(artifact.network, some, cache=None, progress=Silent()))
    for target in ("species", "age"):
        for row in artifact.evidence[target]["worst"]:
            plain, heat = row["pictures"]
            assert plain == "plain"
            picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(heat.split(",")[1]))).convert("RGB")).astype(int)
            assert picture.shape == (160, 160, 3)
            assert np.abs(picture[:, :, 0] - picture[:, :, 2]).max() > 40  # the photo is grey, the map is not
            assert row["values"] == [WORDS]


def test_a_model_without_photos_and_a_row_without_one_have_none(table: Table) -> None:
    artifact = model_of(table, ["mass", "site"], ["age"])
    artifact.evidence = {"age": worst(1)}
    show_where(artifact, table, examples_of(artifact.network, table, cache=None, progress=Silent()))
    assert artifact.evidence == {"age": worst(1)}
    artifact = model_of(table, ["photo", "mass"], ["age"])
    artifact.evidence = {"age": worst(1)}
    emptied = Table.of(table.frame.with_columns(photo=None), folder=table.folder)
    show_where(artifact, emptied, examples_of(artifact.network, emptied, cache=None, progress=Silent()))
    assert artifact.evidence == {"age": worst(1)}
    assert torch.is_grad_enabled()

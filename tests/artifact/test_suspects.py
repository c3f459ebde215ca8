"""Labels that may be wrong, as a file in the model's folder: to be gone through, not to be read back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import injerto
from injerto.artifact.suspects import suspects_table
from injerto.model import Model
from small import birds

SUSPECTS = [
    {
        "row": 4,
        "photo": "a/4.jpg",
        "point": "nose",
        "truth": [1.5, 2.0],
        "answer": [9.0, 8.0],
        "times": 6.5,
        "reason": "far, off",
    },
    {
        "row": 2,
        "photo": "a/2.jpg",
        "point": "chin",
        "truth": [3.0, 4.0],
        "answer": [4.0, 3.0],
        "times": 5.0,
        "reason": "x and y",
    },
]


@pytest.fixture(scope="module")
def model() -> Model:
    schema = injerto.declare(injerto.Table.of(birds(40)), injerto.Wishes(targets=["species"]))
    quick = schema.training.model_copy(update={"epochs": 1})
    return injerto.train(birds(40), schema=schema.model_copy(update={"training": quick}))


def test_a_row_a_label_in_their_order() -> None:
    found = suspects_table({"other": {}, "keypoints": {"suspects": SUSPECTS}})
    assert found.columns == ["photo", "row", "point", "x", "y", "suggested_x", "suggested_y", "times", "reason"]
    assert found.row(0) == ("a/4.jpg", 4, "nose", 1.5, 2.0, 9.0, 8.0, 6.5, "far, off")
    assert found["row"].to_list() == [4, 2]
    assert suspects_table({"species": {}}).is_empty()


def test_the_folder_holds_them_and_does_without(model: Model, tmp_path: Path) -> None:
    assert not (model.save(tmp_path / "none") / "suspects.csv").exists()
    model.artifact.evidence["species"]["suspects"] = SUSPECTS
    folder = model.save(tmp_path / "some")
    assert pl.read_csv(folder / "suspects.csv").equals(suspects_table(model.artifact.evidence))
    (folder / "suspects.csv").write_text("gone through\n")
    assert injerto.load(folder).artifact.evidence["species"]["suspects"] == SUSPECTS
    (folder / "suspects.csv").unlink()
    assert (injerto.load(folder).save(tmp_path / "again") / "suspects.csv").exists()


def test_labels_of_every_kind_stand_in_one_list() -> None:
    one = {"file": "a.wav", "judge": "elders", "row": 3}
    evidence = {
        "kind": {"label_doubts": [{**one, "label": "ant", "suggested": "bee", "chance": 0.1, "values": []}]},
        "heard": {"label_doubts": [{**one, "label": "rain", "suggested": "frog;rain", "chance": 0.2, "missing": ["frog"]}]},
        "mass_g": {"label_doubts": [{**one, "label": "120", "suggested": "12.1", "times": 9.0, "typical": 12.0}]},
    }
    found = suspects_table(evidence)
    assert found.columns == ["row", "file", "target", "label", "suggested", "chance", "times", "missing", "judge", "corrected"]
    assert found["target"].to_list() == ["kind", "heard", "mass_g"]
    assert found.row(1) == (3, "a.wav", "heard", "rain", "frog;rain", 0.2, None, "frog", "elders", None)
    alone = suspects_table({"kind": evidence["kind"]})
    assert alone.columns == ["row", "file", "target", "label", "suggested", "chance", "judge", "corrected"]

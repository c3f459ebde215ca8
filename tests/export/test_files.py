"""Models of photos, sounds, points and individuals as ONNX. Each takes some ten seconds to write."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

import injerto
from injerto.export.parity import TOLERANCE
from injerto.schema.schema import Schema
from made_animals import animals, photo_of
from made_dots import dots
from made_ears import clips
from made_media import encoded, exif
from small import photo_folder

pytestmark = pytest.mark.slow


def says(folder: Path, *files: Path | str) -> list[dict]:
    """What the script prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, folder / "predict.py", *files], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def exported(model: injerto.Model, folder: Path, table: object, start: Path) -> Path:
    found = model.export(onnx=folder / "out", check=table, folder=start)
    assert found.parity is not None
    assert found.parity.difference <= TOLERANCE
    return folder / "out"


def test_photos_of_any_size(tmp_path):
    photos = photo_folder(tmp_path / "photos")
    model = injerto.train(photos, "class", budget_seconds=2, seed=1, mode="probe")
    out = exported(model, tmp_path, photos, tmp_path)
    wide = tmp_path / "wide.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (50, 333, 3), dtype=np.uint8)).save(wide)
    (told,) = says(out, wide)
    expected = model.predict(
        {"photo": [str(wide)]} if "photo" in model.schema.inputs else {next(iter(model.schema.inputs)): [str(wide)]}
    )
    assert told["class"] == expected.answers["class"][0]


def test_large_jpegs_answer_as_predict(tmp_path):
    """From half as large as the network looks at them to nine times: the script reads what Injerto reads."""
    photos = photo_folder(tmp_path / "photos")
    model = injerto.train(photos, "class", budget_seconds=2, seed=1, mode="probe")
    side = model.network.features[0].resolution_
    generator = np.random.default_rng(0)
    place = tmp_path / "large"
    place.mkdir()
    for times in (0.5, 1.3, 2.2, 3.7, 5.1, 9.0):
        small = Image.fromarray(generator.integers(0, 255, (12, 9, 3), dtype=np.uint8))
        size = (int(side * times) + 3, int(side * times * 4 / 3))
        (place / f"{times}.jpg").write_bytes(encoded(small.resize(size), "JPEG", quality=85, exif=exif(6)))
    files = sorted(str(file) for file in place.iterdir())
    table = pl.DataFrame({next(iter(model.schema.inputs)): files})
    found = model.export(onnx=tmp_path / "out", check=table).parity
    assert max(found.difference, found.as_read, found.as_predicted) <= TOLERANCE / 10
    assert found.other_words == 0
    told = says(tmp_path / "out", *files)
    expected = model.predict(table).answers
    assert [one["file"] for one in told] == files
    assert np.allclose([one["class_probability"] for one in told], expected["class_probability"], atol=TOLERANCE)


def test_points_on_large_jpegs_are_told_in_pixels_of_the_file(tmp_path):
    columns = dots(tmp_path, 30, (40, 30))
    model = injerto.train(columns, keypoints=True, budget_seconds=3, seed=1, folder=tmp_path)
    side = model.network.photo.resolution_
    for place, name in enumerate(columns["photo"][:4]):
        times = 2.2 + 1.3 * place
        photo = Image.open(tmp_path / name).convert("RGB").resize((int(side * times) + 1, int(side * times * 3 / 4)))
        (tmp_path / f"{place}.jpg").write_bytes(encoded(photo, "JPEG", quality=92))
    table = pl.DataFrame({"photo": [f"{place}.jpg" for place in range(4)]})
    found = model.export(onnx=tmp_path / "out", check=table, folder=tmp_path).parity
    assert max(found.difference, found.as_read) <= TOLERANCE / 10
    (told,) = says(tmp_path / "out", tmp_path / "3.jpg")
    expected = model.predict(table, folder=tmp_path).answers.row(3, named=True)
    for name in (name for name in told if name.endswith(("_x", "_y", "_radius"))):
        assert told[name] == pytest.approx(expected[name], abs=0.02)


def test_photos_beside_columns_some_of_them_missing(tmp_path):
    photos = photo_folder(tmp_path / "photos", each=20)
    table = injerto.Table.read(photos).frame
    name = next(column for column in table.columns if column != "class")
    generator = np.random.default_rng(0)
    empty = pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise(pl.col(name)).alias(name)
    table = table.with_columns(empty, mass_g=pl.Series(generator.normal(size=len(table))))
    model = injerto.train(table, "class", budget_seconds=2, seed=1, mode="probe", no_group=True, folder=photos)
    assert set(model.schema.inputs) == {name, "mass_g"}
    exported(model, tmp_path, table, photos)


def test_sounds(tmp_path):
    table = clips(tmp_path / "sounds")
    schema: Schema = injerto.declare(injerto.Table.of(table, folder=tmp_path / "sounds"), injerto.Wishes(targets=["label"]))
    heard = schema.inputs["file"].model_copy(update={"backbone": "small_cnn", "clip_seconds": 0.5})
    training = schema.training.model_copy(update={"mode": "probe"})
    schema = schema.model_copy(update={"inputs": {"file": heard}, "training": training})
    model = injerto.train(table, schema=schema, budget_seconds=5, seed=1, folder=tmp_path / "sounds")
    out = exported(model, tmp_path, table, tmp_path / "sounds")
    (told,) = says(out, tmp_path / "sounds" / table["file"][0])
    assert told["label"] == model.predict(table.head(1), folder=tmp_path / "sounds").answers["label"][0]


def test_points_in_boxes_placed_by_several_people(tmp_path):
    columns = dots(tmp_path, 30, (40, 30))
    count = len(columns["photo"])
    table = pl.DataFrame(columns).with_columns(
        box_x=pl.lit(-2.0),
        box_y=pl.lit(1.0),
        box_width=pl.lit(38.5),
        box_height=pl.lit(27.25),
        by=pl.Series(["ana", "ben"] * (count // 2)),
    )
    schema = injerto.declare(injerto.Table.of(table, folder=tmp_path), injerto.Wishes(keypoints=True, source="by"))
    ((name, target),) = schema.targets.items()
    box = target.model_copy(update={"box": ["box_x", "box_y", "box_width", "box_height"]})
    schema = schema.model_copy(update={"targets": {name: box}})
    model = injerto.train(table, schema=schema, budget_seconds=3, seed=1, folder=tmp_path)
    assert box.source == "by"
    exported(model, tmp_path, table, tmp_path)


def test_individuals_of_two_flanks(tmp_path):
    table = pl.DataFrame(animals(tmp_path, individuals=6, each=4))
    generator = np.random.default_rng(5)
    right = []
    for animal in range(6):
        for number in range(4):
            name = f"r{animal}-{number}.png"
            Image.fromarray(photo_of(animal, generator, "right")).save(tmp_path / name)
            right.append((name, f"animal {animal:02d}", f"{animal:02d} night {number // 2}", "right", "big"))
    table = pl.concat([table, pl.DataFrame(right, schema=table.schema, orient="row")])
    model = injerto.train(
        table,
        "animal:individual",
        inputs="photo",
        sighting="sighting",
        flank="flank",
        budget_seconds=5,
        seed=1,
        folder=tmp_path,
    )
    out = exported(model, tmp_path, table, tmp_path)
    table.with_columns(pl.col("photo")).write_csv(tmp_path / "animals.csv")
    told = pl.DataFrame(says(out, tmp_path / "animals.csv"), infer_schema_length=None)
    expected = model.predict(table, folder=tmp_path).answers
    assert np.allclose(told["animal_new"], expected["animal_new"], atol=TOLERANCE)
    assert np.allclose(told["animal_1_probability"], expected["animal_1_probability"], atol=TOLERANCE)
    assert told["animal_decision"].to_list() == expected["animal_decision"].to_list()
    assert told["animal_1"].to_list() == expected["animal_1"].to_list()
    (alone,) = says(out, tmp_path / "r0-0.png")
    by_itself = model.predict(pl.DataFrame({"photo": [str(tmp_path / "r0-0.png")]})).answers
    assert alone["animal_1"] == by_itself["animal_1"][0]
    assert alone["animal_new"] == pytest.approx(by_itself["animal_new"][0], abs=TOLERANCE)

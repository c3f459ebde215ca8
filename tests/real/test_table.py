"""Tables, media, splits and near-duplicates on real data; figures written down where the data fixes them."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from injerto.table.folds import folds
from injerto.table.keypoints.points import Points
from injerto.table.keypoints.write_coco import write_coco
from injerto.table.keypoints.write_deeplabcut import write_deeplabcut
from injerto.table.media import probe, read_pixels, read_samples, sound_duration
from injerto.table.near_duplicates import near_duplicate_groups, photo_hash
from injerto.table.picture_size import PictureSize, picture_size
from injerto.table.split import split
from injerto.table.table import Table

DATA = Path(__file__).parents[3] / "shared" / "data"


def read(name: str) -> Table:
    if not (DATA / name).exists():
        pytest.skip(f"the real data {name} is not on this machine")
    return Table.read(DATA / name)


def test_ants_and_bees() -> None:
    table = read("ants_bees")
    assert len(table) == 243
    assert table.frame["class"].value_counts().sort("class")["count"].to_list() == [122, 121]
    column = table.column("file")
    photos = [read_pixels(column.cell(index), column.folder) for index in range(60)]
    assert all(photo.shape[2] == 3 and photo.dtype == np.uint8 for photo in photos)
    small = [read_pixels(column.cell(index), column.folder, shortest=100) for index in range(60)]
    assert all(min(photo.shape[:2]) >= 100 for photo in small)


def test_ants_and_bees_have_no_twins_but_planted_ones_are_found() -> None:
    table = read("ants_bees")
    column = table.column("file")
    photos = [read_pixels(column.cell(index), column.folder) for index in range(len(table))]
    darker = [(photo * 0.7).astype(np.uint8) for photo in photos[:40]]
    groups = near_duplicate_groups([photo_hash(photo) for photo in photos + darker])
    assert (groups[40:243] == -1).all()
    assert (groups[:40] == groups[243:]).all()


def test_nyalas_that_were_photographed_once_and_filed_twice() -> None:
    column = read("nyala/photos.csv").column("photo")
    groups = near_duplicate_groups([photo_hash(read_pixels(cell, column.folder)) for cell in column.values])
    assert groups.max() + 1 == 8
    assert (groups >= 0).sum() == 16


def test_right_whales() -> None:
    table = read("right_whales/photos.csv")
    assert len(table) == 3507
    assert table.frame.schema["bbox1_x"] == pl.Float64
    assert table.frame.schema["new_whale"] == pl.Boolean
    assert table.frame["whale"].dtype == pl.String
    strata = table.frame["whale"].rank("dense").to_numpy().astype(np.int64)
    rows = split(table, strata=strata)
    assert set(strata) == set(strata[rows.train])
    column = table.column("photo")
    assert all(read_pixels(column.cell(index), column.folder).shape == (224, 224, 3) for index in range(50))


def test_esc10() -> None:
    table = read("esc10/clips.csv")
    column = table.column("clip")
    for index in range(0, len(table), 40):
        assert probe(column.cell(index), column.folder, "sound") is None
        assert sound_duration(column.cell(index), column.folder) == pytest.approx(5, abs=0.01)
    assert len(read_samples(column.cell(0), column.folder, rate_hz=32_000)) == pytest.approx(160_000, abs=100)
    strata = table.frame["sound"].rank("dense").to_numpy().astype(np.int64)
    source = table.frame["source"].to_numpy()
    rows = split(table, group="source", strata=strata)
    assert not set(source[rows.train]) & set(source[rows.tune]) | set(source[rows.train]) & set(source[rows.test])
    fold = folds(5, strata=strata, groups=source)
    assert np.abs(np.bincount(fold) - 64).max() <= 2


def test_faces_in_kaggles_format() -> None:
    table = read("faces/training_kaggle_format.csv.gz")
    assert (len(table), len(table.columns)) == (300, 31)
    assert set(table.frame.dtypes[:30]) == {pl.Float64}
    column = table.column("Image")
    face = read_pixels(column.cell(0), column.folder)
    assert face.shape == (96, 96, 3)
    assert face[0, :3, 0].tolist() == [106, 110, 109]
    assert picture_size(column.cell(0), column.folder) == PictureSize(96, 96)
    assert all(read_pixels(cell, column.folder).shape == (96, 96, 3) for cell in column.values)
    points = Points.of(table.frame)
    assert len(points.names) == 15
    assert points.known.all(axis=1).sum() == 111


def test_faces_to_the_formats_of_other_programs_and_back(tmp_path: Path) -> None:
    table = read("faces/faces.csv")
    points = table.frame.drop("photo", "person").cast(pl.Float64)
    write_coco(table.frame, tmp_path / "faces.json", folder=table.folder)
    write_deeplabcut(table.frame, tmp_path / "faces.csv", folder=table.folder)
    for name in ("faces.json", "faces.csv"):
        found = Table.read(tmp_path / name)
        assert found.frame.drop("photo").equals(points), name
        assert found.notes == ()
        assert picture_size(found.frame["photo"][0], found.folder) == PictureSize(96, 96)


@pytest.mark.parametrize("name", ["ants_bees", "nyala/photos.csv"])
def test_sizes_from_headers_are_those_of_the_pixels(name: str) -> None:
    table = read(name)
    column = table.column("file" if "file" in table.columns else "photo")
    for cell in column.values[:60]:
        size, shape = picture_size(cell, column.folder), read_pixels(cell, column.folder).shape
        assert (size.height, size.width) == (shape[:2] if size.orientation < 5 else shape[1::-1])


def test_rossmann_by_time() -> None:
    table = read("rossmann/train.parquet")
    assert len(table) == 1_017_209
    rows = split(table, time="Date", test_share=0.1, tune_share=0.05)
    dates = table.frame["Date"]
    assert dates.gather(rows.train).max() < dates.gather(rows.tune).min()
    assert dates.gather(rows.tune).max() < dates.gather(rows.test).min()
    assert len(rows.test) == pytest.approx(101_720, rel=0.02)


def test_rossmann_stores() -> None:
    table = read("rossmann/store.csv")
    assert table.frame.schema["PromoInterval"] == pl.String
    assert table.frame["CompetitionDistance"].null_count() == 3


@pytest.mark.parametrize("name", ["urbansound/clips.csv", "spoken_digits/recordings.csv"])
def test_sounds_grouped_by_who_made_them(name: str) -> None:
    table = read(name)
    target, group = ("sound", "recording") if "urban" in name else ("digit", "speaker")
    strata = table.frame[target].rank("dense").to_numpy().astype(np.int64)
    rows = split(table, group=group, strata=strata)
    groups = table.frame[group].to_numpy()
    assert not set(groups[rows.train]) & set(groups[rows.test])
    assert set(strata) == set(strata[rows.train])


def test_a_day_outdoors_is_a_flat_folder() -> None:
    table = read("soundscape")
    assert table.columns == ["file"]
    assert probe(table.column("file").cell(0), table.folder, "sound") is None

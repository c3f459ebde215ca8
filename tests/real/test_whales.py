"""Right whales as they are: passport photos of the marked points are the crops that the data set's makers cut."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from injerto.recipes.marks import mark_columns, read_marks
from injerto.table.passport import Frame, passport
from injerto.table.table import Table

DATA = Path(__file__).parents[3] / "shared" / "data" / "right_whales"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"no right whales in {DATA}")


@pytest.fixture(scope="module")
def data():
    """The benchmark's own module, which no package holds."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import whales_data
    finally:
        sys.path.remove(str(BENCHMARKS))
    return whales_data


def test_passport_photos_are_the_crops_of_the_data_set(data):
    """Their windows are two head lengths along and one across, stretched to twice that, points at 0.8 and 0.3 of the side."""
    frame = Frame(side_pixels=224, first_unit=data.BONNET, second_unit=data.BLOWHEAD, stretch=data.STRETCH)
    alike = []
    for row in data.full_size(DATA).iter_rows(named=True):
        photo = np.asarray(Image.open(DATA / row["photo"]).convert("RGB"))
        bonnet, blowhead = (np.array([row[f"{name}_x"], row[f"{name}_y"]]) for name in ("bonnet", "blowhead"))
        made = passport(photo, bonnet, blowhead, frame)[16:-16, 16:-16].astype(float).mean(axis=2).ravel()
        crop = np.asarray(Image.open(DATA / row["crop"]).convert("L"), dtype=float)[16:-16, 16:-16].ravel()
        alike.append(np.corrcoef(made, crop)[0, 1])
    assert np.median(alike) > 0.97
    assert min(alike) > 0.85


def test_boxes_of_two_corners_in_the_table_of_the_photos_in_full_size():
    table = Table.read(DATA / "photos.csv")
    columns = mark_columns(table.columns)
    assert columns.box == ("bbox1_x", "bbox1_y", "bbox2_x", "bbox2_y")
    assert columns.corners
    assert columns.points == ("bonnet", "blowhead")


def test_marks_of_other_pixels_than_the_photos_are_told(data):
    """The columns are pixels of the originals, not of the crops: almost no box lies on its photo."""
    table = Table.read(DATA / "photos.csv").take(np.arange(200))
    marks = read_marks(table, "photo", mark_columns(table.columns))
    assert len(marks.ledger) > 150
    assert "lies beside the photo of 224 x 224 pixels" in next(iter(marks.ledger)).reason


def test_held_out_photos_are_a_fifth_of_those_of_whales_with_three(data):
    whales = data.photos(DATA)["whale"]
    apart = data.held_out(whales)
    assert not apart[~data.often_enough(whales)].any()
    assert 0.17 < apart[data.often_enough(whales)].mean() < 0.23
    assert (apart == data.held_out(whales)).all()


def test_made_photos_have_their_marks_where_the_head_is(data):
    generator = np.random.default_rng(3)
    place = data.drawn_place(generator)
    bonnet, blowhead = place.on_photo(np.array([data.BONNET, data.BLOWHEAD]))
    assert (np.minimum(bonnet, blowhead) >= 0).all()
    assert (np.maximum(bonnet, blowhead) < data.PHOTO_SIZE).all()
    assert np.linalg.norm(bonnet - blowhead) == pytest.approx(place.window / 2)
    crop = np.zeros((224, 224, 3), dtype=np.uint8)
    crop[:, :, 2] = 90
    crop[106:118, 173:185] = (255, 255, 255)  # white around the bonnet
    made = data.made_photo([crop], [place], generator).astype(float)
    x, y = np.round(bonnet).astype(int)
    assert made[y, x].min() > 150

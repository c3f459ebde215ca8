from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from injerto.errors import MediaError
from injerto.features.whole_photo import GREY, WholePhotoFeature
from injerto.schema.schema import Input
from injerto.table.boxes import box_of, boxed_column
from injerto.table.keypoints.layout import BOX
from injerto.table.table import Table


def table(folder: Path, **box: list[float | None]) -> Table:
    return Table.of(pl.DataFrame({"photo": ["a.png", "a.png", None], **box}), folder=folder)


def test_cells_become_parts_of_photos(tmp_path: Path) -> None:
    rows = table(tmp_path, box_x=[1, None, 3], box_y=[2, None, 3], box_width=[30, None, 3], box_height=[20, None, 3])
    column = boxed_column(rows, "photo", BOX)
    assert box_of(column.cell(0)) == (1, 2, 30, 20)
    assert box_of(column.cell(1)) is None  # the whole photo
    assert column.cell(2) is None
    assert boxed_column(rows, "photo", ()).cell(0) == "a.png"


@pytest.mark.parametrize(
    ("box", "words"), [((0, 0, 0, 5), "0 pixels wide and 5 high"), ((0, None, 4, 5), "not all of its four numbers")]
)
def test_a_box_that_is_none_says_why(box: tuple[float | None, ...], words: str) -> None:
    with pytest.raises(MediaError, match=words):
        box_of({"path": "a.png"} | dict(zip(BOX, box, strict=True)))


def test_a_part_of_a_photo_is_cut_out_with_some_room(tmp_path: Path) -> None:
    pixels = np.zeros((40, 60, 3), dtype=np.uint8)
    pixels[10:20, 50:60] = 255  # at the right edge
    Image.fromarray(pixels).save(tmp_path / "a.png")
    rows = table(tmp_path, box_x=[50, None, 0], box_y=[10, None, 0], box_width=[10, None, 1], box_height=[10, None, 1])
    feature = WholePhotoFeature("photo", Input(kind="image"), BOX).suit("efficientnet_lite0", 12)
    part = feature.read(feature.column(rows), 0)[0]
    expected = torch.zeros(12, 12, dtype=torch.uint8)
    expected[1:11, 1:11] = 255
    expected[:, 11] = GREY  # beyond the photo
    assert torch.equal(part, expected)
    assert feature.reads == ["photo", *BOX]


def test_a_bad_box_names_its_row(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    rows = table(tmp_path, box_x=[0, 0, 0], box_y=[0, 0, 0], box_width=[-3, 5, 5], box_height=[5, 5, 5])
    feature = WholePhotoFeature("photo", Input(kind="image"), BOX).suit("efficientnet_lite0", 12)
    with pytest.raises(MediaError, match="-3 pixels wide") as caught:
        feature.read(feature.column(rows), 0)
    assert (caught.value.row, caught.value.file) == (0, "a.png")

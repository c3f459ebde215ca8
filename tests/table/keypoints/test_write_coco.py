"""What is written is what COCO asks for, and comes back as it was."""

import json
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from injerto.errors import MediaError, OutputError, TableError
from injerto.table.keypoints.write_coco import write_coco
from injerto.table.table import Table
from made_media import encoded, exif

FRAME = pl.DataFrame(
    {
        "photo": ["b.png", "a.jpg", "b.png"],
        "head_x": [3.0, 1.5, None],
        "head_y": [4.0, 2.25, None],
        "tail_x": [7.0, None, None],
        "tail_y": [4.0, None, None],
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(encoded(Image.new("RGB", (20, 10)), "JPEG", exif=exif(6)))
    (tmp_path / "b.png").write_bytes(encoded(Image.new("L", (8, 9)), "PNG"))
    return tmp_path


def written(frame: pl.DataFrame, folder: Path) -> dict[str, list[dict[str, object]]]:
    assert write_coco(frame, folder / "a.json") == ()
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "a.json").read_text())
    return found


def back(frame: pl.DataFrame, folder: Path) -> pl.DataFrame:
    write_coco(frame, folder / "a.json")
    return Table.read(folder / "a.json").frame


def test_by_hand(folder: Path) -> None:
    found = written(FRAME, folder)
    assert found["images"] == [
        {"id": 1, "file_name": "b.png", "width": 8, "height": 9},
        {"id": 2, "file_name": "a.jpg", "width": 20, "height": 10},  # as stored, whatever its EXIF block says
    ]
    assert found["categories"] == [
        {"id": 1, "name": "subject", "supercategory": "", "keypoints": ["head", "tail"], "skeleton": []}
    ]
    first, second, third = found["annotations"]
    assert first == {
        "id": 1,
        "image_id": 1,
        "category_id": 1,
        "iscrowd": 0,
        "keypoints": [3, 4, 2, 7, 4, 2],
        "num_keypoints": 2,
        "bbox": [3, 4, 5, 1],
        "area": 5,
        "bbox_is_around_keypoints": True,
    }
    assert (second["image_id"], second["keypoints"], second["bbox"]) == (2, [1.5, 2.25, 2, 0, 0, 0], [1.5, 2.25, 1, 1])
    assert (third["num_keypoints"], third["keypoints"], third["bbox"], third["area"]) == (0, [0] * 6, [0] * 4, 0)


def test_plain_points_come_back(folder: Path) -> None:
    assert back(FRAME, folder).equals(FRAME)


def test_everything_comes_back(folder: Path) -> None:
    frame = FRAME.select(
        "photo",
        pl.Series("category", ["ant", "bee", "ant"]),
        pl.Series("box_x", [0.5, None, 1.0]),
        pl.Series("box_y", [0.0, None, 1.0]),
        pl.Series("box_width", [8.0, None, 1.0]),
        pl.Series("box_height", [9.0, None, 1.0]),
        "head_x",
        "head_y",
        pl.Series("head_visible", [False, True, None]),
        pl.Series("head_confidence", [0.25, 0.1, None]),
        "tail_x",
        "tail_y",
        pl.Series("tail_visible", [True, None, None]),
        pl.Series("tail_confidence", [1.0, 0.5, None]),
    )
    assert back(frame, folder).equals(frame)
    found = written(frame, folder)
    assert [one.get("score") for one in found["annotations"]] == [0.625, 0.3, None]
    assert [one["name"] for one in found["categories"]] == ["ant", "bee"]
    assert found["annotations"][0]["keypoints"] == [3, 4, 1, 7, 4, 2]
    assert found["annotations"][0]["bbox"] == [0.5, 0, 8, 9]
    assert found["annotations"][0]["area"] == 72


def test_a_score_comes_back(folder: Path) -> None:
    frame = FRAME.with_columns(score=pl.Series([0.5, None, 0.25]))
    assert back(frame, folder).equals(frame)


def test_odd_fractions_come_back_to_the_last_bit(folder: Path) -> None:
    frame = FRAME.with_columns(head_x=pl.Series([0.1 + 0.2, 1 / 3, None]))
    assert back(frame, folder).equals(frame)


def test_what_coco_cannot_say_is_said(folder: Path) -> None:
    frame = FRAME.with_columns(
        head_visible=pl.Series([None, True, None]), tail_visible=pl.Series([True, False, None]), site=pl.lit("x")
    )
    assert write_coco(frame, folder / "a.json") == (
        "Not written, as COCO has no place for it: site.",
        "Not in the picture, and written as not labelled (v 0): 1 of 6 points.",
        "Not said to be visible or hidden, and written as visible (v 2): 1 of 6 points.",
    )


def test_some_points_and_another_column_of_photos(folder: Path) -> None:
    frame = FRAME.rename({"photo": "picture"})
    assert write_coco(frame, folder / "a.json", photo="picture", points=["tail"]) == (
        "Not written, as COCO has no place for it: head_x, head_y.",
    )
    assert Table.read(folder / "a.json").columns == ["photo", "tail_x", "tail_y"]


def test_sizes_that_are_given_need_no_files(tmp_path: Path) -> None:
    write_coco(FRAME, tmp_path / "a.json", sizes={"a.jpg": (5, 6), "b.png": (7, 8)})
    assert [(one["width"], one["height"]) for one in json.loads((tmp_path / "a.json").read_text())["images"]] == [
        (7, 8),
        (5, 6),
    ]


def test_photos_are_counted_from_the_new_file(folder: Path) -> None:
    write_coco(FRAME, folder / "out" / "a.json", folder=folder)
    table = Table.read(folder / "out" / "a.json")
    assert table.frame["photo"].to_list() == ["../b.png", "../a.jpg", "../b.png"]
    assert (table.folder / "../b.png").exists()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (FRAME.drop("photo"), r"has no column 'photo' of photos\. Its columns: head_x"),
        (FRAME.rename({"photo": "photos"}), r"Did you mean 'photos'\?"),
        (FRAME.with_columns(photo=pl.Series(["a.jpg", " ", None])), r"Column 'photo' is empty in row 1 \(rows from 0\)"),
        (FRAME.with_columns(photo=pl.lit(b"x")), r"must hold paths of photos; it holds Binary\. Save the photos as files"),
        (FRAME.with_columns(photo=pl.lit("1 2 3 4 5 6")), r"Row 0 \(from 0\) holds grey levels"),
        (FRAME.head(0), r"has no rows to write"),
        (FRAME.select("photo"), r"has no point"),
        (FRAME.with_columns(category=pl.Series(["a", None, "a"])), r"Column 'category' is empty in row 1"),
    ],
)
def test_tables_that_cannot_be_written(folder: Path, frame: pl.DataFrame, said: str) -> None:
    with pytest.raises(TableError, match=said):
        write_coco(frame, folder / "a.json")


def test_a_photo_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"row 0: b\.png: no such file"):
        write_coco(FRAME, tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()


def test_a_place_that_cannot_be_written(folder: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_coco(FRAME, folder / "a.jpg" / "a.json", folder=folder)

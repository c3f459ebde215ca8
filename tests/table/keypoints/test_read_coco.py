"""COCO's keypoints as rows: every number by hand, and nothing lost without a word."""

import copy
import gzip
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table.table import Table

BEE: dict[str, Any] = {
    "images": [
        {"id": 4, "file_name": "a.jpg", "width": 20, "height": 10},
        {"id": 5, "file_name": "b.jpg", "width": 20, "height": 10},
        {"id": 6, "file_name": "c.jpg", "width": 20, "height": 10},
    ],
    "annotations": [
        {"id": 1, "image_id": 5, "category_id": 1, "keypoints": [3, 4, 2, 0, 0, 0]},
        {"id": 2, "image_id": 4, "category_id": 1, "keypoints": [1.5, 2, 2, 7, 8.25, 2]},
        {"id": 3, "image_id": 5, "category_id": 1, "keypoints": [0, 0, 2, 9, 9, 2]},
    ],
    "categories": [{"id": 1, "name": "bee", "keypoints": ["head", "sting"], "skeleton": [[1, 2]]}],
}


def read(tmp_path: Path, data: object, name: str = "bees.json") -> Table:
    for photo in "abc":
        (tmp_path / f"{photo}.jpg").touch()
    (tmp_path / name).write_text(json.dumps(data))
    return Table.read(tmp_path / name)


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(BEE) | parts


def with_annotation(**keys: Any) -> dict[str, Any]:
    """BEE with the keys of its first annotation changed."""
    data = copy.deepcopy(BEE)
    data["annotations"][0] |= keys
    return data


def test_one_row_an_annotation(tmp_path: Path) -> None:
    table = read(tmp_path, BEE)
    assert table.frame.equals(
        pl.DataFrame(
            {
                "photo": ["b.jpg", "a.jpg", "b.jpg"],
                "head_x": [3.0, 1.5, 0.0],
                "head_y": [4.0, 2.0, 0.0],
                "sting_x": [None, 7.0, 9.0],
                "sting_y": [None, 8.25, 9.0],
            }
        )
    )
    assert table.notes == ("1 of 3 images have no annotation, and give no row.",)
    assert (table.name, table.folder) == ("bees", tmp_path)


def test_packed(tmp_path: Path) -> None:
    plain = read(tmp_path, BEE)
    (tmp_path / "bees.json.gz").write_bytes(gzip.compress(json.dumps(BEE).encode("utf-8-sig")))
    assert Table.read(tmp_path / "bees.json.gz").frame.equals(plain.frame)


def test_a_hidden_point_makes_the_columns_of_visibility(tmp_path: Path) -> None:
    frame = read(tmp_path, with_annotation(keypoints=[3, 4, 1, 0, 0, 0])).frame
    assert frame.columns == ["photo", "head_x", "head_y", "head_visible", "sting_x", "sting_y", "sting_visible"]
    assert frame["head_visible"].to_list() == [False, True, True]
    assert frame["head_x"][0] == 3
    assert frame["sting_visible"].to_list() == [None, True, True]


def test_boxes_as_they_are(tmp_path: Path) -> None:
    frame = read(tmp_path, with_annotation(bbox=[1, 2, 3.5, 4])).frame
    assert frame.columns[:5] == ["photo", "box_x", "box_y", "box_width", "box_height"]
    assert frame.row(0)[1:5] == (1, 2, 3.5, 4)
    assert frame.row(1)[1:5] == (None,) * 4


def test_several_categories_share_the_columns(tmp_path: Path) -> None:
    ant = {"id": 2, "name": "ant", "keypoints": ["waist", "head"]}
    data = changed(categories=[*BEE["categories"], ant])
    data["annotations"][1] |= {"category_id": 2, "keypoints": [1, 2, 2, 3, 4, 2]}
    frame = read(tmp_path, data).frame
    assert frame.columns == ["photo", "category", "head_x", "head_y", "sting_x", "sting_y", "waist_x", "waist_y"]
    assert frame.rows()[1] == ("a.jpg", "ant", 3, 4, None, None, 1, 2)
    assert frame.rows()[0] == ("b.jpg", "bee", 3, 4, None, None, None, None)


def test_a_category_without_points_makes_no_column(tmp_path: Path) -> None:
    data = changed(categories=[*BEE["categories"], {"id": 2, "name": "flower"}])
    data["annotations"].append({"id": 9, "image_id": 6, "category_id": 2, "bbox": [0, 0, 1, 1]})
    table = read(tmp_path, data)
    assert "category" not in table.columns
    assert table.notes == ("1 of 4 annotations left out: they have no keypoints.",)


def test_scores_of_annotations_and_of_points(tmp_path: Path) -> None:
    assert read(tmp_path, with_annotation(score=0.75)).frame["score"].to_list() == [0.75, None, None]
    frame = read(tmp_path, with_annotation(score=0.75, keypoint_scores=[0.5, None])).frame
    assert "score" not in frame.columns
    assert frame["head_confidence"].to_list() == [0.5, None, None]
    bad = read(tmp_path, with_annotation(keypoint_scores=[0.5]))
    assert "1 of 3 annotations with keypoint_scores that are not a number a point; they were left out." in bad.notes


def test_ids_may_be_written_in_different_ways(tmp_path: Path) -> None:
    table = read(tmp_path, with_annotation(image_id="5", category_id=1.0))
    assert len(table) == 3


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"image_id": 77}, r"annotations\[0\] \(id 1\): no image has its image_id 77"),
        ({"image_id": None}, r"no image has its image_id None"),
        ({"category_id": 8}, r"no category has its category_id 8"),
        ({"keypoints": [1, 2, 2]}, r"its keypoints are 3 numbers, expected 6: x, y and v for each of 2 points"),
        ({"keypoints": "1 2 2"}, r"its keypoints are no list, expected 6"),
        ({"keypoints": [1, 2, 0.87, 0, 0, 0]}, r"v of 'head' is 0\.87, expected 0, 1 or 2"),
        ({"keypoints": [1, 2, 2, 0, 0, True]}, r"v of 'sting' is True, expected 0, 1 or 2"),
        ({"keypoints": [1, "2", 2, 0, 0, 0]}, r"the place of 'head' is 1, '2', expected two numbers"),
        ({"keypoints": [1, float("nan"), 2, 0, 0, 0]}, r"the place of 'head' is 1, nan, expected two numbers"),
        ({"keypoints": [1, 2, 2, "", "", 0]}, r"the place of 'sting' is '', '', expected two numbers"),
    ],
)
def test_an_annotation_that_cannot_be_used_is_named(tmp_path: Path, keys: dict[str, Any], said: str) -> None:
    table = read(tmp_path, with_annotation(**keys))
    assert table.frame["photo"].to_list() == ["a.jpg", "b.jpg"]
    assert len(table.notes) == 2
    assert re.search(said, table.notes[0])
    assert table.notes[0].startswith("1 of 3 annotations left out: ")


def test_only_the_first_few_are_named(tmp_path: Path) -> None:
    data = copy.deepcopy(BEE)
    data["annotations"] += [{"id": 10 + n, "image_id": 99, "category_id": 1, "keypoints": [0] * 6} for n in range(8)]
    assert read(tmp_path, data).notes[0].endswith("; and 3 more.")


def test_the_rest_that_is_left_out_or_odd_is_counted(tmp_path: Path) -> None:
    data = with_annotation(keypoints=[3, 4, 2, 7, 7, 0], bbox=[1, 2])
    data["annotations"] += [
        {"id": 1, "image_id": 6, "category_id": 1, "keypoints": [None, None, 0, 1, 1, 2]},
        {"id": 8, "image_id": 6, "category_id": 1, "iscrowd": 1, "keypoints": [0] * 6},
    ]
    table = read(tmp_path, data)
    assert table.frame["sting_x"].to_list() == [None, 7, 9, 1]
    assert table.notes == (
        "1 of 5 annotations left out: they mark crowds (iscrowd 1).",
        "1 of 4 annotations with the id of an earlier one; all are rows.",
        "1 of 8 points with a place but v 0 (not labelled) were taken as unknown.",
        "1 of 4 annotations with a box that is not four numbers; it was left empty.",
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"images": None}, r"its 'images' is no list of objects"),
        ({"annotations": [1]}, r"its 'annotations' is no list of objects"),
        ({"annotations": []}, r"has no annotations: the list is empty"),
        ({"categories": []}, r"has no categories: the list is empty"),
        ({"images": [{"file_name": "a.jpg"}]}, r"images\[0\] has no id"),
        ({"images": [{"id": 1}]}, r"images\[0\] has no file_name"),
        (
            {"images": [{"id": 5, "file_name": "a.jpg"}, {"id": 5, "file_name": "b.jpg"}]},
            r"the image id 5 twice, to a\.jpg and to b\.jpg: no telling .* Number the images anew",
        ),
        (
            {"categories": [{"id": 1, "name": "bee"}]},
            r"no category lists the names of its points .* export it as COCO keypoints",
        ),
        ({"categories": [{"name": "bee", "keypoints": ["a"]}]}, r"categories\[0\] has no id"),
        ({"categories": [{"id": 1, "name": "bee", "keypoints": [1]}]}, r"'keypoints' of the category bee is no list of names"),
        ({"categories": [{"id": 1, "name": "bee", "keypoints": ["a", "a"]}]}, r"two points of the category bee 'a'"),
        (
            {"categories": [{"id": 1, "name": "bee", "keypoints": ["a"]}, {"id": 1, "name": "ant", "keypoints": ["a"]}]},
            r"category id 1 twice, to bee and to ant",
        ),
        (
            {"categories": [{"id": 2, "name": "ant", "keypoints": ["a"]}]},
            r"no annotation .* that can be used\. 3 of 3 annotations left out",
        ),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(tmp_path: Path, parts: dict[str, Any], said: str) -> None:
    with pytest.raises(TableError, match=said):
        read(tmp_path, changed(**parts))


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    data = copy.deepcopy(BEE)
    del data["categories"]
    with pytest.raises(TableError, match=r"its 'categories' is missing\. .* three lists: images, annotations, categories"):
        read(tmp_path, data)


def test_a_point_called_box_beside_boxes(tmp_path: Path) -> None:
    data = with_annotation(bbox=[1, 2, 3, 4])
    data["categories"][0]["keypoints"] = ["box", "sting"]
    with pytest.raises(TableError, match=r"columns of the same name: 'box_x' \(2 times\)"):
        read(tmp_path, data)

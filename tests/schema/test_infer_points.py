from pathlib import Path

import polars as pl
from PIL import Image

from injerto.schema.check import check
from injerto.schema.infer_points import TARGET, infer_points
from injerto.table.keypoints.layout import BOX
from injerto.table.table import Table


def flock(folder: Path, photos: list[str], **more: list[float]) -> Table:
    for name in set(photos):
        Image.new("RGB", (64, 48), "grey").save(folder / name)
    count = len(photos)
    places = {"beak_x": [float(5 + 13 * row % 50) for row in range(count)], "beak_y": [float(3 + row) for row in range(count)]}
    return Table.of(pl.DataFrame({"photo": photos, **places, **more}), folder=folder)


def boxes(count: int) -> dict[str, list[float]]:
    return {"box_x": [0.0] * count, "box_y": [0.0] * count, "box_width": [30.0] * count, "box_height": [30.0] * count}


def test_boxes_say_which_animal_where_a_photo_stands_in_several_rows(tmp_path: Path) -> None:
    table = flock(tmp_path, ["a.png", "a.png", "b.png"], **boxes(3))
    schema = infer_points(table)
    assert schema.targets[TARGET].box == list(BOX)
    assert "each found in its box" in schema.targets[TARGET].reason
    assert not set(BOX) & set(schema.dropped)
    assert not any("several animals" in problem.message for problem in check(schema, table, quick=True).problems)


def test_boxes_are_left_out_where_every_photo_has_one_row(tmp_path: Path) -> None:
    schema = infer_points(flock(tmp_path, ["a.png", "b.png"], **boxes(2)))
    assert schema.targets[TARGET].box == []
    assert set(BOX) <= set(schema.dropped)


def test_without_boxes_animals_that_share_a_photo_are_told_of(tmp_path: Path) -> None:
    table = flock(tmp_path, ["a.png", "a.png", "b.png"])
    problems = check(infer_points(table), table, quick=True).problems
    assert any("give each row a box" in problem.message for problem in problems)


def test_a_box_that_is_not_in_the_table_is_named(tmp_path: Path) -> None:
    table = flock(tmp_path, ["a.png", "a.png", "b.png"], **boxes(3))
    schema = infer_points(table)
    narrow = Table.of(table.frame.drop("box_width"), folder=tmp_path)
    errors = [problem.message for problem in check(schema, narrow, quick=True).errors]
    assert any("'box_width' of the box is not in the table" in message for message in errors)

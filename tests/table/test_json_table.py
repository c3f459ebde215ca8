"""Plain tables written as JSON, and the many JSON files that are none."""

import json
from pathlib import Path

import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table.table import Table


def read(tmp_path: Path, text: str) -> Table:
    (tmp_path / "a.json").write_text(text)
    return Table.read(tmp_path / "a.json")


@pytest.mark.parametrize(
    "text",
    [
        '[{"site": "x", "mass": 1}, {"mass": 2.5, "ok": true}]',
        '{"site": ["x", null], "mass": [1, 2.5], "ok": [null, true]}',
    ],
)
def test_records_and_lists(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert table.frame.equals(pl.DataFrame({"site": ["x", None], "mass": [1.0, 2.5], "ok": [None, True]}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"images": [', r"is damaged: .* at line 1, column 13\. The file ends too early"),
        ('{"images" 3}', r"is damaged: Expecting ':' delimiter at line 1, column 11\.$"),
        ("[" * 100_000, r"holds no table: .*recursion"),
        ("3", r"holds no table: it is a number\. Expected keypoints in COCO's layout"),
        ("[]", r"is an empty list"),
        ("{}", r"holds no table: it is empty"),
        ("[1]", r"is a list, but its entry 0 is a number"),
        ('[{"image_id": 1, "category_id": 1, "keypoints": [1, 2, 2], "score": 0.5}]', r"holds results in COCO's layout"),
        ('{"type": "FeatureCollection", "features": []}', r"is a map \(GeoJSON or TopoJSON\)"),
        ('{"shapes": [], "imagePath": "a.jpg"}', r"is a labelme file: convert it to COCO keypoints"),
        ('{"a": {"0": 1}}', r"holds no table: its 'a' is an object"),
        ('{"a": [1], "b": [1, 2]}', r"differ in length: 'a' has 1 cells, 'b' has 2"),
        ('[{"a": 1}, {"a": [1]}]', r"holds no flat table: 'a' in entry 1 is a list"),
        ('[{"a": 1}, {"a": "x"}]', r"The column 'a' in .* mixes kinds of cells: a number, a text"),
        ('[{"a": 1e400, "b": 123456789012345678901234567890123456789012345}]', r"The column 'b' in .* cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read(tmp_path, text)


def test_infinite_numbers_are_as_in_other_tables(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps({"a": [1.0, float("nan")]})).frame["a"].to_list() == [1.0, None]

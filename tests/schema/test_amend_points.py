"""A schema of keypoints, and what is asked for beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from injerto.errors import SchemaError
from injerto.schema.infer import LEFT_OUT
from injerto.schema.schema import Schema, Split, Target, Training
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table
from made_dots import dots


@pytest.fixture
def table(tmp_path: Path) -> Table:
    columns = dots(tmp_path, 12)
    more = {"back": [f"{row:03d}.png" for row in reversed(range(12))], "who": ["ann", "bo"] * 6, "nest": list("abcdef") * 2}
    return Table.of(columns | more, folder=tmp_path)


@pytest.fixture
def given(table: Table) -> Schema:
    return declare(table, Wishes(keypoints=True, drop=["back"], source="who"))


def test_it_is_taken_as_it_is(table: Table, given: Schema) -> None:
    assert given.targets["keypoints"].mirror == [("left", "right")]
    assert declare(table, Wishes(schema=given)) == declare(table, Wishes(schema=given, keypoints=True)) == given


def test_a_source_may_keep_its_rows_together(table: Table) -> None:
    schema = declare(table, Wishes(keypoints=True, drop=["back"], source="who", group="who"))
    assert (schema.split.group, schema.targets["keypoints"].source) == ("who", "who")


def test_points_leave_with_their_columns_and_their_pairs(table: Table, given: Schema) -> None:
    schema = declare(table, Wishes(schema=given, drop=["right_x", "right_y"]))
    assert schema.targets["keypoints"].points == ["left"]
    assert schema.targets["keypoints"].mirror == []
    assert schema.dropped["right_x"] == LEFT_OUT


def test_other_photos_another_source_another_mirror(table: Table, given: Schema) -> None:
    schema = declare(table, Wishes(schema=given, inputs=["back:image"], source="nest", mirror=[], group="nest", seed=4))
    target = schema.targets["keypoints"]
    assert (target.photo, target.source, target.mirror) == ("back", "nest", [])
    assert list(schema.inputs) == ["back"]
    assert (schema.split.group, schema.training.seed) == ("nest", 4)


def test_points_beside_a_schema_without_a_target(table: Table) -> None:
    plain = Schema(targets={}, inputs={}, split=Split(group="nest"), training=Training(epochs=3))
    schema = declare(table, Wishes(schema=plain, keypoints=True, drop=["back"]))
    assert (schema.split.group, schema.training.epochs, schema.training.multipliers["backbone"]) == ("nest", 3, 0.5)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"targets": ["who"]}, "Keypoints are a model's only target, but 'who' is asked for as well"),
        ({"inputs": ["nest:category"]}, "Keypoints are found on one column of photos, and 'nest' cannot be inputs"),
        ({"drop": ["lft_x"]}, "has no column 'lft_x'. Did you mean 'left_x'?"),
        ({"source": "whom"}, "has no column 'whom'. Did you mean 'who'?"),
        ({"mirror": [("left", "rite")]}, "'rite' in the pair 'left' and 'rite' is no point"),
    ],
)
def test_what_cannot_be(table: Table, given: Schema, wishes: dict[str, object], words: str) -> None:
    with pytest.raises(SchemaError, match=re.escape(words)):
        declare(table, Wishes(schema=given, **wishes))  # type: ignore[arg-type]


def test_points_beside_another_target_or_none(table: Table) -> None:
    species = Schema(targets={"who": Target(kind="class")}, inputs={})
    with pytest.raises(SchemaError, match="only target, but 'who' is asked for as well"):
        declare(table, Wishes(schema=species, keypoints=True))
    with pytest.raises(SchemaError, match="are options of keypoints: ask for keypoints, too, with --keypoints"):
        declare(table, Wishes(schema=species, mirror=[]))

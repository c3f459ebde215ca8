from pathlib import Path

import pytest

from injerto.errors import ColumnError, SchemaError
from injerto.schema.infer import LEFT_OUT
from injerto.schema.schema import Input, Schema, Split, Target, Training
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table

BIRDS = Table.of(
    {
        "mass": [9.5, 10.1, 11.2, 12.9] * 5,
        "ring": [f"r{row // 2}" for row in range(20)],
        "site": ["pond", "wood"] * 10,
        "a:b": [1, 2, 3, 4] * 5,
        "species": ["wren", "jay", "jay", "jay"] * 5,
    }
)
GIVEN = Schema(
    inputs={"mass": Input(kind="number"), "site": Input(kind="category", min_count=7)},
    targets={"species": Target(kind="class", separator="/")},
    dropped={"a:b": "not of interest"},
    split=Split(group="ring", test_share=0.4),
    training=Training(seed=5, patience=3),
)


def test_without_a_schema_everything_is_guessed_and_wishes_are_kept():
    wishes = Wishes(["species"], ["a:b:category"], ["site"], group="ring", mode="probe", budget_seconds=9, seed=3)
    schema = declare(BIRDS, wishes)
    assert schema.targets["species"].kind == "class"
    assert {name: item.kind for name, item in schema.inputs.items()} == {"mass": "number", "a:b": "category"}
    assert set(schema.dropped) == {"ring", "site"}
    assert schema.split.group == "ring"
    assert (schema.training.mode, schema.training.budget_seconds, schema.training.seed) == ("probe", 9, 3)


def test_a_schema_given_is_taken_as_it_is(tmp_path: Path):
    GIVEN.write(tmp_path / "s.toml")
    assert declare(BIRDS, Wishes(schema=GIVEN)) == GIVEN
    assert declare(BIRDS, Wishes(schema=tmp_path / "s.toml")) == GIVEN
    assert declare(BIRDS, Wishes(schema=str(tmp_path / "s.toml"))) == GIVEN


def test_wishes_go_before_the_schema_and_leave_the_rest():
    schema = declare(BIRDS, Wishes(["species"], ["mass:category"], ["site"], schema=GIVEN, seed=8, time="mass"))
    assert schema.targets == GIVEN.targets  # the same kind: its separator stays
    assert schema.inputs["mass"].kind == "category"
    assert schema.dropped == {"a:b": "not of interest", "site": LEFT_OUT}
    assert schema.split == Split(group="ring", time="mass", test_share=0.4)
    assert schema.training == Training(seed=8, patience=3)


def test_an_input_that_was_dropped_comes_back_when_asked_for():
    schema = declare(BIRDS, Wishes(inputs=["a:b"], schema=GIVEN))
    assert schema.inputs["a:b"].kind == "number"
    assert schema.inputs["site"].min_count == 7
    assert schema.dropped == {}
    assert schema.targets == GIVEN.targets


def test_another_target_replaces_the_schemas_and_is_no_input():
    schema = declare(BIRDS, Wishes(["mass:number"], schema=GIVEN))
    assert list(schema.targets) == ["mass"]
    assert list(schema.inputs) == ["site"]


@pytest.mark.parametrize(
    "wishes", [Wishes(["specis"]), Wishes(["species"], drop=["specis"]), Wishes(["species"], ["specis:number"])]
)
def test_a_column_that_is_not_there_gets_the_nearest(wishes: Wishes):
    with pytest.raises(ColumnError, match=r"Did you mean 'species'\?"):
        declare(BIRDS, wishes)


def test_unknown_columns_and_wrong_kinds_are_named_in_one_round():
    wishes = Wishes(["specis", "mass:numbr"], ["sit:category", "ring:dat"], drop=["a:c"])
    with pytest.raises(SchemaError, match="5 problems") as caught:
        declare(BIRDS, wishes)
    said = [
        r"no column 'specis'\. Did you mean 'species'\?",
        r"no column 'sit'\. Did you mean 'site'\?",
        r"no column 'a:c'\. Did you mean 'a:b'\? Its columns: mass, ring",
        r"Column 'mass': 'numbr' is not a kind of target\. Did you mean 'number'\?",
        r"Column 'ring': 'dat' is not a kind of input\. Did you mean 'date'\?",
    ]
    for words in said:
        assert caught.match(words)


def test_a_wrong_option_from_python_is_named():
    with pytest.raises(SchemaError, match=r"what was asked for: 'training.mode'.*found 'probing'"):
        declare(BIRDS, Wishes(["species"], mode="probing"))  # type: ignore[arg-type]
    with pytest.raises(SchemaError, match=r"'training.budget_seconds'.*greater than 0.*found -1"):
        declare(BIRDS, Wishes(["species"], budget_seconds=-1))


def test_a_schema_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SchemaError, match=r"There is no schema file .*none.toml.\. Check the path"):
        declare(BIRDS, Wishes(schema=tmp_path / "none.toml"))


CLASSES = ("wren", "jay", "tit")
CALLS = Table.of(
    {
        "clip": [f"XC{1000 + row // 4 * 37}_{row % 4}.wav" for row in range(120)],
        "call": [CLASSES[row // 4 % 3] for row in range(120)],
    }
)


def test_a_sure_group_is_taken_unless_something_else_is_said():
    split = declare(CALLS, Wishes(["call"])).split
    assert split.group == "clip" and split.group_part and "120 of 120 names" in (split.group_reason or "")
    told = declare(CALLS, Wishes(["call"], group="clip", group_part="^(XC)")).split
    assert told == Split(group="clip", group_part="^(XC)")
    assert declare(CALLS, Wishes(["call"], no_group=True)).split == Split(no_group=True)
    assert declare(CALLS, Wishes(["call"], time="call")).split == Split(time="call")


def test_a_schema_given_finds_no_groups_and_can_be_told():
    given = declare(CALLS, Wishes(["call"]))
    assert declare(CALLS, Wishes(schema=given)) == given
    assert declare(CALLS, Wishes(schema=given, no_group=True)).split == Split(no_group=True)
    assert declare(CALLS, Wishes(schema=given, group="call")).split == Split(group="call")
    assert declare(CALLS, Wishes(schema=given, group_seconds=5)).split == Split(group="clip", group_seconds=5)
    assert declare(CALLS, Wishes(["call"], schema=GIVEN.model_copy(update={"split": Split()}))).split == Split()


def test_a_column_that_says_what_names_say_is_the_group_and_no_input():
    beside = Table.of({name: CALLS.frame[name].to_list() for name in CALLS.columns} | {"rec": [row // 4 for row in range(120)]})
    schema = declare(beside, Wishes(["call"]))
    assert (schema.split.group, schema.split.group_part) == ("rec", None)
    assert "rec" not in schema.inputs and "belong together" in schema.dropped["rec"]
    kept = declare(beside, Wishes(["call"], ["rec:category"]))
    assert kept.split.group == "rec" and kept.inputs["rec"].kind == "category"
    assert declare(beside, Wishes(["call"], no_group=True)).split.group is None


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"group": "clip", "no_group": True}, "asked for and refused with --no-group"),
        ({"group_part": "^(XC)"}, "'group_part' needs a group"),
        ({"group": "clip", "group_part": "(XC"}, "is no regular expression"),
        ({"group": "clip", "group_part": "XC", "group_seconds": 3}, "two ways to read one group"),
        ({"group": "clip", "group_seconds": 0}, "greater than 0"),
    ],
)
def test_groups_that_make_no_sense(wishes: dict, words: str):
    with pytest.raises(SchemaError, match=words):
        declare(CALLS, Wishes(["call"], **wishes))

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from injerto.evidence import EVIDENCE, evidence_of
from injerto.evidence.number import SHOWN_POINTS, number_evidence
from injerto.evidence.pictures import SIDE, photo
from injerto.evidence.reliability import reliability
from injerto.evidence.several_classes import classes_evidence
from injerto.evidence.single_class import NEW, OTHERS, SHOWN_CLASSES, class_evidence, confusion
from injerto.evidence.told import Told
from injerto.heads import HEADS
from injerto.schema.kinds import TARGET_KINDS
from injerto.schema.schema import Input, Schema, Target
from injerto.table.table import Table


def test_every_kind_of_target_has_evidence():
    assert EVIDENCE.keys() == set(TARGET_KINDS)


def test_confusion_counts_true_by_answer():
    names, matrix = confusion(["ant", "bee"], np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]))
    assert names == ["ant", "bee"]
    assert matrix.tolist() == [[1, 1], [1, 2]]


def test_a_class_not_seen_in_training_has_a_line_of_its_own():
    names, matrix = confusion(["ant", "bee"], np.array([0, -1, -1]), np.array([0, 0, 1]))
    assert names == ["ant", "bee", NEW]
    assert matrix.tolist() == [[1, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_rare_classes_are_gathered_and_no_row_is_lost():
    count = SHOWN_CLASSES + 5
    truth = np.repeat(np.arange(count), np.arange(count, 0, -1))
    names, matrix = confusion([f"c{k}" for k in range(count)], truth, truth)
    assert names == [f"c{k}" for k in range(SHOWN_CLASSES)] + [OTHERS]
    assert matrix.sum() == len(truth)
    assert matrix[-1, -1] == 5 + 4 + 3 + 2 + 1


def test_the_worst_rows_are_the_surest_mistakes():
    answer = np.array([[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.2, 0.8]])
    shown, rows = class_evidence({"levels": ["ant", "bee"]}, np.array([0, 0, -1, 1]), answer)
    assert rows["worst"] == [Told(1, "ant", "bee (70%)", chance=0.7), Told(2, NEW, "bee (60%)", chance=0.6)]
    assert rows["unsure"] == [Told(3, "bee", "bee (80%)", chance=0.8), Told(0, "ant", "ant (90%)", chance=0.9)]
    assert {(one.index, one.cell) for one in rows["cells"]} == {(0, (0, 0)), (1, (0, 1)), (2, (2, 1)), (3, (1, 1))}
    assert shown["reliability_of"] == "bee"


def test_reliability_of_more_than_two_classes_is_that_of_the_answer():
    answer = np.array([[0.8, 0.1, 0.1], [0.82, 0.1, 0.08]])
    shown, _ = class_evidence({"levels": [1, 2, 3]}, np.array([0, 2]), answer)
    assert shown["reliability"] == [{"rows": 2, "said": 0.81, "happened": 0.5}]


def test_reliability_keeps_probability_one():
    assert reliability(np.array([1.0, 0.0]), np.array([True, False])) == [
        {"rows": 1, "said": 0.0, "happened": 0.0},
        {"rows": 1, "said": 1.0, "happened": 1.0},
    ]


def test_several_classes_count_what_is_found_and_invented():
    truth = np.array([[1, 0], [1, 1], [0, 0]])
    answer = np.array([[0.9, 0.7], [0.1, 0.2], [0.1, 0.1]])
    shown, rows = classes_evidence({"levels": ["frog", "rain"]}, truth, answer)
    assert shown["each"] == [
        {"name": "frog", "rows": 2, "found": 1, "invented": 0},
        {"name": "rain", "rows": 1, "found": 0, "invented": 1},
    ]
    assert rows == {"worst": [Told(1, "frog, rain", "(none)"), Told(0, "frog", "frog, rain")]}


def test_numbers_show_an_even_choice_of_many_rows_and_the_largest_errors():
    truth = np.arange(5000.0)
    answer = truth.copy()
    answer[17] += 40
    shown, rows = number_evidence({}, truth, answer)
    assert len(shown["points"]) == SHOWN_POINTS
    assert shown["points"][0] == [0.0, 0.0]
    assert shown["points"][-1] == [4999.0, 4999.0]
    assert rows["worst"][0] == Told(17, "17", "57")


def test_a_photo_becomes_a_small_picture_inside_the_page(tmp_path: Path):
    Image.new("RGB", (640, 320), "green").save(tmp_path / "a.png")
    address = photo("a.png", tmp_path)
    assert address.startswith("data:image/jpeg;base64,")
    assert len(address) < 4000
    assert SIDE == 160
    assert len(photo("a.png", tmp_path, 320)) > len(address)


def test_a_photo_that_cannot_be_read_has_no_picture(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"")
    assert photo("a.png", tmp_path) == ""


@pytest.fixture
def judged(tmp_path: Path) -> tuple[Table, Schema]:
    Image.new("RGB", (40, 40), "red").save(tmp_path / "a.png")
    frame = pl.DataFrame(
        {"photo": [str(tmp_path / "a.png"), None, "a.png"], "site": ["x" * 99, None, "z"], "kind": ["ant", "bee", None]}
    )
    schema = Schema(
        inputs={"photo": Input(kind="image"), "site": Input(kind="category")}, targets={"kind": Target(kind="class")}
    )
    return Table.of(frame, folder=tmp_path).take(np.array([2, 0, 1])), schema


def test_evidence_is_json_about_labelled_rows_with_their_place_in_the_table(judged: tuple[Table, Schema]):
    table, schema = judged
    head = HEADS["class"]("kind", schema.targets["kind"]).fit(table.column("kind"))
    answers = {"kind": torch.tensor([[0.5, 0.5], [0.1, 0.9], [0.8, 0.2]], dtype=torch.float64)}
    found = evidence_of({"kind": head}, schema, table, answers)["kind"]
    json.dumps(found, allow_nan=False)
    assert found["rows"] == 2
    first, second = found["worst"]
    assert (first["row"], first["truth"], first["answer"]) == (0, "ant", "bee (90%)")
    assert first["values"] == [["photo", f"{table.folder.name}/a.png"], ["site", "x" * 60]]
    assert len(first["pictures"]) == 1
    assert (second["row"], second["pictures"], second["values"]) == (1, [], [["photo", "(empty)"], ["site", "(empty)"]])

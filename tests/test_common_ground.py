"""What two models can be compared on, by kind of target."""

from __future__ import annotations

import numpy as np

from columns import column
from injerto.common_ground import common_ground
from injerto.heads import HEADS
from injerto.heads.individual import IndividualHead
from injerto.heads.keypoints import KeypointsHead
from injerto.heads.several_classes import ClassesHead
from injerto.metrics import METRICS
from injerto.metrics.paired import Side
from injerto.schema.schema import Target
from made_gallery import plane

TARGET = Target(kind="individual", photo="photo")


def test_every_kind_has_its_ground() -> None:
    for kind in METRICS:
        head = _head(kind)
        side = Side(np.zeros((3, 2, 4)) if head.parts else np.zeros((3, 2) if kind == "classes" else 3), np.zeros((3, 2, 5)))
        found = common_ground((head, head), side, side)
        assert found.kept.all() and found.notes == () and not found.unlike
        assert found.first.answer.shape == (3, 2, 5)


def _head(kind: str):
    if kind == "keypoints":
        return keypoints(["nose", "tail"])
    if kind == "individual":
        return IndividualHead("animal", TARGET)
    return HEADS[kind]("x", Target(kind=kind))


def keypoints(points: list[str]) -> KeypointsHead:
    return KeypointsHead("points", Target(kind="keypoints", photo="photo", points=points))


def test_labels_that_both_know_are_compared_in_one_order() -> None:
    heads = tuple(ClassesHead("calls", Target(kind="classes")).fit(column([cell])) for cell in ("a;b;c", "b;c;d"))
    first = Side(np.array([[1, 0, 1]]), np.array([[0.1, 0.2, 0.3]]))
    second = Side(np.array([[0, 1, 0]]), np.array([[0.4, 0.5, 0.6]]))
    found = common_ground(heads, first, second)
    assert found.first.truth.tolist() == found.second.truth.tolist() == [[0, 1]]
    assert found.first.answer.tolist() == [[0.2, 0.3]]
    assert found.second.answer.tolist() == [[0.4, 0.5]]
    assert found.notes == ("Of 'calls' 2 labels are compared, those that both models know: only A knows a; only B knows d.",)


def test_points_are_matched_by_name() -> None:
    truth = np.arange(8.0).reshape(1, 2, 4)
    turned = truth[:, ::-1].copy()
    found = common_ground((keypoints(["nose", "tail"]), keypoints(["tail", "nose"])), Side(truth, truth), Side(turned, turned))
    assert np.array_equal(found.first.truth, found.second.truth)
    assert found.notes == ()


def test_lengths_of_reference_that_differ_leave_out_what_is_measured_by_them() -> None:
    truth = np.ones((4, 2, 4))
    longer = truth * [1, 1, 3, 1]
    head = keypoints(["nose", "tail"])
    found = common_ground((head, head), Side(truth, truth), Side(longer, truth))
    assert found.unlike == {"nme", "pck_05", "pck_10", "pck_20"}
    assert "different lengths of reference, so nme, pck_05, pck_10, pck_20 are not compared" in found.notes[0]


def test_individuals_known_to_one_model_alone_are_left_out() -> None:
    heads = IndividualHead("animal", TARGET), IndividualHead("animal", TARGET)
    heads[0].gallery, heads[1].gallery = plane(["ash"], [0]), plane(["ash", "bo"], [0, 90])
    found = common_ground(
        heads, Side(np.array([1.0, 0.0, 0.0]), np.zeros((3, 2))), Side(np.array([1.0, 1.0, 0.0]), np.ones((3, 2)))
    )
    assert found.kept.tolist() == [True, False, True]
    assert found.first.truth.tolist() == found.second.truth.tolist() == [1.0, 0.0]
    assert any(
        "1 row left out of 'animal': the individual is known to one model and new to the other." in one for one in found.notes
    )

"""Pairs of points that change places in a mirrored photo: told by names, declared, or left alone with a reason."""

from __future__ import annotations

import pytest

from injerto.errors import SchemaError
from injerto.schema.mirror import HOW_TO_DECLARE, MirrorPairs, declared_pairs, mirror_pairs, pair_problems, swap_index

PAIRS = [
    ("left_eye_center", "right_eye_center"),
    ("left_eye_inner_corner", "right_eye_inner_corner"),
    ("mouth_left_corner", "mouth_right_corner"),
    ("eye_l", "eye_r"),
    ("L_wrist", "R_wrist"),
    ("eyeLeft", "eyeRight"),
    ("leftEye", "rightEye"),
    ("LEye", "REye"),
    ("eyeL", "eyeR"),
    ("ear.left", "ear.right"),
    ("ear-L", "ear-R"),
    ("ear left", "ear right"),
    ("LEFT_EAR", "RIGHT_EAR"),
    ("Left_ear", "right_ear"),
    ("lefteye", "righteye"),
    ("left1", "right1"),
    ("L1", "R1"),
    ("left_hand_l", "right_hand_r"),
    ("ojo_izquierdo", "ojo_derecho"),
    ("oreja_izquierda", "oreja_derecha"),
    ("pata_izq", "pata_der"),
    ("linkes_Auge", "rechtes_Auge"),
    ("oeil_gauche", "oeil_droit"),
    ("main_gauche", "main_droite"),
    ("l", "r"),
]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[0] for pair in PAIRS])
def test_names_that_tell(pair: tuple[str, str]) -> None:
    left, right = pair
    expected = MirrorPairs((pair,), ("nose", "bright_spot", "lip"))
    assert mirror_pairs(["nose", left, "bright_spot", right, "lip"]) == expected
    assert mirror_pairs([right, "nose", "bright_spot", "lip", left]) == expected
    assert expected.flips


@pytest.mark.parametrize(
    "names", [["nose", "tail"], ["upright", "bright", "rear"], ["nose"], ["tail2", "nose"], ["Ärmel", "Öse", "鼻"], []]
)
def test_points_that_stay_themselves(names: list[str]) -> None:
    assert mirror_pairs(names) == MirrorPairs((), tuple(names))


def test_numbers_beside_sides_are_believed() -> None:
    """Who names the ears left and right would have done so with the tail."""
    found = mirror_pairs(["tail1", "tail2", "left_ear", "right_ear"])
    assert found == MirrorPairs((("left_ear", "right_ear"),), ("tail1", "tail2"))


DOUBTS = [
    (["nose", "left_eye"], "the point 'left_eye' has no partner on the right, such as 'right_eye'. Say"),
    (["right_eye", "l_eye"], "the point 'right_eye' has no partner on the left, such as 'left_eye' (is it 'l_eye'?). Say"),
    (["left_of_right_eye", "nose"], "the point 'left_of_right_eye' is named both left and right"),
    (["left_eye", "right_eye", "Right_eye"], "the point 'left_eye' has two partners, 'right_eye' and 'Right_eye'"),
    (["oeil_gauche", "oeil_droit", "oeil_droite"], "the point 'oeil_gauche' has two partners, 'oeil_droit' and 'oeil_droite'"),
    (["paw_FL", "paw_FR", "nose"], "'paw_FL' and 'paw_FR' may be left and right, which their names do not say for certain"),
    (["LF_paw", "RF_paw"], "'LF_paw' and 'RF_paw' may be left and right"),
    (["Lear", "Rear"], "'Lear' and 'Rear' may be left and right"),
    (["eye1", "nose", "eye2"], "only a number tells 'eye1' from 'eye2'"),
    (["0", "1", "2"], "only a number tells '0' from '1'"),
]


@pytest.mark.parametrize(("names", "doubt"), DOUBTS, ids=[case[0][0] for case in DOUBTS])
def test_names_that_leave_a_doubt(names: list[str], doubt: str) -> None:
    found = mirror_pairs(names)
    assert (found.pairs, found.alone, found.flips) == ((), (), False)
    assert found.reason.startswith(f"Photos are not mirrored in training: {doubt}")
    assert found.reason.endswith(HOW_TO_DECLARE)


def test_declared() -> None:
    names = ["p1", "p2", "p3"]
    assert declared_pairs(names, [["p3", "p1"]]) == MirrorPairs((("p3", "p1"),), ("p2",))
    assert declared_pairs(names, []) == MirrorPairs((), ("p1", "p2", "p3"))


def test_declared_wrongly() -> None:
    names = ["left_eye", "right_eye", "nose"]
    assert pair_problems(names, [["left_eye", "right_eye"]]) == []
    wrong = [["left_eye", "rigth_eye"], ["nose", "nose"], ["left_eye", "right_eye"], ["nose"], []]
    assert pair_problems(names, wrong) == [
        "Mirror: 'rigth_eye' in the pair 'left_eye' and 'rigth_eye' is no point. Did you mean 'right_eye'? "
        "The points: left_eye, right_eye, nose.",
        "Mirror: 'nose' is paired with itself. Leave it out: a point in no pair stays itself.",
        "Mirror: 'left_eye' is in two pairs, 'left_eye' and 'rigth_eye', and 'left_eye' and 'right_eye'. Keep one of them.",
        "Mirror: a pair has two points, found 1: 'nose'. Give each pair a list of two.",
        "Mirror: a pair has two points, found 0: none. Give each pair a list of two.",
    ]
    with pytest.raises(SchemaError, match=r"5 problems(?s:.*)Did you mean 'right_eye'(?s:.*)paired with itself"):
        declared_pairs(names, wrong)


def test_the_swap_undoes_itself() -> None:
    names = ["nose", "left_eye", "left_ear", "right_ear", "right_eye"]
    index = swap_index(names, mirror_pairs(names).pairs)
    assert index == [0, 4, 3, 2, 1]
    assert [index[place] for place in index] == [0, 1, 2, 3, 4]
    assert swap_index(names, []) == [0, 1, 2, 3, 4]

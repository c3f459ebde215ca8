"""Evidence of points: figures by hand, rows in their order, and points where the turned photo has them."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from injerto.evidence import evidence_of
from injerto.evidence.circles import circles
from injerto.evidence.drawn import drawn
from injerto.evidence.keypoints import RULE, WORST, keypoints_evidence
from injerto.evidence.suspects import SHOWN, drawn_suspects
from injerto.evidence.told import Mark
from injerto.heads.keypoints import KeypointsHead
from injerto.schema.schema import Input, Schema, Target
from injerto.table.table import Table
from made_media import encoded, exif

NAN = float("nan")
STATE = {"parts": ["eye", "tail"], "reference": ["eye", "tail"]}
PHOTO = ("photo", Input(kind="image"))


def truth(*rows: list[tuple[float, float]], length: float = 100.0) -> np.ndarray:
    """(n,K,4) of places."""
    return np.array([[(x, y, length, 1.0) for x, y in row] for row in rows])


def answer(*rows: list[tuple[float, float]], radius: float = 4.0, there: float = 0.9) -> np.ndarray:
    """(n,K,5) of places."""
    return np.array([[(x, y, radius, 0.5, there) for x, y in row] for row in rows])


def test_points_have_their_own_figures_and_rows() -> None:
    shown, _ = keypoints_evidence(
        STATE,
        truth([(0, 0), (10, 0)], [(0, 0), (NAN, NAN)]),
        answer([(3, 4), (10, 1)], [(0, 7), (5, 5)]),
    )
    eye, tail = shown["each"]
    assert (eye["name"], eye["rows"], tail["rows"]) == ("eye", 2, 1)
    assert eye["mean_px"] == 6  # 5 and 7
    assert eye["rmse_px"] == pytest.approx(np.sqrt((9 + 16 + 0 + 49) / 4), rel=1e-4)
    assert (eye["pck_05"], eye["pck_10"], eye["in_circle"], eye["radius_px"]) == (0.5, 1.0, 0.0, 4.0)
    assert (tail["mean_px"], tail["in_circle"]) == (1.0, 1.0)
    assert shown["reference"] == {"between": ["eye", "tail"], "mean_px": 100.0}


def test_the_worst_come_first_and_a_row_without_known_points_is_not_among_them() -> None:
    places = truth([(0, 0), (0, 0)], [(NAN, NAN), (NAN, NAN)], [(0, 0), (NAN, NAN)])
    _, rows = keypoints_evidence(STATE, places, answer([(2, 0), (4, 0)], [(9, 9), (9, 9)], [(0, 5), (0, 5)]))
    assert [(row.index, row.truth, row.answer) for row in rows["worst"]] == [
        (2, "1 points", "off by 5 pixels"),
        (0, "2 points", "off by 3 pixels"),
    ]
    assert rows["rule"] == []
    assert rows["worst"][0].marks == (Mark("eye", (0, 0), (0, 5), 4.0), Mark("tail", None, (0, 5), 4.0))


def test_the_rule_is_chosen_evenly_from_best_to_worst() -> None:
    off = np.random.default_rng(0).permutation(80)
    places = truth(*[[(0, 0), (NAN, NAN)]] * 80)
    _, rows = keypoints_evidence(STATE, places, answer(*[[(float(x), 0), (0, 0)] for x in off]))
    assert [off[row.index] for row in rows["worst"]] == list(range(79, 79 - WORST, -1))
    assert [off[row.index] for row in rows["rule"]] == [5, 15, 25, 35, 45, 55, 65, 75]
    assert RULE == 8


def test_without_radii_or_lengths_there_is_less_to_tell_and_all_of_it_is_json() -> None:
    shown, rows = keypoints_evidence(
        {"parts": ["eye"], "reference": None}, truth([(0, 0)], length=NAN), answer([(0, 1)], radius=NAN, there=0.2)
    )
    assert shown["circles"] == []
    assert shown["reference"] == {"between": None, "mean_px": None}
    assert shown["each"] == [{"name": "eye", "rows": 1, "rmse_px": 0.70711, "mean_px": 1.0, "median_px": 1.0}]
    assert rows["worst"][0].marks == (Mark("eye", (0, 0), (0, 1), None, in_picture=False),)
    json.dumps(shown, allow_nan=False)


def test_no_known_place_at_all_leaves_no_rows() -> None:
    shown, rows = keypoints_evidence(STATE, truth([(NAN, NAN), (NAN, NAN)]), answer([(1, 1), (2, 2)]))
    assert rows == {"worst": [], "rule": []}
    assert shown["circles"] == []


def test_circles_are_gathered_from_small_to_large() -> None:
    radius = np.array([5.0, 1.0, 4.0, 2.0, 3.0, 6.0])
    distance = np.array([5.0, 2.0, 1.0, 1.0, 4.0, 9.0])
    assert circles(distance, radius) == [
        {"points": 2, "radius": 1.5, "error": 1.5, "inside": 0.5},
        {"points": 1, "radius": 3.0, "error": 4.0, "inside": 0.0},
        {"points": 1, "radius": 4.0, "error": 1.0, "inside": 1.0},
        {"points": 1, "radius": 5.0, "error": 5.0, "inside": 1.0},
        {"points": 1, "radius": 6.0, "error": 9.0, "inside": 0.0},
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_mark_lies_where_the_upright_picture_shows_it(tmp_path: Path, orientation: int) -> None:
    """A white square on black, in a photo that is shown at a third of its size: its middle is where the mark says."""
    pixels = np.zeros((480, 960, 3), dtype=np.uint8)
    pixels[60:120, 750:810] = 255
    (tmp_path / "a.jpg").write_bytes(encoded(Image.fromarray(pixels), "JPEG", quality=95, exif=exif(orientation)))
    table = Table.of({"photo": ["a.jpg"]}, folder=tmp_path)
    found = drawn(table, PHOTO, 0, [Mark("eye", truth=(779.5, 89.5), answer=(0, 0), radius=3.14159)])
    small = Image.open(io.BytesIO(base64.b64decode(found["pictures"][0].split(",")[1]))).convert("L")
    assert (found["width"], found["height"]) == ((960, 480) if orientation < 5 else (480, 960))
    assert small.size == ((320, 160) if orientation < 5 else (160, 320))
    seen = np.argwhere(np.asarray(small) > 128).mean(axis=0)[::-1] + 0.5
    (point,) = found["points"]
    np.testing.assert_allclose(point["truth"], seen * 3, atol=1.5)
    assert point["radius"] == 3.14


def test_a_photo_that_cannot_be_read_is_told_without_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    table = Table.of({"photo": ["a.jpg", None]}, folder=tmp_path)
    for row in (0, 1):
        found = drawn(table, PHOTO, row, [Mark("eye", (0, 0), (0, 0))])
        assert found.keys() == {"row", "pictures", "values"}
        assert found["pictures"] == []


@pytest.fixture
def table(tmp_path: Path) -> Table:
    Image.new("RGB", (96, 96), "grey").save(tmp_path / "a.png")
    columns: dict[str, Any] = {"photo": ["a.png"] * 3, "eye_x": [10.0, None, 30.0], "eye_y": [20.0, None, 40.0]}
    return Table.of(pl.DataFrame(columns | {"tail_x": [50.0, None, None], "tail_y": [60.0, None, None]}), folder=tmp_path)


def test_evidence_of_points_has_their_names_and_places(table: Table) -> None:
    target = Target(kind="keypoints", photo="photo", points=["eye", "tail"])
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"keypoints": target})
    head = KeypointsHead("keypoints", target)
    head.fit(head.column(table))
    answers = torch.from_numpy(answer([(13, 24), (50, 60)], [(0, 0), (0, 0)], [(30, 46), (1, 1)]))
    found = evidence_of({"keypoints": head}, schema, table, {"keypoints": answers})["keypoints"]
    json.dumps(found, allow_nan=False)
    assert found["rows"] == 2  # nothing is said of the points of row 1
    first, second = found["worst"]
    assert (first["row"], first["answer"], second["row"]) == (2, "off by 6 pixels", 0)
    assert first["values"] == [["photo", "a.png"]]
    assert first["points"][0] == {
        "name": "eye",
        "truth": [30.5, 40.5],
        "answer": [30.5, 46.5],
        "radius": 4.0,
        "in_picture": True,
    }
    assert first["points"][1]["truth"] is None
    assert found["each"][1] | {"name": "tail", "rows": 1, "mean_px": 0.0} == found["each"][1]


def test_suspects_of_one_row_share_a_picture(table: Table) -> None:
    moved = table.take(np.array([2, 0]))  # rows keep the numbers that they have in the table as given
    suspects = [
        {"row": 0, "point": "tail", "truth": [50, 60], "answer": [10, 20], "times": 9.0},
        {"row": 2, "point": "eye", "truth": [30, 40], "answer": [31, 40], "times": 8.0},
        {"row": 0, "point": "eye", "truth": [10, 20], "answer": [50, 60], "times": 7.0},
    ]
    found = drawn_suspects(moved, PHOTO, suspects)
    json.dumps(found, allow_nan=False)
    assert [one["name"] for one in found[0]["points"]] == ["tail", "eye"]
    assert found[0]["points"][0]["answer"] == [10.5, 20.5]
    assert found[0]["answer"] == [10, 20]
    assert [one["name"] for one in found[1]["points"]] == ["eye"]
    assert found[2] == suspects[2]


def test_no_more_suspects_are_drawn_than_are_shown(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    table = Table.of({"photo": ["a.png"] * 20}, folder=tmp_path)
    suspects = [{"row": row, "point": "eye", "truth": [1, 1], "answer": [2, 2], "times": 5.0} for row in range(20)]
    assert sum("pictures" in one for one in drawn_suspects(table, PHOTO, suspects)) == SHOWN

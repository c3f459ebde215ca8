"""What a report shows of points: photos with marks, figures of each point, circles, labels that may be wrong."""

import re
from typing import Any

import numpy as np
import pytest

from injerto.artifact.artifact import Artifact
from injerto.backbones.networks import build
from injerto.evidence.keypoints import keypoints_evidence
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.keypoints import KeypointsHead
from injerto.metrics import METRICS
from injerto.point_network import PointNetwork
from injerto.report.circles import LEFT, RIGHT, WIDTH, circles_picture
from injerto.report.drawing import SIDE, points_picture
from injerto.report.galleries import galleries_of
from injerto.report.page import page
from injerto.report.panels import PANELS
from injerto.report.reference import reference_note
from injerto.report.tables import LENGTH, points_table
from injerto.schema.schema import Input, Schema, Target
from injerto.table.ledger import Ledger
from injerto.table.split import Rows

ODD = 'eye <b>"left" & co</b>'
JPEG = "data:image/jpeg;base64,AAAA"
NAN = float("nan")


def point(name: str = "eye", truth: list[float] | None = None, **others: Any) -> dict[str, Any]:
    return {"name": name, "truth": truth, "answer": [60.0, 30.0], "radius": 6.0, "in_picture": True, **others}


def row(*points: dict[str, Any], **others: Any) -> dict[str, Any]:
    shown = {
        "row": 7,
        "pictures": [JPEG],
        "values": [["photo", "<i>.jpg"]],
        "width": 480,
        "height": 240,
        "points": list(points),
    }
    return {**shown, "truth": "1 points", "answer": "off by 3 pixels", **others}


def unreadable(**others: Any) -> dict[str, Any]:
    return {
        "row": 7,
        "pictures": [],
        "values": [["photo", "a.jpg"]],
        "truth": "1 points",
        "answer": "off by 3 pixels",
        **others,
    }


def test_marks_stand_in_shares_of_the_photo() -> None:
    html = points_picture(row(point(truth=[40.0, 20.0])))
    assert f'viewBox="0 0 {SIDE} {SIDE // 2}"' in html
    assert f'<image href="{JPEG}" width="{SIDE}" height="{SIDE // 2}"' in html
    assert re.search(r'<circle cx="30\.0" cy="15\.0" r="3\.0" class="answered"/>', html)
    assert re.search(r'<circle cx="20\.0" cy="10\.0" r="2\.4" class="known"/>', html)
    assert '<line x1="20.0" y1="10.0" x2="30.0" y2="15.0" class="miss"/>' in html
    assert 'aria-label="eye: off by 22.4 pixels, radius 6"' in html


def test_a_small_photo_is_enlarged_and_its_circle_with_it() -> None:
    html = points_picture(row(point(), width=96, height=96))
    assert 'r="15.0" class="answered"' in html


def test_what_is_not_known_has_no_dot_and_what_is_not_there_is_dashed() -> None:
    html = points_picture(row(point(in_picture=False, radius=None)))
    assert 'class="known"' not in html
    assert 'class="miss"' not in html
    assert '<g class="spot away" data-tip role="img" aria-label="eye: not known, said not to be in the picture">' in html


def test_names_are_never_read_as_html() -> None:
    html = points_picture(row(point(ODD, truth=[1.0, 2.0])))
    assert "<b>" not in html
    assert "eye &lt;b&gt;&#34;left&#34; &amp; co&lt;/b&gt;" in html
    assert "<b>" not in points_table([{"name": ODD, "rows": 1}])


def test_a_photo_that_cannot_be_read_is_told_of_in_words() -> None:
    assert points_picture(unreadable()) == ""
    (worst,) = galleries_of("keypoints", {"worst": [unreadable()], "rule": []})
    assert worst.cards[0].pictures == []
    assert worst.cards[0].words == "<b>off by 3 pixels</b>"


def test_the_farthest_point_is_named() -> None:
    points = [point("eye", truth=[60.0, 31.0]), point("tail", truth=[60.0, 35.0]), point("ear")]
    (worst,) = galleries_of("keypoints", {"worst": [row(*points)], "rule": []})
    assert worst.cards[0].words == "<b>off by 3 pixels</b>; farthest tail: 5"


def test_suspects_of_one_photo_share_a_card_and_those_of_one_reason_a_sentence() -> None:
    swap = "x and y may be exchanged"
    suspects = [{"row": 3, "point": f"p{k}", "truth": [1, 2], "answer": [2, 1], "times": 9.0, "reason": swap} for k in range(5)]
    suspects[0] = {**row(point("p0", truth=[1, 2], radius=None)), **suspects[0]}
    suspects += [{"row": 4, "point": ODD, "truth": [1, 2], "answer": [2, 1], "times": 6.25}]
    (gallery,) = galleries_of("keypoints", {"worst": [], "rule": [], "suspects": suspects})
    assert "suspects.csv" in gallery.caption
    first, second = gallery.cards
    assert (first.row, second.row) == (3, 4)
    assert first.words == f"<b>p0, p1, p2 and 2 more</b>: {swap}"
    assert len(first.pictures) == 1
    assert "6.25 times as far from where it is expected as is typical" in second.words
    assert "&lt;b&gt;" in second.words


def test_no_more_photos_of_suspects_than_twelve() -> None:
    suspects = [{"row": k, "point": "p", "truth": [1, 2], "answer": [2, 1], "times": 9.0} for k in range(30)]
    (gallery,) = galleries_of("keypoints", {"worst": [], "rule": [], "suspects": suspects})
    assert len(gallery.cards) == 12


def test_each_point_has_its_line_and_the_farthest_the_longest_bar() -> None:
    each = [
        {"name": "eye_left", "rows": 1200, "rmse_px": 1.5, "mean_px": 2.0, "pck_05": 0.5, "pck_10": 0.75, "in_circle": 0.9},
        {"name": "tail", "rows": 3, "rmse_px": 3.5, "mean_px": 4.0, "pck_05": 0.25, "pck_10": 0.5, "in_circle": 1.0},
        {"name": "ear", "rows": 0},
    ]
    html = points_table(each)
    assert "eye_<wbr>left</th><td>1,200</td><td>2</td>" in html
    assert "<td>1.5</td><td>50%</td><td>75%</td><td>90%</td></tr>" in html
    assert re.findall(r'<rect [^>]*width="([\d.]+)"', html) == [f"{LENGTH / 2:.1f}", f"{LENGTH:.1f}", "0.0"]
    assert "radius" not in html  # none has one


def test_circles_have_a_line_for_each_step() -> None:
    steps = [
        {"points": 40, "radius": 2.0, "error": 1.0, "inside": 0.925},
        {"points": 40, "radius": 8.0, "error": 4.0, "inside": 0.85},
    ]
    html = circles_picture(steps)
    room = WIDTH - LEFT - RIGHT
    assert re.findall(r'width="([\d.]+)" [^>]*class="band"', html) == [f"{room / 4:.1f}", f"{room:.1f}"]
    assert re.findall(r'width="([\d.]+)" [^>]*class="error"', html) == [f"{room / 8:.1f}", f"{room / 2:.1f}"]
    assert re.findall(r'class="share">([^<]+)<', html) == ["92%", "85%"]
    assert "40 points: radius 2, off by 1 on average" in html


def test_one_step_and_no_radius_have_a_picture() -> None:
    html = circles_picture([{"points": 1, "radius": 0.0, "error": 0.0, "inside": 1.0}])
    assert "surest" in html
    assert "least sure" not in html
    panels = PANELS["keypoints"]({"each": [{"name": "eye", "rows": 1}], "circles": []})
    assert [panel.title for panel in panels] == ["Point by point"]


@pytest.mark.parametrize(
    ("between", "words"),
    [
        (
            ["left eye", "right eye"],
            "the distance between left eye and right eye, on each photo its own: on average 34.7 pixels",
        ),
        (None, "the distance across the box around all known points, from corner to corner"),
    ],
)
def test_the_length_of_reference_is_told(between: list[str] | None, words: str) -> None:
    note = reference_note({"between": between, "mean_px": 34.7})
    assert words in note
    assert "5 % of it are 1.7 pixels" in note
    assert reference_note({"between": between, "mean_px": None}) == ""


@pytest.fixture
def artifact() -> Artifact:
    target = Target(kind="keypoints", photo="photo", points=[ODD, "tail"])
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"keypoints": target})
    random = np.random.default_rng(0)
    truth = np.concatenate([random.uniform(0, 96, (30, 2, 2)), np.full((30, 2, 1), 40.0), np.ones((30, 2, 1))], axis=2)
    truth[3, 0] = NAN
    answer = np.concatenate([truth[:, :, :2] + random.normal(size=(30, 2, 2)), np.full((30, 2, 3), 0.9)], axis=2)
    shown, _ = keypoints_evidence({"parts": target.points, "reference": [ODD, "tail"]}, truth, answer)
    drawn = row(point(ODD, truth=[50.0, 20.0]), point("tail", in_picture=False))
    metric = METRICS["keypoints"]
    score = {**metric(truth, answer), "rows": 30, "intervals": {}, "baseline": metric(truth, answer)}
    photo = WholePhotoFeature("photo", Input(kind="image")).suit("efficientnet_lite0", 32)
    return Artifact(
        schema=schema,
        network=PointNetwork(photo, KeypointsHead("keypoints", target), build("efficientnet_lite0")),
        rows=Rows(np.arange(80), np.arange(80, 90), np.arange(90, 120), reason="At random."),
        scores={"test": {"keypoints": score}},
        evidence={"keypoints": {**shown, "worst": [drawn, unreadable()], "rule": [drawn]}},
        ledger=Ledger(),
        facts={"table": "birds", "rows": 120, "seconds": 4.2},
    )


def test_the_page_of_points_is_whole_and_what_the_user_wrote_is_escaped(artifact: Artifact) -> None:
    html = page(artifact)
    assert "Point by point" in html
    assert "Are its circles honest?" in html
    assert "Its worst photos" in html
    assert "As a rule" in html
    assert "Labels that may be wrong" not in html
    assert "The length of reference is the distance between eye &lt;b&gt;" in html
    assert '"left"' not in html.replace("&#34;", "")
    assert "<i>.jpg" not in html
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == [JPEG] * 2
    assert "A <b>probe</b> fits" not in html

"""Pictures and galleries of individuals."""

from __future__ import annotations

import re

import pytest

from injerto.report.galleries import GALLERIES, galleries_of
from injerto.report.headline import HEADLINES
from injerto.report.individuals import LEFT, RIGHT, WIDTH, beside, newness_picture, rejection_picture, said_table
from injerto.report.panels import PANELS

SAID = [{"truth": "in the gallery", "rows": 40, "right": 30, "wrong": 2, "new": 0, "cannot_tell": 8}]
REJECTION = [{"coverage": 0.5, "error": 0.0}, {"coverage": 1.0, "error": 0.25}]
NEWNESS = [{"from": 0.0, "known": 0.8, "new": 0.1}, {"from": 0.5, "known": 0.2, "new": 0.9}]
LIMITS = {"known_from": 0.75, "new_from": 0.9, "checked": True}
ROW = {
    "row": 7,
    "truth": "<b>Ann</b>",
    "answer": "Bob 61%",
    "pictures": ["data:own"],
    "values": [["photo", "a.jpg"]],
    "lookalikes": [
        {"name": "Bob & Co", "probability": 0.61, "right": False, "picture": "data:bob"},
        {"name": "<b>Ann</b>", "probability": 0.2, "right": True, "picture": ""},
    ],
}


def test_the_table_has_counts_and_shares() -> None:
    html = said_table(SAID)
    cells = re.findall(r"<td data-of=\"([^\"]+)\">(.*?)</td>", html)[1:5]
    shown = ["30 <small>(75%)</small>", "2 <small>(5%)</small>", "0", "8 <small>(20%)</small>"]
    assert cells == list(zip(["named rightly", "named wrongly", "called new", "cannot tell"], shown, strict=True))


def test_the_curve_goes_from_the_surest_to_all() -> None:
    html = rejection_picture(REJECTION)
    (points,) = re.findall(r'<polyline points="([^"]+)"', html)
    xs = [float(point.split(",")[0]) for point in points.split()]
    room = WIDTH - LEFT - RIGHT
    assert xs == [LEFT + room / 2, LEFT + room]
    assert "the surest 50%: 0.0% wrong" in html


def test_an_answer_without_errors_has_a_curve() -> None:
    assert "polyline" in rejection_picture([{"coverage": 1.0, "error": 0.0}])


def test_limits_are_drawn_where_something_is_said() -> None:
    html = newness_picture(NEWNESS, LIMITS)
    room = WIDTH - LEFT - RIGHT
    assert re.findall(r'x1="([\d.]+)" [^>]*class="diagonal"', html) == [f"{LEFT + room * 0.25:.1f}", f"{LEFT + room * 0.9:.1f}"]
    assert "80.0% of the known rows" in html
    assert "diagonal" not in newness_picture(NEWNESS, {"known_from": None, "new_from": None})


@pytest.mark.parametrize("newness", [NEWNESS, []])
def test_panels_say_the_decision_in_words(newness: list[dict[str, float]]) -> None:
    shown = {"said": SAID, "words": "It speaks.", "rejection": REJECTION, "newness": newness, "limits": LIMITS}
    bins = [{"rows": 3, "said": 0.9, "happened": 1.0}]
    panels = PANELS["individual"]({**shown, "reliability": bins, "reliability_of": "its likeliest name"})
    assert len(panels) == 3 + bool(newness)
    assert panels[0].caption == "These are the rows scored here. It speaks."
    assert "the probability of its likeliest name" in panels[-1].caption


def test_galleries_show_photos_beside_their_look_alikes() -> None:
    worst, rule = GALLERIES["individual"]({"worst": [ROW], "rule": [{**ROW, "lookalikes": []}]})
    card = worst.cards[0]
    assert worst.broad and rule.broad
    assert card.words == "says <b>Bob 61%</b>; it is really <b>&lt;b&gt;Ann&lt;/b&gt;</b>"
    (picture,) = card.pictures
    assert re.findall(r'<figure class="(\w+)">', picture) == ["own", "other", "right"]
    assert "<b>Bob &amp; Co</b> 61%" in picture
    assert picture.count("no picture") == 1
    assert galleries_of("individual", {"worst": [], "rule": []}) == []


def test_a_photo_that_cannot_be_read_leaves_its_look_alikes() -> None:
    assert beside([], ROW["lookalikes"], 7).count("<figure") == 2  # type: ignore[arg-type]


def test_the_headline_says_both() -> None:
    score = {"rows": 120, "top1": 0.5, "top5": 0.75, "balanced_accuracy": 0.8, "intervals": {"top1": (0.4, 0.6)}}
    assert HEADLINES["individual"]({**score, "baseline": {"top1": 0.01}}, "rows") == (
        "Of 120 rows, the likeliest name is right on 50.0% of those whose individual is in the gallery (95 % interval 40.0% "
        "to 60.0%), and among the first five on 75.0%. Answering without looking is right on 1.0%. Known and new are told "
        "apart in 80.0%, averaged over both."
    )

"""Parts of the report: what was asked, rows behind cells, errors by confidence, maps."""

from __future__ import annotations

import re

import pytest

import injerto
from injerto.report.asked import asked_words
from injerto.report.cards import seen
from injerto.report.cells import cell_anchors, cell_galleries
from injerto.report.confidence import confidence_picture
from injerto.report.galleries import galleries_of
from injerto.report.maps import maps_of
from injerto.report.page import page
from injerto.report.plane import Dot, plane_picture
from injerto.report.tables import confusion_table
from small import birds


def row(truth: str, answer: str, chance: float, **more: object) -> dict[str, object]:
    return {"truth": truth, "answer": answer, "chance": chance, "row": 7, "pictures": [], "values": [], **more}


@pytest.fixture(scope="module")
def model() -> injerto.Model:
    schema = injerto.Schema(
        inputs={"mass_g": injerto.Input(kind="number"), "hour": injerto.Input(kind="category")},
        targets={"species": injerto.Target(kind="class")},
        training=injerto.Training(epochs=3, seed=1, mode="probe", budget_seconds=60),
    )
    return injerto.train(birds(160, 0), schema=schema)


def test_what_was_asked_is_said_in_words(model: injerto.Model):
    assert asked_words(model.artifact) == (
        "To predict species (class) from 2 columns of table: mass_g (number), hour (category). Only the head was to learn, on "
        "networks that stay as they are. It was to take at most 60 seconds."
    )


def test_there_is_a_map_of_rows_and_one_of_each_category_column(model: injerto.Model):
    rows, levels = maps_of(model.artifact, "test")
    assert rows.title == "Rows, by species"
    assert rows.picture.count("data-tip") == len(model.artifact.evidence["species"]["places"])
    assert levels.title == "Levels of hour"
    assert "night</text>" in levels.picture


def test_every_link_of_a_cell_leads_somewhere_on_the_page(model: injerto.Model):
    html = page(model.artifact)
    links = re.findall(r'href="#([^"]+)"', html)
    assert links
    assert set(links) == set(re.findall(r'<details id="([^"]+)"', html))


def test_cells_with_rows_are_links_and_others_are_numbers():
    evidence = {
        "classes": ["ant", "<bee>"],
        "confusion": [[4, 5], [0, 6]],
        "cells": [row("ant", "<bee> (80%)", 0.8, cell=[0, 1]), row("ant", "ant (55%)", 0.55, cell=[0, 0])],
        "anchor": "rows-0",
    }
    table = confusion_table(evidence["classes"], evidence["confusion"], cell_anchors(evidence))
    assert re.findall(r'href="#(\S+)"', table) == ["rows-0-0-0", "rows-0-0-1"]
    wrong, right = cell_galleries(evidence)
    assert (wrong.title, wrong.anchor) == ("ant taken for <bee>: 5 rows, the 1 surest", "rows-0-0-1")
    assert wrong.cards[0].words == '<span class="wrong">&lt;bee&gt; (80%)</span> is really <b>ant</b>'
    assert right.title == "ant, and said so: 4, the least sure"
    assert right.cards[0].words == "<b>ant (55%)</b>, rightly"


def test_mistakes_are_gathered_by_how_sure_they_were():
    evidence = {
        "worst": [row("ant", "bee (95%)", 0.95), row("ant", "bee (30%)", 0.3)],
        "unsure": [row("ant", "ant (40%)", 0.4)],
    }
    titles = [gallery.title for gallery in galleries_of("class", evidence)]
    assert titles == ["Wrong, and sure of it", "Wrong, and unsure", "Right, and hardly sure"]


def test_bars_of_confidence_count_right_and_wrong():
    html = confidence_picture([{"from": 0.8, "right": 3, "wrong": 0}, {"from": 0.9, "right": 1, "wrong": 2}])
    assert "80% sure and more: 3 right, 0 wrong" in html
    assert html.count("<rect") == 3


def test_names_on_a_map_do_not_cover_each_other():
    near = [Dot(0.001 * place, 0.0, "c0", "", name="a long name") for place in range(5)] + [Dot(1.0, 1.0, "c0", "", name="far")]
    html = plane_picture(near, [], title="map")
    assert 1 <= html.count("a long name</text>") < 5
    assert "far</text>" in html


def test_sounds_are_seen_and_can_be_played():
    sound = {"picture": "data:image/png;base64,AA", "sound": "data:audio/mpeg;base64,AA", "seconds": 2.0, "box": [0.25, 0.75]}
    (html,) = seen(row("a", "b", 0.5, sounds=[sound]))
    assert 'alt="spectrogram of row 7, 2 s"' in html
    assert '<audio controls preload="none" aria-label="sound of row 7"' in html
    assert "left:25.00%;width:50.00%" in html

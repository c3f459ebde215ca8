"""The map of levels: whole, asking nothing of the network, with every level on it and none of them read as HTML."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from injerto.artifact.artifact import Artifact
from injerto.features.category import CategoryFeature
from injerto.lookup.embeddings import Embeddings
from injerto.network import Network
from injerto.report import embeddings as module
from injerto.report.embeddings import LONGEST, embeddings_page
from injerto.schema.schema import Input, Schema, Target
from injerto.table.split import Rows

LEVELS = [
    "pond",
    "</script><script>alert(1)</script>",
    "two\nlines",
    "a & b",
    "owl 🦉",
    "x" * 10_000,
    "<!-- <script>",
    "\u2028",
]


class Page(HTMLParser):
    """What a browser would see: elements by name, addresses, text, and the content of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "script":
            self.scripts.append("")
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        elif self.open and self.open[-1] != "style":
            self.text += data


def made(levels: list[str], counts: list[int] | None = None) -> tuple[Artifact, Embeddings]:
    counts = [4, 3, *range(len(levels) + 9, 9, -1)] if counts is None else counts
    feature = CategoryFeature("site <&>", Input(kind="category")).restore(
        {"levels": levels, "counts": counts, "width": 8, "places": 1}
    )
    matrix = np.random.default_rng(0).normal(size=(len(levels) + 2, 8)).astype(np.float32)
    trust = np.array(counts) / (np.array(counts) + 50)
    none = np.zeros(0, dtype=np.int64)
    schema = Schema(inputs={"site <&>": feature.options}, targets={"species": Target(kind="class")})
    rows = Rows(none, none, none, reason="")
    return Artifact(schema, Network([], [], {}), rows, facts={"table": "birds"}), Embeddings(feature, matrix, trust)


def data_of(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.scripts[0])
    return data


def test_the_page_is_whole_and_asks_nothing_of_the_network() -> None:
    html = embeddings_page(*made(LEVELS))
    page = Page(html)
    assert page.open == []
    assert page.addresses == []
    assert len(page.scripts) == 3  # its data, its words, its script
    assert not re.search(r"url\(|@import|https?://|fetch\(|XMLHttpRequest|innerHTML", html)


def test_every_level_is_on_it_and_none_is_read_as_html() -> None:
    page = Page(embeddings_page(*made(LEVELS)))
    data = data_of(page)
    shown = [level if len(level) <= LONGEST else level[: LONGEST - 1] + "…" for level in LEVELS]
    assert data["names"] == ["UNKNOWN", "MISSING", *shown]
    assert data["counts"] == [4, 3, *range(17, 9, -1)]
    assert "site <&>" in page.text
    assert "</script><script>alert(1)</script>" in page.text
    assert "Levels of more than 200 signs are cut here" in page.text


def test_rows_and_points_are_those_of_the_lookup() -> None:
    artifact, found = made(LEVELS)
    data = data_of(Page(embeddings_page(artifact, found)))
    rows = np.frombuffer(base64.b64decode(data["rows"]), dtype="<f4").reshape(-1, data["width"])
    points = np.frombuffer(base64.b64decode(data["points"]), dtype="<f4").reshape(-1, 2)
    assert np.array_equal(rows, found.matrix)
    assert np.allclose(points, found.plane().points, atol=1e-6)


def test_the_page_says_what_share_of_the_spread_it_shows() -> None:
    artifact, found = made(LEVELS)
    across, upwards = found.plane().shares
    text = " ".join(Page(embeddings_page(artifact, found)).text.split())
    assert f"{across:.0%} of the spread between levels lies across, {upwards:.0%} upwards" in text
    assert f"{1 - across - upwards:.0%} cannot be seen" in text
    assert "learned to predict species from birds" in text


@pytest.mark.parametrize("levels", [[], ["pond"]], ids=["none", "one"])
def test_without_a_spread_there_is_a_page_that_says_so(levels: list[str]) -> None:
    page = Page(embeddings_page(*made(levels)))
    assert data_of(page)["names"] == ["UNKNOWN", "MISSING", *levels]
    assert "There is no spread between levels that a map could show." in page.text


def test_missing_is_in_the_legend_only_where_cells_were_empty() -> None:
    assert "MISSING: empty cells" in Page(embeddings_page(*made(["a", "b"]))).text
    assert "MISSING: empty cells" not in Page(embeddings_page(*made(["a", "b"], [0, 0, 5, 4]))).text


def test_too_many_levels_are_capped_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LEVELS", 3)
    page = Page(embeddings_page(*made([f"level {k}" for k in range(5)])))
    assert data_of(page)["names"][2:] == ["level 0", "level 1", "level 2"]
    assert len(base64.b64decode(data_of(page)["rows"])) == 5 * 8 * 4
    assert "Only the 3 most frequent of 5 levels are on this page." in page.text


def test_the_most_frequent_levels_stand_in_a_table_with_their_neighbours() -> None:
    artifact, found = made(["pond", "wood", "moor"])
    near = found.nearest("pond", 1).nearest[0]
    text = " ".join(Page(embeddings_page(artifact, found)).text.split())
    assert re.search(rf"pond ?12 ?\d+\.?\d* ?{near.level} \({near.distance:.3g}\)", text)

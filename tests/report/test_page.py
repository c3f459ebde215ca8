import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from injerto.artifact.artifact import Artifact
from injerto.evidence.number import number_evidence
from injerto.evidence.several_classes import classes_evidence
from injerto.evidence.single_class import class_evidence
from injerto.heads.answer_layout import WIDTH
from injerto.learning.history import Epoch, History
from injerto.metrics import METRICS, bootstrap
from injerto.metrics.meanings import MEANINGS
from injerto.network import Network
from injerto.report.galleries import GALLERIES
from injerto.report.headline import HEADLINES
from injerto.report.page import page
from injerto.report.panels import PANELS
from injerto.schema.kinds import TARGET_KINDS
from injerto.schema.schema import Input, Schema, Target
from injerto.table.ledger import Ledger
from injerto.table.split import Rows

RANDOM = np.random.default_rng(0)
CODES = RANDOM.integers(0, 2, 60)
CHANCES = np.where(CODES[:, None] == np.arange(2), 0.8, 0.2) + 0.0
LABELS = RANDOM.integers(0, 2, (60, 2))
EPOCHS = [Epoch(k, 1 / (k + 1), 1 / (k + 1), 0.5, {"body": 0.1**k}) for k in range(4)]
NUMBERS = RANDOM.normal(size=60)


class Page(HTMLParser):
    """Tags that are open, text that is seen, addresses that are asked for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "br", "rect", "circle", "line", "polyline", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data


def score(kind: str, truth: Any, answer: Any, baseline: Any) -> dict[str, Any]:
    metric = METRICS[kind]
    intervals = bootstrap(metric, truth, answer)
    return {**metric(truth, answer), "rows": len(truth), "intervals": intervals, "baseline": metric(truth, baseline)}


@pytest.fixture
def artifact() -> Artifact:
    schema = Schema(
        inputs={"mass <g>": Input(kind="number", reason="numbers & more")},
        targets={"kind": Target(kind="class"), "sounds": Target(kind="classes"), "wing": Target(kind="number")},
        dropped={"id": "every value is different"},
    )
    evidence = {
        "kind": class_evidence({"levels": ["ant", "<b>bee</b>"]}, CODES, CHANCES[::-1])[0],
        "sounds": classes_evidence({"levels": ["frog", "rain"]}, LABELS, LABELS * 0.9)[0],
        "wing": number_evidence({}, NUMBERS, NUMBERS * 0.9)[0],
    }
    worst = {"truth": "ant", "answer": "<b>bee</b> (70%)", "row": 41, "pictures": [], "values": [["mass <g>", "3"]]}
    return Artifact(
        schema=schema,
        network=Network([], [], {}),
        rows=Rows(np.arange(80), np.arange(80, 90), np.arange(90, 150), reason="Every nest stands on one side."),
        histories=[
            History("network", EPOCHS, best=2, stopped="budget"),
            History("probe", [Epoch(0, 0.5, 0.5, 0.1, {"head": 0.0})], best=0, stopped="convex"),
        ],
        chosen="network",
        scores={
            "test": {
                "kind": score("class", CODES, CHANCES, np.full((60, 2), 0.5)),
                "sounds": score("classes", LABELS, LABELS * 0.9, np.full((60, 2), 0.5)),
                "wing": score("number", NUMBERS, NUMBERS * 0.9, np.zeros(60)),
            }
        },
        evidence={name: {**shown, "worst": [worst]} for name, shown in evidence.items()},
        ledger=Ledger(),
        facts={"table": "birds", "rows": 150, "seconds": 4.2, "injerto": "0"},
    )


def test_the_page_is_whole_and_asks_nothing_of_the_network(artifact: Artifact):
    html = page(artifact)
    parsed = Page(html)
    assert parsed.open == []
    assert parsed.addresses == []
    assert not re.search(r"url\(|@import|https?://", html)


def test_what_the_user_wrote_is_never_read_as_html(artifact: Artifact):
    parsed = Page(page(artifact))
    assert "mass <g>" in parsed.text
    assert "<b>bee</b>" in parsed.text
    assert "numbers & more" in parsed.text


def test_the_page_says_what_a_reader_came_for(artifact: Artifact):
    text = " ".join(Page(page(artifact)).text.split())
    assert "Right on 100.0% of 60 rows it never saw (95 % interval 94.0% to 100.0%)." in text
    assert "Every nest stands on one side." in text
    assert "train 80 tune 10 test 60".replace(" ", "") in text.replace(" ", "")
    assert "left out every value is different" in text.replace("left out", "left out ").replace("  ", " ")
    assert "row 41" in text
    assert re.search(r"network\s*kept\s*0\.3333\s*4\s*2\.0\s*budget", text)
    assert "inf" not in re.findall(r"\bnan\b|\binf\b", text)


def test_a_phone_shows_what_a_desk_shows(artifact: Artifact):
    """Narrow pages move cells, they hide none; and every table may scroll within its own box."""
    html = page(artifact)
    narrow = html[html.index("@media (max-width: 640px)") : html.index("@media print")]
    assert re.findall(r"([^{}]*)\{ display: none; \}", narrow) == ["\n  .scores thead "]
    assert '<td class="interval" data-of="95 % interval">0.94 to 1</td>' in html
    assert html.count("<table") == html.count('<div class="wide"><table')


def test_without_test_rows_the_page_says_that_the_scores_are_too_kind(artifact: Artifact):
    artifact.scores = {"tune": artifact.scores["test"]}
    text = Page(page(artifact)).text
    assert "No rows were kept apart for the scores below: they are too kind." in text
    assert "rows that chose its settings (too kind: no rows were kept apart)" in text


def test_without_evidence_there_are_no_pictures_and_no_gap(artifact: Artifact):
    artifact.evidence = {}
    assert "Its worst answers" not in page(artifact)


def test_unusable_rows_are_counted_and_listed(artifact: Artifact):
    for row in range(150):
        artifact.ledger.add(row, "photo", f"{row}.jpg", "zero bytes")
    text = " ".join(Page(page(artifact)).text.split())
    assert "150 of 150 rows took no part. By reason: 150 times zero bytes." in text
    assert "The first 100 cells" in text
    assert "99.jpg" in text
    assert "100.jpg" not in text


def test_every_kind_of_target_has_its_headline_panels_and_galleries():
    assert HEADLINES.keys() == PANELS.keys() == GALLERIES.keys() == set(TARGET_KINDS)


def test_every_figure_has_its_meaning(artifact: Artifact):
    scores = artifact.scores["test"]
    figures = {name for score in scores.values() for name in score} - {"rows", "intervals", "baseline"}
    many = METRICS["class"](np.arange(8), np.eye(8))
    points = METRICS["keypoints"](np.array([[[0, 0, 9, 1], [0, 0, 9, 0]]]), np.array([[[0, 0, 1, 1, 0.9], [0, 0, 1, 1, 0.1]]]))
    individuals = METRICS["individual"](np.array([1, 0]), np.full((2, WIDTH), 0.5))
    assert figures | many.keys() | points.keys() | individuals.keys() == MEANINGS.keys()

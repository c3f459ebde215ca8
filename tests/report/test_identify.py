"""The page of who it is: whole, escaped, limited, and saying what was said."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from injerto.report import identify
from injerto.report.identify import About, Alike, Identified, identify_page, percents

ABOUT = About("whales <2019>", 412, 2874, "It errs & says so.", True, "0.1", [("a<b>.jpg", "zero bytes")])


def jpeg(side: int = 8) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "grey").save(buffer, "JPEG")
    return buffer.getvalue()


def alikes(*chances: float) -> list[Alike]:
    return [Alike(f"animal {place}", chance, 0.9 - 0.1 * place, jpeg(), f"{place}.jpg") for place, chance in enumerate(chances)]


KNOWN = Identified("one.jpg", "known", 0.04, [jpeg()], alikes(0.93, 0.02))
NEW = Identified("two <i>.jpg", "new", 0.88, [jpeg()], alikes(*[0.02] * 7))
UNSURE = Identified(
    "visit 3", "cannot tell", 0.4, [jpeg()] * 10, alikes(0.45), photos=12, left_out="3 photos were not compared."
)
NOBODY = Identified("four.jpg", "cannot tell", 0.5, [], [])


class Page(HTMLParser):
    """Open elements, addresses and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data


def told(*found: Identified, about: About = ABOUT) -> str:
    return " ".join(Page(identify_page(found, about)).text.split())


def test_the_page_is_whole_and_asks_nothing_of_the_network() -> None:
    html = identify_page([KNOWN, NEW, UNSURE, NOBODY], ABOUT)
    parsed = Page(html)
    assert parsed.open == []
    assert len(parsed.addresses) == 3 + 7 + 1 + 2 + 8 - 1  # look-alikes and photos; 8 of the sighting's ten
    assert all(address.startswith("data:image/jpeg;base64,") for address in parsed.addresses)
    assert not re.search(r"url\(|@import|https?://", html)


def test_it_says_what_was_said() -> None:
    text = told(KNOWN, NEW, UNSURE, NOBODY)
    assert "4 answers by whales <2019>" in text
    assert "known: animal 0 (93 %) one.jpg" in text
    assert "new individual (88 %) two <i>.jpg" in text
    assert "cannot tell visit 3 · 12 photos decided together and 2 more" in text
    assert "Chance of a new individual: 40 %. 3 photos were not compared." in text
    assert "No individual of the gallery could be compared." in text
    assert "1 animal 0 93 % similarity 0.90 0.jpg" in text
    assert "2 more 6 animal 5" in text  # five stand in the first line
    assert "412 from 2,874 photos" in text
    assert "It errs & says so." in text
    assert "1 photo could not be used" in text and "a<b>.jpg" in text


def test_a_decision_that_cannot_tell_new_ones_says_nothing_of_them() -> None:
    text = told(KNOWN, about=About("m", 1, 1, "It cannot tell new individuals.", can_tell_new=False))
    assert "Chance of a new individual" not in text and "counted in" not in text
    assert "1 answer by m" in text and "1 from 1 photo " in text
    assert "Name or photo" not in text  # one answer needs no sifting


def test_nothing_to_show_is_said() -> None:
    assert "There is nothing to show: no photo could be used." in told()


def test_many_photos_are_limited_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identify, "MOST_SHOWN", 3)
    text = told(*[KNOWN] * 5, NEW)
    assert "This page shows the first 3 of 6; more would make it too large to send." in text
    assert text.count("known: animal 0") == 3
    assert "known5 new individuals1 cannot tell0" in text  # all are counted


def test_heavy_pictures_are_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identify, "MOST_BYTES", 10)
    assert "This page shows the first 1 of 2" in told(KNOWN, KNOWN)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.004, "under 1 %"),
        (0.01, "1 %"),
        (0.934, "93 %"),
        (0.99, "99 %"),
        (0.9999, "over 99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_percents_are_never_quite_sure(share: float, words: str) -> None:
    assert percents(share) == words

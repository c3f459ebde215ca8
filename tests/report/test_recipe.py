"""The page of a recipe: figures, heads, problems; what the user wrote is never read as HTML."""

from __future__ import annotations

from injerto.report.recipe import SHOWN_PROBLEMS, HeadGallery, Line, Shape, ShownHead, stages_page


def head(name: str) -> ShownHead:
    shapes = [Shape("marked", (1.0, 2.0, 30.0, 40.0), [(5.0, 6.0), (7.0, 8.0)]), Shape("found", None, [])]
    return ShownHead(name, "a.jpg", "off by 3 %", "data:image/jpeg;base64,AA", 64, 48, shapes, "passports/0.jpg", "")


def page(*heads: ShownHead, problems: int = 0) -> str:
    line = Line("pointer", "points off, median", "1.2%", 12, "pointer/report.html")
    gallery, empty = HeadGallery("Worst", "As marked.", list(heads)), HeadGallery("None of these", "", [])
    rows = [(row, f"{row}.jpg", "not a picture") for row in range(problems)]
    return stages_page("whale", "40 rows train.", figures=[line], galleries=[gallery, empty], problems=rows)


def test_figures_lead_to_the_stage_that_they_are_of():
    assert '<a href="pointer/report.html">pointer</a>' in page(head("ash"))
    assert "<b>1.2%</b>" in page(head("ash"))


def test_heads_are_drawn_with_what_is_known_of_them():
    text = page(head("ash"))
    assert '<rect class="marked" x="1.0" y="2.0" width="30.0" height="40.0"' in text
    assert text.count("<circle") == 2
    assert '<img src="passports/0.jpg"' in text
    assert "None of these" not in text


def test_a_photo_that_cannot_be_read_is_named():
    assert "<p>broken.jpg</p>" in page(ShownHead("ash", "broken.jpg", "not a picture"))


def test_what_the_user_wrote_is_escaped():
    assert "<script>" not in page(head("<script>alert(1)</script>"))


def test_problems_are_listed_up_to_a_length():
    assert "Could not be used" not in page(head("ash"))
    text = page(head("ash"), problems=SHOWN_PROBLEMS + 1)
    assert f"row {SHOWN_PROBLEMS - 1}<" in text
    assert f"row {SHOWN_PROBLEMS}<" not in text

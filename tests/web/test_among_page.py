"""Rows like one on the page, in a real browser: photos and sounds with their labels; light and dark, on a phone, in Spanish."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from serving import served
from test_among import bird_table as bird_table
from test_among import tints as tints
from visiting import Visit, playwright
from visiting import browser as browser
from visiting import pytestmark as pytestmark

from made_ears import CLIP_SECONDS, recording, write

WAYS = [(1440, "light", "en-GB"), (360, "dark", "es-ES"), (1440, "dark", "es-ES"), (360, "light", "en-GB")]


@pytest.mark.parametrize(("width", "scheme", "locale"), WAYS)
def test_a_dropped_photo_gets_its_look_alikes(
    browser: playwright.Browser, mixed: Path, photos: Path, tints: Path, width: int, scheme: str, locale: str
):
    labels = pl.read_csv(tints)["tint"]
    with served(mixed, among=tints) as client:
        visit = Visit(browser, client, width=width, scheme=scheme, locale=locale)
        page = visit.page
        page.locator("input[type=file]").set_input_files(str(photos / "red" / "01.png"))
        page.locator(".go button.main").click()
        why = page.locator(".why")
        why.locator("summary").click()
        spanish = locale == "es-ES"
        why.get_by_role("heading", name="Filas parecidas" if spanish else "Rows like it").wait_for()
        rows = why.locator(".alike li")
        assert rows.count() == 5
        sizes = rows.locator("img").evaluate_all(
            "all => Promise.all(all.map(one => one.decode().then(() => one.naturalWidth)))"
        )
        assert min(sizes) > 30
        for place in range(5):
            words = rows.nth(place).inner_text()
            number = int(words.split("fila " if spanish else "row ")[1].split(" ")[0])
            assert words.split()[0] == labels[number]
            assert ("semejanza " if spanish else "alike ") in words
        visit.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_sounds_like_one_are_played(browser: playwright.Browser, ears: Path, tmp_path: Path, width: int, scheme: str):
    clips = ears.parent / "clips"
    names = [f"{label}{place:02d}.wav" for label in ("low", "high") for place in range(4)]
    pl.DataFrame({"file": names, "label": [name[:-6] for name in names]}).write_csv(clips / "page.csv")
    file = write(tmp_path / "call.wav", recording(CLIP_SECONDS, [(0.0, CLIP_SECONDS, "low")], seed=5))
    with served(ears, among=clips / "page.csv") as client:
        visit = Visit(browser, client, width=width, scheme=scheme)
        page = visit.page
        page.locator("input[type=file]").set_input_files(str(file))
        page.get_by_role("button", name="Answer").click()
        page.locator(".why summary").click()
        page.get_by_role("heading", name="Rows like it").wait_for()
        player = page.get_by_label("the sound of low").first
        heard = (
            "one => new Promise((done, failed) => { one.onended = () => done(one.duration); one.onerror = failed; one.play() })"
        )
        seconds = player.evaluate(heard)
        assert seconds == pytest.approx(CLIP_SECONDS, abs=0.1)
        visit.close()


def test_rows_of_a_table_without_files_and_a_server_without_a_table(
    browser: playwright.Browser, birds_model: Path, bird_table: Path
):
    for among in (bird_table, None):
        with served(birds_model, among=among) as client:
            visit = Visit(browser, client, width=360)
            page = visit.page
            page.get_by_label("mass_g").fill("10.5")
            page.get_by_role("button", name="Answer").click()
            page.locator(".why summary").click()
            page.get_by_role("heading", name="What each column did").wait_for()
            assert page.locator(".why .alike li").count() == (5 if among else 0)
            assert page.get_by_text("Name the training table").count() == (0 if among else 1)
            visit.close()

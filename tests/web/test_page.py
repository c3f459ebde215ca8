"""The page in a real browser: a form, photos, sounds, the microphone, corrections; by keyboard, in the dark, on a phone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from serving import served
from visiting import Visit, playwright
from visiting import browser as browser
from visiting import pytestmark as pytestmark

import injerto
from made_ears import recording, write


def fill(visit: Visit) -> None:
    visit.page.get_by_label("mass_g").fill("10.5")
    visit.page.get_by_label("hour").fill("day")
    visit.page.get_by_label("seen").fill("2024-03-01")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_form_is_answered_and_corrected(
    browser: playwright.Browser, birds_model: Path, tmp_path: Path, width: int, scheme: str
):
    with served(birds_model, corrections=tmp_path / "corrected") as client:
        visit = Visit(browser, client, width=width, scheme=scheme)
        page = visit.page
        fill(visit)
        assert page.locator("datalist option").evaluate_all("all => all.map(one => one.value)")[:2] == ["day", "night"]
        page.locator("summary").click()
        page.get_by_label("Rather say").check()
        page.get_by_label("percent of answers").fill("40")
        page.get_by_label("Also say").check()
        page.get_by_label("percent of rows").fill("80")
        page.get_by_label("Say how unlike").check()
        page.get_by_role("button", name="Answer").click()
        page.locator(".said").wait_for()
        answer = client.post(
            "/predict?max_error=0.4&coverage=0.8&unlike=true",
            {"rows": [{"mass_g": 10.5, "hour": "day", "seen": "2024-03-01"}]},
        ).told["answers"][0]
        assert answer["species"] in page.locator(".said").inner_text()
        assert page.locator(".bars li").count() == 3
        assert f"Holds the truth: {answer['species_set']}" in page.locator(".result").inner_text()
        assert "learned from" in page.locator(".result").inner_text()
        page.get_by_label("species").fill("blackbird")
        page.get_by_role("button", name="Save as true").click()
        page.get_by_text("Saved. 1 row is collected").wait_for()
        visit.close()
    table = pl.read_csv(tmp_path / "corrected" / "birds" / "corrections.csv")
    assert table.to_dicts() == [{"mass_g": 10.5, "hour": "day", "seen": "2024-03-01", "species": "blackbird"}]


def test_the_keyboard_alone_is_enough(browser: playwright.Browser, birds_model: Path):
    with served(birds_model) as client:
        visit = Visit(browser, client)
        page = visit.page
        page.get_by_label("mass_g").wait_for()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "mass_g"
        page.keyboard.type("400")
        page.keyboard.press("Tab")
        page.keyboard.type("night")
        page.keyboard.press("Enter")
        page.locator(".said").wait_for()
        assert page.evaluate("document.activeElement.className").startswith("result")  # where reading goes on
        assert page.locator("[aria-live=polite]").inner_text() == "Answered."
        assert "Corrections are not collected here" in page.locator(".result").inner_text()
        visit.close()


def test_photos_are_dropped_and_broken_ones_are_told(browser: playwright.Browser, mixed: Path, photos: Path, tmp_path: Path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG no")
    files = [photos / "red" / "01.png", photos / "green" / "02.png", tmp_path / "broken.png"]
    with served(mixed, corrections=tmp_path / "kept") as client:
        visit = Visit(browser, client)
        page = visit.page
        drop(page, [(path.name, path.read_bytes(), "image/png") for path in files])
        assert page.locator(".chosen li").count() == 3
        page.get_by_role("button", name="Answer").click()
        page.get_by_text("3 answers.").wait_for()
        assert page.locator(".result").count() == 3
        assert "not a picture" in page.locator(".result.failed").inner_text()
        first = page.locator(".result").first
        first.get_by_label("tint").fill("red")
        first.get_by_role("button", name="Save as true").click()
        first.get_by_text("Saved.").wait_for()
        page.get_by_role("button", name="Remove broken.png").click()
        assert page.locator(".chosen li").count() == 2
        visit.said = [line for line in visit.said if "422" not in line]  # the browser's own word for a refusal
        visit.close()
    table = injerto.Table.read(tmp_path / "kept" / "tint" / "corrections.csv")
    (cell,) = table.frame["photo"].to_list()
    assert (table.folder / cell).read_bytes() == files[0].read_bytes()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_why_opens_to_what_columns_did(browser: playwright.Browser, birds_model: Path, width: int, scheme: str):
    with served(birds_model) as client:
        visit = Visit(browser, client, width=width, scheme=scheme)
        page = visit.page
        fill(visit)
        page.get_by_role("button", name="Answer").click()
        page.locator(".why summary").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What each column did").wait_for()
        told = client.post("/explain", {"rows": [{"mass_g": 10.5, "hour": "day", "seen": "2024-03-01"}]}).told
        shares = told["contributions"]["species"]
        assert page.locator(".shares tbody th").all_inner_texts() == list(shares["columns"])
        assert shares["words"] in page.locator(".why").inner_text()
        first = page.locator(".shares .for").first.bounding_box()
        assert first is not None
        assert first["width"] > 20
        asked = len(visit.asked)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # closed and open again: what was told is kept
        assert page.get_by_role("heading", name="What each column did").is_visible()
        assert len(visit.asked) == asked
        visit.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (360, "light")])
def test_why_shows_where_the_model_looked(browser: playwright.Browser, mixed: Path, photos: Path, width: int, scheme: str):
    with served(mixed) as client:
        visit = Visit(browser, client, width=width, scheme=scheme)
        page = visit.page
        page.locator("input[type=file]").set_input_files([str(photos / "red" / "01.png"), str(photos / "green" / "01.png")])
        page.get_by_role("button", name="Answer").click()
        for place in (0, 1):
            why = page.locator(".why").nth(place)
            why.locator("summary").click()
            why.get_by_role("heading", name="Where it looked").wait_for()
            assert why.locator("h5").all_inner_texts() == ["The photo", "The head's own map", "Grad-CAM"]
            over = why.get_by_role("group", name="Grad-CAM")
            sizes = over.locator("img").evaluate_all("all => all.map(one => one.complete && one.naturalWidth)")
            assert min(sizes) > 100
            over.focus()
            page.wait_for_timeout(300)
            assert over.locator(".over").evaluate("one => getComputedStyle(one).opacity") == "0"
        visit.close()


def test_why_of_a_sound_and_what_it_says_when_it_cannot_be_told(browser: playwright.Browser, ears: Path, tmp_path: Path):
    file = write(tmp_path / "call.wav", recording(1, [(0.0, 1.0, "low")]))
    with served(ears) as client:
        visit = Visit(browser, client, width=360, scheme="dark")
        page = visit.page
        page.locator("input[type=file]").set_input_files(str(file))
        page.get_by_role("button", name="Answer").click()
        summary = page.locator(".why summary")
        page.route("**/explain?*", lambda route: route.abort())
        summary.click()
        page.get_by_text("The server does not answer.").wait_for()
        page.unroute("**/explain?*")
        summary.click()
        summary.click()
        page.get_by_role("heading", name="Where it looked").wait_for()
        assert page.locator(".picture .under").count() == 2
        assert page.locator(".picture.strip .over").count() == 1
        assert page.locator(".times").first.inner_text().startswith("0 s")
        visit.said = [line for line in visit.said if "ERR_FAILED" not in line]  # the browser's own word for it
        visit.close()


def drop(page: playwright.Page, files: list[tuple[str, bytes, str]]) -> None:
    """Drop files on the page's place for them, as from a folder."""
    page.locator(".drop").wait_for()
    made = """files => {
        const moved = new DataTransfer();
        for (const [name, bytes, type] of files) moved.items.add(new File([new Uint8Array(bytes)], name, { type }));
        return moved;
    }"""
    moved = page.evaluate_handle(made, [[name, list(content), kind] for name, content, kind in files])
    page.dispatch_event(".drop", "drop", {"dataTransfer": moved})


def test_points_are_drawn_on_the_photo(browser: playwright.Browser, points: Path, tmp_path: Path):
    photo = points.parent / "photos" / "003.png"
    with served(points, corrections=tmp_path) as client:
        visit = Visit(browser, client, width=360, scheme="dark")
        page = visit.page
        page.get_by_label("photo", exact=True).set_input_files(str(photo))
        page.get_by_role("button", name="Answer").click()
        page.locator(".own svg circle").first.wait_for(state="attached")
        answer = client.form("/predict", ("photo", "x", photo.read_bytes())).told["answers"][0]
        assert float(page.locator(".own svg circle").first.get_attribute("cx")) == pytest.approx(answer["left_x"])
        page.get_by_label("left_x").fill("7.25")
        page.get_by_role("button", name="Save as true").click()
        page.get_by_text("Saved.").wait_for()
        visit.close()
    assert pl.read_csv(tmp_path / "dots" / "corrections.csv")["left_x"].to_list() == [7.25]


def test_sounds_are_dropped_recorded_and_listened_to(browser: playwright.Browser, ears: Path, tmp_path: Path):
    file = write(tmp_path / "call.wav", recording(4, [(0.5, 1.5, "low"), (2.0, 3.5, "high")]))
    with served(ears, corrections=tmp_path / "kept") as client:
        visit = Visit(browser, client)
        page = visit.page
        drop(page, [("call.wav", file.read_bytes(), "audio/wav")])
        page.get_by_role("button", name="Answer").click()
        page.locator(".said").wait_for()
        page.get_by_role("button", name="Listen to the whole").click()
        page.get_by_text("Heard to the end.").wait_for()
        assert page.locator(".events tbody tr").count() >= 1
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("button", name="Record", exact=True).click()
        page.get_by_role("button", name="Stop").wait_for()
        page.wait_for_timeout(1200)
        page.get_by_role("button", name="Stop").click()
        page.locator(".chosen li").wait_for()
        page.get_by_role("button", name="Answer").click()
        page.get_by_text("Answered.").wait_for()
        page.get_by_label("label").fill("low")
        page.get_by_role("button", name="Save as true").click()
        page.get_by_text("Saved.").wait_for()
        visit.close()
    (kept,) = (tmp_path / "kept" / "calls" / "files").iterdir()
    assert kept.suffix == ".wav"
    assert json.loads((tmp_path / "kept" / "calls" / "history.jsonl").read_text())["said"]["label"]


def test_a_token_opens_the_page_and_several_models_are_chosen_from(
    browser: playwright.Browser, birds_model: Path, tmp_path: Path
):
    for name in ("autumn", "spring"):
        shutil.copytree(birds_model, tmp_path / name)
    with served(tmp_path, token="a-token-of-some-length") as client:
        visit = Visit(browser, client)
        page = visit.page
        page.get_by_label("The token").fill("wrong")
        page.get_by_role("button", name="Open").click()
        page.get_by_text("The token is missing or wrong").wait_for()
        page.get_by_label("The token").fill("a-token-of-some-length")
        page.get_by_role("button", name="Open").click()
        page.get_by_label("Model").select_option("spring")
        page.get_by_role("heading", name="spring").wait_for()
        fill(visit)
        page.get_by_role("button", name="Answer").click()
        page.locator(".said").wait_for()
        visit.said = [line for line in visit.said if "401" not in line]
        visit.close()
        visit = Visit(browser, client, path="/#token=a-token-of-some-length")
        visit.page.get_by_label("Model").wait_for()
        assert "token" not in visit.page.url
        visit.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_the_page_speaks_the_language_of_the_browser(
    browser: playwright.Browser, birds_model: Path, tmp_path: Path, width: int, scheme: str
):
    with served(birds_model, corrections=tmp_path) as client:
        visit = Visit(browser, client, width=width, scheme=scheme, locale="es-MX")
        page = visit.page
        page.get_by_role("heading", name="¿Sobre qué quiere saber?").wait_for()
        assert page.locator("html").get_attribute("lang") == "es"
        fill(visit)
        page.locator("summary").click()
        page.get_by_label("Decir cuánto se aparta").check()
        page.get_by_role("button", name="Responder").click()
        page.get_by_text("Respondido.").wait_for()
        page.get_by_label("species").fill("blackbird")
        page.get_by_role("button", name="Guardar como verdadero").click()
        page.get_by_text("Guardado. Se ha recogido 1 fila").wait_for()
        visit.close()


def test_the_language_that_the_server_was_started_with_goes_before_that_of_the_browser(
    browser: playwright.Browser, birds_model: Path
):
    with served(birds_model, language="en") as client:
        visit = Visit(browser, client, locale="es-ES")
        visit.page.get_by_role("button", name="Answer").wait_for()
        assert visit.page.locator("html").get_attribute("lang") == "en"
        visit.close()

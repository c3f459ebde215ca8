"""Every page in a real browser: on a phone and on a desk, in light and dark, by mouse and by keyboard, on paper."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import WIDTHS, axe_script, browser_path, flags, opened, unfolded, why_not
from made_pages import EXPLAINED, OF_SOUNDS, QUICK, RECIPE, TRANSLATED, Pages

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

REACHABLE = "a[href], button:not([disabled]), input, select, summary, audio[controls], [tabindex='0']"
MOST_BYTES = 5_000_000
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in OF_SOUNDS]
EVERY = pytest.mark.parametrize("name", [*QUICK, *SLOW])
EVERY_KIND = pytest.mark.parametrize("name", [*(name for name in QUICK if name not in (TRANSLATED, EXPLAINED, RECIPE)), *SLOW])
"""One page of each kind; the report in Spanish has the parts of the report."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the driver's own imports
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            found = driver.chromium.launch(executable_path=browser_path(), args=flags())
            yield found
            found.close()


@EVERY
def test_a_page_fits_complains_of_nothing_and_asks_nothing_of_the_network(browser: Any, pages: Pages, name: str):
    path = pages[name]
    assert path.stat().st_size < MOST_BYTES
    for width in WIDTHS:
        seen = opened(browser, path, width=width)
        unfolded(seen.page)
        widest = seen.page.evaluate("document.documentElement.scrollWidth")
        assert widest <= width, f"{name} is {widest} pixels wide on a screen of {width}"
        assert seen.complaints == []
        assert seen.asked == []
        seen.page.context.close()


@EVERY_KIND
def test_a_page_passes_the_accessibility_checks_in_light_and_dark(browser: Any, pages: Pages, name: str):
    seen = opened(browser, pages[name])
    unfolded(seen.page)
    seen.page.evaluate(axe_script())
    assert _grave(seen.page, "axe.run(document, { resultTypes: ['violations'] })") == []
    seen.page.emulate_media(color_scheme="dark")  # which changes colours alone
    assert _grave(seen.page, "axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] })") == []
    seen.page.context.close()


def _grave(page: Any, check: str) -> list[str]:
    """Serious findings, each with its element and what is wrong with it."""
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in page.evaluate(check)["violations"]
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]


@EVERY_KIND
def test_the_keyboard_reaches_all_that_can_be_used_and_leaves_again(browser: Any, pages: Pages, name: str):
    seen = opened(browser, pages[name])
    page = seen.page
    page.evaluate(
        """(reachable) => {
            const shown = (one) => one.checkVisibility({ visibilityProperty: true });
            window.wanted = [...document.querySelectorAll(reachable)].filter((one) => shown(one) && one.tabIndex >= 0);
            window.reached = new Set();
            document.addEventListener("focusin", (event) => window.reached.add(event.target));
        }""",
        REACHABLE,
    )
    count = page.evaluate("window.wanted.length")
    assert count or name == "recipe"
    for _ in range(4 * count + 20):  # a player of sound has several stops
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    else:
        pytest.fail(f"the tab key never leaves {name}")
    missed = page.evaluate("window.wanted.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML.slice(0, 120))")
    assert missed == []
    page.context.close()


def test_arrows_walk_through_the_marks_of_a_picture_and_say_what_they_are(browser: Any, pages: Pages):
    page = opened(browser, pages["report"]).page
    picture = page.locator("svg[role=group]").filter(has=page.locator("[data-tip]:nth-of-type(2)")).first
    marks = picture.locator("[data-tip]")
    marks.first.focus()
    first = page.locator("#tip").inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator("#tip").inner_text()
    assert first != second
    assert second == marks.nth(1).get_attribute("aria-label")
    page.keyboard.press("End")
    assert page.locator("#tip").inner_text() == marks.last.get_attribute("aria-label")
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()
    page.context.close()


def test_a_cell_of_the_confusion_matrix_leads_to_its_rows(browser: Any, pages: Pages):
    page = opened(browser, pages["report"]).page
    link = page.locator(".confusion .wrong a").first
    rows = page.locator(f"details{link.get_attribute('href')}")
    assert not rows.locator("li").first.is_visible()
    link.focus()
    page.keyboard.press("Enter")
    rows.locator("li").first.wait_for(state="visible")
    assert "is really" in rows.inner_text()
    page.context.close()


def test_answers_are_sifted_by_what_was_said_and_by_name(browser: Any, pages: Pages):
    page = opened(browser, pages["identify"]).page
    page.get_by_role("button", name="new", exact=True).click()
    assert page.locator(".answer:visible").count() == 1
    page.get_by_role("button", name="all", exact=True).click()
    page.locator("#wanted").fill("one.jpg")
    assert page.locator(".answer:visible").count() == 1
    assert page.locator("#count").inner_text() == "1 of 3"
    page.context.close()


def test_a_level_is_found_on_the_map_by_keyboard(browser: Any, pages: Pages):
    page = opened(browser, pages["embeddings"]).page
    page.locator("#search").fill("nig")
    page.keyboard.press("Enter")
    assert page.locator("#chosen h3").inner_text() == "night"
    page.context.close()


@pytest.mark.slow
def test_events_are_walked_through_and_sifted(browser: Any, pages: Pages):
    page = opened(browser, pages["listening"]).page
    page.keyboard.press("j")
    assert page.locator(".scene.now").count() == 1
    page.locator("#least").fill("1")
    assert page.locator(".scene:visible").count() <= page.locator(".scene").count()
    page.context.close()


@EVERY_KIND
def test_paper_shows_no_players_and_nothing_that_only_a_screen_can_open(browser: Any, pages: Pages, name: str):
    page = opened(browser, pages[name], width=794).page
    page.emulate_media(media="print")
    assert page.locator("audio:visible").count() == 0
    assert page.locator("details:not([open]):visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    page.context.close()


def test_the_spanish_page_says_that_it_is(browser: Any, pages: Pages):
    page = opened(browser, pages[TRANSLATED]).page
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_role("heading", name="Qué hizo cada fila").is_visible()
    page.context.close()


@pytest.mark.parametrize(("name", "heading"), [(EXPLAINED, "Qué hizo cada columna"), (RECIPE, "Etapas")])
def test_other_spanish_pages_have_no_english_left(browser: Any, pages: Pages, name: str, heading: str):
    page = opened(browser, pages[name]).page
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_role("heading", name=heading).first.is_visible()
    assert page.locator("[lang=en]").all_inner_texts() == []
    page.context.close()

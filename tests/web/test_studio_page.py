"""The studio in a real browser: a table and a folder are dropped, looked at, changed, trained on, and the report is read."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from studio_flow import studio
from visiting import Visit, playwright, pytestmark
from visiting import browser as browser

import injerto
from small import birds, photo_folder

__all__ = ["browser", "pytestmark"]
SHOTS = os.environ.get("INJERTO_SHOTS", "")
"""A folder for pictures of the page, to look at."""


def shot(visit: Visit, name: str) -> None:
    if SHOTS:
        visit.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def entered(visit: Visit) -> playwright.Page:
    visit.page.get_by_role("heading", name="1. Your table").wait_for()
    return visit.page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_from_a_dropped_table_to_the_report(browser: playwright.Browser, tmp_path: Path, width: int, scheme: str):
    table = tmp_path / "birds.csv"
    birds(200).with_columns(note=pl.lit("x")).write_csv(table)
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, width=width, scheme=scheme, path=f"#token={client.token}")
        page = entered(visit)
        assert "token" not in page.url
        shot(visit, f"start_{width}")
        page.get_by_label("Files").set_input_files(str(table))
        page.get_by_text("200 rows, 5 columns").wait_for()
        page.get_by_text("Now choose what is to be predicted.").wait_for()
        assert page.get_by_role("button", name="Train", exact=True).is_disabled()
        page.get_by_label("What is to be predicted?").select_option("species")
        page.get_by_text("Ready to train.").wait_for()
        page.get_by_label("hour", exact=True).select_option("drop")
        page.get_by_text("The same on the command line").click()
        page.get_by_text("--drop hour").first.wait_for()
        page.get_by_text("Ready to train.").wait_for()
        page.get_by_text("More options").click()
        page.get_by_label("How").select_option("probe")
        page.get_by_label("Stop learning after minutes").fill("0.3")
        page.get_by_label("Stop learning after minutes").blur()
        page.get_by_text("Ready to train.").wait_for()
        shot(visit, f"looked_{width}")
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator(".curve").first.wait_for(timeout=60_000)
        shot(visit, f"training_{width}")
        page.get_by_role("heading", name="birds.model: done").wait_for(timeout=120_000)
        shot(visit, f"done_{width}")
        assert "--drop hour" in page.locator("#shown pre").last.inner_text()
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Read the report").click()
        report, said = opened.value, []
        report.on("console", lambda message: said.append(message.text))
        report.wait_for_load_state()  # a page that is still on its way cannot be asked for again
        report.reload()
        report.get_by_text("Injerto · report of a model").wait_for()
        assert said == []
        # A report is as of another site: what a table made it say cannot ask the studio.
        assert report.evaluate(f"fetch('{visit.root}/studio').then(() => 'answered', () => 'refused')") == "refused"
        page.get_by_role("button", name="Use it").click()
        page.get_by_role("link", name="Open its page").wait_for(timeout=60_000)
        with page.expect_popup() as opened:
            page.keyboard.press("Enter")  # the link has the focus
        use = opened.value
        use.get_by_role("heading", name="birds.model").wait_for(timeout=30_000)
        use.get_by_label("mass_g").fill("10.5")
        use.get_by_role("button", name="Answer").click()
        use.locator(".why summary").click()
        use.get_by_role("heading", name="Rows like it").wait_for()
        assert use.locator(".why .alike li").count() == 5  # of the table that was dropped
        if SHOTS:
            use.screenshot(path=f"{SHOTS}/use_{width}.png", full_page=True)
        visit.close()
    assert list(injerto.load(tmp_path / "work" / "models" / "birds.model").schema.inputs) == ["mass_g", "seen"]


def test_a_folder_is_sent_with_a_table_that_names_its_photos(browser: playwright.Browser, tmp_path: Path):
    photos = photo_folder(tmp_path / "shots", each=6)
    files = sorted(path.relative_to(photos).as_posix() for path in photos.rglob("*.png"))
    table = tmp_path / "tint.csv"
    pl.DataFrame({"photo": [*files, "red/none.png"], "tint": [*(path.split("/")[0] for path in files), "red"]}).write_csv(table)
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, path=f"#token={client.token}")
        page = entered(visit)
        page.get_by_label("A folder").set_input_files(str(photos))
        page.get_by_text("each folder of photos or sounds is a class").wait_for()
        page.get_by_text("12 rows, 2 columns").wait_for()
        page.get_by_label("Files").set_input_files(str(table))
        page.get_by_text("lie in the folder 'shots'").wait_for()
        page.get_by_text("13 rows, 2 columns").wait_for()
        page.get_by_label("What is to be predicted?").select_option("tint")
        page.get_by_text("Ready to train.").wait_for()
        page.get_by_role("button", name="Open every photo and sound").click()
        page.get_by_text("red/none.png").first.wait_for()
        shot(visit, "photos")
        visit.close()


def test_a_training_is_stopped_goes_on_and_fails_in_words(browser: playwright.Browser, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    birds(4000).write_csv(folder / "long.csv")
    birds(80).with_columns(species=pl.lit("wren")).write_csv(folder / "one.csv")
    with studio(folder=folder, work=tmp_path / "work") as client:
        visit = Visit(browser, client, width=360, path=f"#token={client.token}")
        page = entered(visit)
        page.get_by_label("Or a table in").select_option("long.csv")
        page.get_by_role("button", name="Look at it").press("Enter")
        page.get_by_text("4,000 rows, 4 columns").wait_for()
        page.get_by_label("What is to be predicted?").select_option("species")
        page.get_by_text("Ready to train.").wait_for()
        page.get_by_role("button", name="Train", exact=True).press("Enter")
        page.locator(".curve").first.wait_for(timeout=60_000)
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("It goes on where it was when it is started again.").wait_for(timeout=30_000)
        shot(visit, "stopped")
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("Goes on where an earlier run").wait_for(timeout=60_000)
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("It goes on where it was when it is started again.").wait_for(timeout=30_000)
        page.get_by_label("Or a table in").select_option("one.csv")
        page.get_by_role("button", name="Look at it").click()
        page.get_by_text("80 rows, 4 columns").wait_for()
        page.get_by_label("What is to be predicted?").select_option("species")
        page.get_by_text("Errors stand in the way of training.").wait_for()
        assert page.get_by_role("button", name="Train", exact=True).is_disabled()
        page.get_by_label("species", exact=True).select_option("input:number")
        page.locator(".problems .error").first.wait_for()
        shot(visit, "errors")
        visit.close()


def test_without_the_token_the_page_says_what_to_open(browser: playwright.Browser, tmp_path: Path):
    with studio(work=tmp_path) as client:
        visit = Visit(browser, client)
        visit.page.get_by_role("heading", name="Open the address that was printed").wait_for()
        visit.said = [line for line in visit.said if "401" not in line]
        visit.close()


def test_files_are_dropped_and_one_of_two_tables_is_chosen(browser: playwright.Browser, tmp_path: Path):
    made = """files => {
        const moved = new DataTransfer();
        for (const [name, text] of files) moved.items.add(new File([text], name));
        return moved;
    }"""
    with studio(work=tmp_path) as client:
        visit = Visit(browser, client, width=360, path=f"#token={client.token}")
        page = entered(visit)
        tables = [["birds.csv", birds(90).write_csv()], ["more.csv", birds(70).write_csv()], [".hidden.csv", "a"]]
        page.dispatch_event(".drop", "drop", {"dataTransfer": page.evaluate_handle(made, tables)})
        page.get_by_label("Which of these is the table?").select_option("more.csv")
        page.get_by_role("button", name="This one").click()
        page.get_by_text("70 rows, 4 columns").wait_for()
        page.dispatch_event(".drop", "drop", {"dataTransfer": page.evaluate_handle(made, [["a:b.csv", "x"]])})
        page.get_by_text("has a sign in a name that not every system takes").wait_for()
        visit.said = [line for line in visit.said if "422" not in line]
        visit.close()
    assert sorted(path.name for path in (tmp_path / "uploads").rglob("*.csv")) == ["birds.csv", "more.csv"]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_spanish_studio_looks_and_trains_in_spanish(browser: playwright.Browser, tmp_path: Path, width: int, scheme: str):
    table = tmp_path / "birds.csv"
    birds(200).write_csv(table)
    with studio(work=tmp_path / "work", language="es") as client:
        visit = Visit(browser, client, width=width, scheme=scheme, path=f"#token={client.token}")
        page = visit.page
        page.get_by_role("heading", name="1. Su tabla").wait_for()
        page.get_by_label("Archivos").set_input_files(str(table))
        page.get_by_text("200 filas, 4 columnas").wait_for()
        page.get_by_label("¿Qué hay que predecir?").select_option("species")
        page.get_by_text("Listo para entrenar.").wait_for()
        page.get_by_text("números con").first.wait_for()  # why a column was taken for what
        page.get_by_text("Más opciones").click()
        page.get_by_label("Cómo").select_option("probe")
        page.get_by_label("Dejar de aprender").fill("0.3")
        page.get_by_label("Dejar de aprender").blur()
        page.get_by_text("Listo para entrenar.").wait_for()
        shot(visit, f"es_looked_{width}")
        page.get_by_role("button", name="Entrenar", exact=True).click()
        page.get_by_role("heading", name="birds.model: terminado").wait_for(timeout=120_000)
        shot(visit, f"es_done_{width}")
        assert "--lang es" in page.locator("#shown pre").last.inner_text() + page.locator("#shown pre").first.inner_text()
        visit.close()
    assert '<html lang="es">' in (tmp_path / "work" / "models" / "birds.model" / "report.html").read_text(encoding="utf-8")

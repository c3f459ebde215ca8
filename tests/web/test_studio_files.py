"""Photos and sounds in the studio: folders dropped as the file manager drops them, trained on, and one file answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from made_workbook import workbook
from studio_flow import studio
from visiting import Visit, looks, playwright
from visiting import browser as browser

from made_ears import clips
from small import photo_folder

__all__ = ["browser"]
pytestmark = looks
ODD = "Ñandú #1 100% & more"


def drop(page: playwright.Page, *paths: Path) -> None:
    """Drop files and folders as a file manager does: the page gets entries of folders, not lists of files."""
    box = page.locator(".drop").bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    told = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        told.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})


def entered(visit: Visit) -> playwright.Page:
    visit.page.get_by_role("heading", name="1. Your table").wait_for()
    return visit.page


def littered(folder: Path, each: int) -> Path:
    """Red and green photos in folders in folders, under names that addresses must quote, among what systems leave behind."""
    made = photo_folder(folder / "made", each=each)
    root = folder / ODD
    for path in sorted(made.rglob("*.png")):
        place = root / path.parent.name / "día 1" / f"foto {path.stem} #%+é.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
    (root / ".DS_Store").write_bytes(b"x")
    (root / "red" / "Thumbs.db").write_bytes(b"x")
    whole = next((root / "red" / "día 1").iterdir()).read_bytes()
    (root / "red" / "broken.png").write_bytes(whole[: len(whole) // 2])
    return root


def chosen(page: playwright.Page, target: str) -> None:
    page.get_by_label("What is to be predicted?").select_option(target)
    page.get_by_text("Ready to train.").wait_for()


def probed(page: playwright.Page, model: str) -> None:
    if not page.get_by_label("How").is_visible():
        page.get_by_text("More options").click()
    page.get_by_label("How").select_option("probe")
    page.get_by_label("Stop learning after minutes").fill("0.2")
    page.get_by_label("Stop learning after minutes").blur()
    page.get_by_text("Ready to train.").wait_for()
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("heading", name=f"{model}: done").wait_for(timeout=240_000)


def answered(page: playwright.Page, file: Path) -> str:
    """What the model's own page says of a file."""
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("link", name="Open its page").wait_for(timeout=60_000)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open its page").click()
    asked = opened.value
    asked.locator("input[type=file]").first.set_input_files(str(file))
    asked.get_by_text(f"{file.name} taken.").wait_for(timeout=30_000)
    asked.get_by_role("button", name="Answer").click()
    asked.locator(".said").wait_for(timeout=60_000)
    return str(asked.locator(".said").inner_text())


@pytest.mark.slow
def test_a_dropped_folder_is_gone_through_whatever_its_names(browser: playwright.Browser, tmp_path: Path):
    root = littered(tmp_path, each=130)  # a browser hands over a folder's entries by hundreds
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, width=360, path=f"#token={client.token}")
        page = entered(visit)
        drop(page, root)
        page.get_by_text("262 files sent.").wait_for()  # 260, the broken one and Thumbs.db
        page.get_by_text("261 rows, 2 columns").wait_for()
        assert page.get_by_label("Name of the model").input_value() == "Nandu _1 100_ _ more.model"
        chosen(page, "class")
        drop(page, root)  # the same again replaces itself
        page.get_by_text("262 files sent.").wait_for()
        visit.close()
    sent = next((tmp_path / "work" / "uploads").iterdir()) / ODD
    here, there = (
        {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}
        for top in (root, sent)
    )
    assert here.pop(".DS_Store")
    assert there == here


def test_an_upload_that_was_interrupted_is_sent_again(browser: playwright.Browser, tmp_path: Path):
    root = photo_folder(tmp_path / "shots", each=8)
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, path=f"#token={client.token}")
        page = entered(visit)
        page.route("**/file?path=*green*", lambda route: route.abort())
        drop(page, root)
        page.get_by_text("The server does not answer.").wait_for()
        assert page.get_by_role("progressbar").is_hidden()
        page.unroute("**/file?path=*green*")
        drop(page, root)
        page.get_by_text("16 files sent.").wait_for()
        page.get_by_text("16 rows, 2 columns").wait_for()
        visit.said = [line for line in visit.said if "ERR_FAILED" not in line]
        visit.close()


@pytest.mark.slow
def test_from_a_dropped_folder_of_photos_to_an_answer(browser: playwright.Browser, tmp_path: Path):
    root = littered(tmp_path, each=16)
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, scheme="dark", path=f"#token={client.token}")
        page = entered(visit)
        drop(page, root)
        page.get_by_text("33 rows, 2 columns").wait_for()
        chosen(page, "class")
        page.get_by_role("button", name="Open every photo and sound").click()
        page.get_by_text("Every photo and sound was opened.").wait_for(timeout=60_000)
        page.get_by_text("red/broken.png").last.wait_for()
        model = page.get_by_label("Name of the model").input_value()
        probed(page, model)
        page.get_by_role("link", name="Rows that could not be used").wait_for()
        said = answered(page, next((root / "green" / "día 1").iterdir()))
        assert "green" in said
        visit.close()
    ledger = pl.read_csv(tmp_path / "work" / "models" / model / "ledger.csv")
    assert "red/broken.png" in ledger.write_csv()


@pytest.mark.slow
def test_from_a_dropped_workbook_and_its_sounds_to_an_answer(browser: playwright.Browser, tmp_path: Path):
    folder = tmp_path / "grabación 1"
    table = clips(folder, each=14)
    book = workbook(tmp_path / "calls.xlsx", {"clips": [table.columns, *map(list, table.rows())], "notes": [["by"], ["me"]]})
    with studio(work=tmp_path / "work") as client:
        visit = Visit(browser, client, width=360, path=f"#token={client.token}")
        page = entered(visit)
        drop(page, book, folder)
        page.get_by_text("lie in the folder 'grabación 1'").wait_for()
        page.get_by_text("42 rows, 2 columns").wait_for()
        page.get_by_text("There are also 'notes'").wait_for()
        chosen(page, "label")
        page.get_by_text("More options").click()
        page.get_by_label("No rows belong together").check()
        page.get_by_text("Ready to train.").wait_for()
        page.get_by_role("button", name="Open every photo and sound").click()
        page.get_by_text("Every photo and sound was opened.").wait_for(timeout=60_000)
        probed(page, "calls.model")
        assert "high" in answered(page, folder / "high00.wav")
        visit.close()

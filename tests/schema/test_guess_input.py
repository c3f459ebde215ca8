"""Each rule fires where it should, and not on an innocent neighbour."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import soundfile
from PIL import Image

from injerto.schema.facts import facts_of
from injerto.schema.guess import Guess
from injerto.schema.guess_input import guess_input
from injerto.table.table import Table


def guess(cells: Any, *, name: str = "column", folder: Path = Path(".")) -> Guess[Any]:
    table = Table.of(pl.DataFrame({name: pl.Series(cells)}), folder=folder)
    return guess_input(table.column(name), facts_of(table)[name])


def photo(mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


def sound() -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(800), 8000, format="WAV")
    return buffer.getvalue()


WORDS = ["oak", "ash", "elm", "fir", "yew"]

GUESSES: list[tuple[str, list[Any], str | None, str]] = [
    ("words", WORDS * 8, "category", "5 different texts in 40 rows"),
    ("empty", [None] * 20, None, "every cell is empty"),
    ("constant", ["a"] * 20, None, "constant: 'a' in every row"),
    ("constant or missing", ["a", None] * 10, "category", "1 different text"),
    ("hardly filled", ["a", "b"] + [None] * 998, None, "filled in only 2 rows of 1,000"),
    ("thinly filled", ["a", "b"] * 10 + [None] * 980, "category", "2 different texts in 20 rows"),
    ("truth", [True, False] * 5, "category", "true or false"),
    ("decimals", [0.5, 1.5, 2.5], "number", "numbers with 3 different values"),
    ("months", list(range(1, 13)) * 3, "number", "whole numbers from 1 to 12 with 12 different values"),
    ("flags", [0, 1] * 10, "number", "only 0 and 1"),
    ("leading zeros", ["007", "008"] * 10, "category", "2 different texts"),
    ("row counter", list(range(1, 31)), None, "counts or names the rows"),
    ("row counter from 0", list(range(30)), None, "counts or names the rows"),
    ("years in a row", list(range(1990, 2020)), "number", "from 1990 to 2019"),
    ("counter with a gap", [*range(29), 99], "number", "whole numbers"),
    ("names of rows", [f"animal {n}" for n in range(40)], None, "names of single rows"),
    ("names seen twice", [f"animal {n}" for n in range(20)] * 2, "category", "20 different texts in 40 rows"),
    ("few rows all different", ["a", "b", "c"], "category", "3 different texts"),
    (
        "free text",
        [f"seen at dusk near the old mill, number {n} of the day" for n in range(40)],
        None,
        "free text is not supported",
    ),
    (
        "long levels",
        ["the northern slope of the mountain above the lake", "the southern slope of it, with trees"] * 9,
        "category",
        "2 dif",
    ),
    ("days", [date(2024, 1, 1) + timedelta(days=n) for n in range(40)], "date", "dates from 2024-01-01 to 2024-02-09"),
    ("days as text", ["2024-05-31", "2024-06-01T12:30:00"] * 5, "date", "dates"),
    ("unclear days", ["03/04/2024", "05/06/2024"] * 5, None, "order of day and month is unclear"),
    ("decimal commas", [f"{n},5" for n in range(40)], None, "decimal commas such as 0,5"),
    ("numbers but one", [*(str(n) for n in range(40)), "n.d."], None, "numbers but for 1 cell, such as 'n.d.' in row 40"),
    ("lists of numbers", [[1, 2]] * 20, None, "not supported"),
    ("lists of words", [["fox", "owl"], ["fox"]] * 10, "categories", "lists of labels"),
    ("bags", ["fox", "fox;owl", "owl; bat", "bat;fox"] * 10, "categories", "cells with ';' between 3 labels"),
    ("bags with bars", ["fox", "fox|owl", "owl|bat", "bat|fox"] * 10, "categories", "cells with '|' between 3 labels"),
    ("a stray separator", [*["fox", "owl"] * 20, "owl;bat"], "category", "3 different texts"),
    ("codes by their few letters", ["0"] * 40 + ["a"], "category", "2 different texts"),
]


@pytest.mark.parametrize(("cells", "kind", "reason"), [case[1:] for case in GUESSES], ids=[case[0] for case in GUESSES])
def test_guess(cells: list[Any], kind: str | None, reason: str) -> None:
    found = guess(cells)
    assert found.kind == kind, found.reason
    assert reason in found.reason


@pytest.mark.parametrize("name", ["site_id", "SiteId", "id", "sample no", "plot-code"])
def test_a_column_named_like_a_code_is_a_category(name: str) -> None:
    assert guess([3, 5, 9] * 10, name=name).kind == "category"
    assert guess(np.arange(40) * 7, name=name).kind is None


@pytest.mark.parametrize("name", ["humid", "acid", "piano", "volcano", "grid", "count"])
def test_a_name_that_only_ends_like_a_code_is_a_number(name: str) -> None:
    assert guess([3, 5, 9] * 10, name=name).kind == "number"
    assert guess(np.arange(40) * 7, name=name).kind == "number"


@pytest.mark.parametrize(("content", "kind"), [(photo(), "image"), (sound(), "sound"), (b"nothing", None)])
def test_bytes_and_structs_are_opened(content: bytes, kind: str | None) -> None:
    assert guess([content, None, content]).kind == kind
    assert guess([{"bytes": content, "path": "x"}] * 3).kind == kind


def test_names_of_files_that_exist(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.JPG").write_bytes(b"anything")
    found = guess(["a/1.JPG", "a\\1.JPG", None], folder=tmp_path)
    assert (found.kind, found.reason) == ("image", "names of files ending in .jpg that exist: photos")


def test_names_of_files_that_do_not_exist_are_still_files(tmp_path: Path) -> None:
    found = guess(["a.wav", "b.wav"], folder=tmp_path)
    assert found.kind == "sound"
    assert f"none of 2 files looked for exists in {tmp_path}" in found.reason


def test_words_with_a_dot_are_no_files() -> None:
    assert guess(["sp. a", "sp. b"] * 9).kind == "category"


def test_grey_levels_are_photos_and_a_few_numbers_are_not() -> None:
    found = guess([" ".join(["7"] * 64), " ".join(["9"] * 64)])
    assert (found.kind, found.reason) == ("image", "64 grey levels in each cell, 8 x 8: photos")
    assert guess(["1 2 3", "4 5 6"] * 6).kind == "category"

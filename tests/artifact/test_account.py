"""Every row of a table has one fate, and a person finds the ones that were not used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import injerto
from injerto.artifact.account import SORTS, account_words
from injerto.artifact.ledger_table import read_ledger
from injerto.table.table import Table
from small import birds, photo_folder


def adds_up(model: injerto.Model) -> dict[str, int]:
    account = dict(model.artifact.facts["account"])
    rows = account.pop("rows")
    assert sum(account.values()) == rows == model.artifact.facts["rows"]
    ledgers = {"unreadable": model.ledger, **model.artifact.unused}
    assert {sort: account[sort] for sort in SORTS} == {
        sort: len(ledgers[sort].rows) if sort in ledgers else 0 for sort in SORTS
    }
    seen: set[int] = set()
    for ledger in ledgers.values():  # no row has two fates
        assert not seen & ledger.rows
        seen |= ledger.rows
    return account


def test_missing_labels_and_a_split_that_leaves_rows_out(tmp_path: Path) -> None:
    nests, year = np.arange(120) // 4, 2000 + np.arange(120) // 10
    year[nests % 10 == 0] = np.array([2001, 2003, 2010, 2011] * 3)
    species = birds(120)["species"].to_list()
    species[5] = species[50] = None
    frame = (
        birds(120).drop("seen").with_columns(pl.Series("species", species), pl.Series("nest", nests), pl.Series("year", year))
    )
    frame = frame.with_columns(remark=pl.Series(["two\nlines"] + ["one"] * 119))
    frame.write_csv(tmp_path / "birds.csv")
    model = injerto.train(
        tmp_path / "birds.csv", "species", drop=["remark"], group="nest", time="year", budget_seconds=1, out=tmp_path / "m"
    )
    account = adds_up(model)
    assert account["unlabelled"] == 2 and account["left out"] > 0 and account["unreadable"] == 0
    listed = pl.read_csv(tmp_path / "m" / "ledger.csv")
    assert set(listed["sort"]) == {"unlabelled", "left out"}
    assert (listed["line"] == listed["row"] + 3 - (listed["row"] == 0).cast(pl.Int64)).all()  # a head, and a cell of two lines
    assert "of the same 'nest' tests" in listed.filter(pl.col("sort") == "left out")["reason"][0]
    loaded = injerto.load(tmp_path / "m").artifact
    assert loaded.unused == model.artifact.unused and loaded.lines == model.artifact.lines
    assert loaded.rows.left_out.tolist() == model.artifact.rows.left_out.tolist()
    card, report = ((tmp_path / "m" / name).read_text() for name in ("card.md", "report.html"))
    assert "2 without any label" in card and "no label" in card
    assert "Rows that were not used" in report and "<td>line 8</td>" in report


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = photo_folder(tmp_path / "photos")
    (folder / "red" / "03.png").write_bytes(b"")
    (folder / "green" / "04.png").write_bytes(b"no photo")
    account = adds_up(injerto.train(folder, "class", mode="probe", no_group=True))
    assert account["unreadable"] == 2 and account["unlabelled"] == account["left out"] == 0


def test_a_user_may_leave_rows_out() -> None:
    parts = ["train"] * 60 + ["tune"] * 20 + ["test"] * 30 + ["unused"] * 10
    frame = birds(120).with_columns(pl.Series("part", parts))
    account = adds_up(injerto.train(frame, "species", split="part", budget_seconds=1))
    assert account == {"train": 60, "tune": 20, "test": 30, "unreadable": 0, "unlabelled": 0, "left out": 10}


def test_the_account_in_words() -> None:
    account = {"rows": 10, "train": 5, "tune": 2, "test": 3, "unreadable": 0, "unlabelled": 0, "left out": 0}
    assert account_words(account) == "Of 10 rows 5 train, 2 tune, 3 test; every row is used."
    account |= {"train": 3, "unreadable": 1, "left out": 1}
    assert account_words(account).endswith("2 not used: 1 could not be read, 1 left out by the split.")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1,2\n3,4\n", [2, 3]),
        ("a,b\r\n1,2\r\n3,4", [2, 3]),
        ('a,b\n"x\ny",2\n3,4\n', [2, 4]),
        ("a,b\n\n1,2\n\n3,4\n", [3, 5]),
    ],
)
def test_lines_are_those_of_an_editor(tmp_path: Path, text: str, lines: list[int]) -> None:
    (tmp_path / "t.csv").write_bytes(text.encode())
    table = Table.read(tmp_path / "t.csv")
    assert table.lines is not None and table.lines.tolist() == lines
    assert table.take(np.array([1])).lines.tolist() == lines[1:]  # type: ignore[union-attr]


def test_a_ledger_of_older_versions_is_read(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("row,column,file,reason\n3,photo,a.jpg,zero bytes\n")
    model = injerto.train(birds(60), "species", budget_seconds=1)
    read_ledger(model.artifact, tmp_path / "ledger.csv")
    assert [(one.row, one.file) for one in model.ledger] == [(3, "a.jpg")]

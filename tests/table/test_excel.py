"""Workbooks of Excel and LibreOffice are tables like all others."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import polars as pl
import pytest
from made_workbook import Formula, Percent, Slip, workbook
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

import injerto
from injerto.cli.app import app
from injerto.errors import TableError
from injerto.table.merged_cells import merged_cells
from small import birds

FIELD = [
    ["species", "mass", "seen", "share", "twice", "ring", "state"],
    ["ant", 3, dt.date(2024, 1, 5), Percent(0.125), Formula("B2*2", 6), "007", 4],
    ["bee", None, dt.date(2024, 2, 29), Percent(0.5), Formula("B3*2", 0.3), "010", "n.d."],
    [None] * 7,
    ["wasp", 2.5, None, Percent(1), Formula("1/0", 7), None, 1.5],
]
XLS = """
H4sIAAAAAAACA+1YTWgTQRT+ZrNJk9D81VRohRIKVq3pQbx4aVel2lNK9eIPgibtHkp0W7K56MVqzbEgeFJEKNSDl6oXf1DBv4MHoaIHQRASPXoSKnhos755
u6lprdCAFqrzLfPmzZv5dt7um5+dfTOXKE/fba9gBfrgQ9UJIVBnE5RCtUIcVO84Uq3lQUqOwoZCKEiBDPjxKPK6ScZQxrsCDXf0ZySBT5ROYByDY5aZWkfs
Zx+yQvrQS1LgOlmiaGOvWlgOs9zE8ja3fMxyL1umWPZS27I4jjljsHuPN4qPap1cF4W8733mfGDLLrTilRzF5y8Lt60f+wqj2dMbrKJDb8YMKKADpmUWZDmG
mwgDxwg9mUxPf38ZSQr2DL45KWC+NqufppR9fe0CZP++3N70G3uQgrjSfkXTgQk4p3iSlBBBUpc1flimXbQXkCYVnGg82OPm8KhpU4szWVtmtmlaPiBrFUnm
TDMs13heE+LL1oQIz5VmkiOIsZ7gGRMnpxZufX2byQ0ZJ9kywfuAu1tslc7BwQXJIHKUa3xLspsZO1le5LtuYb2dZZK8prxrqNVTDk5ym0tc20X97Ga8M7bV
6dtJL3059KCj9NnYQfrsQOVccva9MY1O2r1GiC+vSaRFWly7KvHQqOXCW1k+smz7ZZUJanHPd8fbEmNYlPOKkGDpluTbEUslzXtXki1WYQtmy/fxhPoXzI7y
Kvf8hUZMydNW4WnM0z2eG5P8lOTdeCl5fVoL7slGtCL+RBgKCgoKCgoKCgr/LwR/n7pf47p3Tgi4ZwX+r7NIqap+k/yzOIwxuop0qDwAi/ICzjY0fjbDL2r3
Emvk1P4XShyh3gvII8d+5Bsev3TuEfXPs2Zi/M9NoUb7rzbi51/u/wewzwjXABYAAA==
"""
"""What Excel 97 to 2003 wrote: a sheet `nests` with species and mass of an ant and a bee, and the date seen."""


def field(folder: Path, *rows: list[object], **options: str) -> Path:
    return workbook(folder / "field.xlsx", {"nests": rows}, **options)


def test_cells_are_numbers_dates_shares_and_codes(tmp_path: Path):
    table = injerto.Table.read(field(tmp_path, *FIELD))
    expected = pl.DataFrame(
        {
            "species": ["ant", "bee", "wasp"],
            "mass": [3.0, None, 2.5],
            "seen": [dt.date(2024, 1, 5), dt.date(2024, 2, 29), None],
            "share": [0.125, 0.5, 1.0],
            "twice": [6.0, 0.3, 7.0],
            "ring": ["007", "010", None],  # a code, as in a text table
            "state": ["4", "n.d.", "1.5"],
        }
    )
    assert_frame_equal(table.frame, expected)
    assert table.notes == ()
    assert table.name == "field"
    assert table.lines is not None
    assert table.lines.tolist() == [2, 3, 5]  # rows of the sheet, as Excel counts


def test_a_workbook_is_the_same_table_as_its_csv(tmp_path: Path):
    frame = birds(60)
    frame.write_csv(tmp_path / "birds.csv")
    path = workbook(tmp_path / "birds.xlsx", {"birds": [frame.columns, *map(list, frame.rows())]})
    assert_frame_equal(injerto.Table.read(path).frame, injerto.Table.read(tmp_path / "birds.csv").frame)
    text, sheet = (CliRunner().invoke(app, ["check", str(tmp_path / name)]) for name in ("birds.csv", "birds.xlsx"))
    assert sheet.exit_code == text.exit_code == 0
    assert sheet.output.replace("birds.xlsx", "birds.csv") == text.output


def test_times_of_days_and_of_the_day(tmp_path: Path):
    rows = [["when", "clock"], [dt.datetime(2024, 5, 1, 6, 30), dt.time(6, 30)], [dt.datetime(2024, 5, 2), dt.time(23, 5)]]
    frame = injerto.Table.read(field(tmp_path, *rows)).frame
    assert frame["when"].to_list() == [dt.datetime(2024, 5, 1, 6, 30), dt.datetime(2024, 5, 2)]
    assert frame["clock"].to_list() == ["06:30:00", "23:05:00"]  # as text, which it is in a csv


def test_a_failed_formula_is_a_missing_cell_and_truth_a_truth(tmp_path: Path):
    frame = injerto.Table.read(field(tmp_path, ["a", "ok"], [1, True], [Slip("#DIV/0!"), False], [Slip("#N/A"), True])).frame
    assert frame["a"].to_list() == [1, None, None]
    assert frame["ok"].to_list() == [True, False, True]


def test_texts_with_commas_among_numbers_are_not_guessed(tmp_path: Path):
    table = injerto.Table.read(field(tmp_path, ["mass", "typed"], [1.234, "1,5"], ["5,5", 3]))
    assert table.frame["mass"].to_list() == ["1.234", "5,5"]  # read alike, 1.234 would be 1234
    assert "Column 'mass': some numbers are texts with a comma" in table.notes[0]
    assert table.frame["typed"].to_list() == [1.5, 3.0]


def test_merged_cells_are_told_of(tmp_path: Path):
    table = injerto.Table.read(field(tmp_path, ["site", "n"], ["north", 1], [None, 2], merged="A2:A3"))
    assert table.frame["site"].to_list() == ["north", None]
    assert "In the sheet 'nests' cells are merged ('A2:A3')" in table.notes[0]


def test_which_sheet_is_read_is_told_and_chosen(tmp_path: Path):
    sheets = {"old": [["a"], [1]], "empty": [], "notes": [["x"], [1]], "nests & co": [["b"], [2]]}
    path = workbook(tmp_path / "field.xlsx", sheets, hidden=["old"])
    table = injerto.Table.read(path)
    assert table.columns == ["x"]
    assert "'notes' was read. There are also 'nests & co': name one as field.xlsx#nests & co" in table.notes[0]
    other = injerto.Table.read(f"{path}#Nests & Co")
    assert (other.columns, other.notes, other.name) == (["b"], (), "field")
    assert injerto.Table.read(f"{path}#old").columns == ["a"]
    with pytest.raises(TableError, match=r"has no sheet 'nest'.* Its sheets: 'old', 'empty', 'notes', 'nests & co'"):
        injerto.Table.read(f"{path}#nest")
    with pytest.raises(TableError, match=r"sheet 'empty', is empty"):
        injerto.Table.read(f"{path}#empty")
    with pytest.raises(TableError, match=r"There is no table .*other\.xlsx\."):
        injerto.Table.read(tmp_path / "other.xlsx#nests")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["Season 2024"], [], ["a", "b"], [1, 2]], r"row 1 has 1 cell\(s\) \('Season 2024'\).* delete titles"),
        ([[None, "t", None, "u", None], [1, 2, 3, 4, 5]], r"row 1 has 2 cell\(s\) \('t'\), and the table is 5 columns wide"),
        ([["a", "b", "a"], [1, 2, 3]], r"sheet 'nests', has columns of the same name: 'a' \(2 times\)"),
        ([["a", "b"]], r"sheet 'nests', has column names \(a, b\) but no rows"),
        ([], r"none of its sheets \('nests'\) has a cell"),
    ],
)
def test_what_is_no_table_is_said_with_its_sheet(tmp_path: Path, rows: list[list[object]], message: str):
    with pytest.raises(TableError, match=message):
        injerto.Table.read(field(tmp_path, *rows))


def test_rows_above_names_and_columns_without_names(tmp_path: Path):
    table = injerto.Table.read(field(tmp_path, [], ["a", None, "c"], [1, "x", 2], ["", None, 5]))
    assert table.columns == ["a", "unnamed_2", "c"]
    assert "unnamed_2" in table.notes[0]
    assert table.lines is not None
    assert table.lines.tolist() == [3, 4]


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_a_damaged_workbook_is_said(tmp_path: Path, content: bytes):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(TableError, match=r"a\.xlsx cannot be opened: .* save it anew"):
        injerto.Table.read(tmp_path / "a.xlsx")


def test_a_workbook_cut_short_is_said(tmp_path: Path):
    raw = field(tmp_path, *FIELD).read_bytes()
    for end in range(1, len(raw), 97):
        (tmp_path / "cut.xlsx").write_bytes(raw[:end])
        with pytest.raises(TableError, match="cannot be opened"):
            injerto.Table.read(tmp_path / "cut.xlsx")


def test_old_excel(tmp_path: Path):
    (tmp_path / "old.xls").write_bytes(gzip.decompress(base64.b64decode(XLS)))
    frame = injerto.Table.read(tmp_path / "old.xls").frame
    assert frame.rows() == [("ant", 3.0, dt.date(2024, 1, 5)), ("bee", 90.5, dt.date(2024, 2, 29))]


def test_open_document(tmp_path: Path):
    cells = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in (
            '<table:table-cell office:value-type="string"><text:p>species</text:p></table:table-cell>'
            '<table:table-cell office:value-type="string"><text:p>mass</text:p></table:table-cell>',
            '<table:table-cell office:value-type="string"><text:p>ant</text:p></table:table-cell>'
            '<table:table-cell office:value-type="float" office:value="3.5"><text:p>3,5</text:p></table:table-cell>',
        )
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(tmp_path / "field.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            "<?xml version='1.0' encoding='UTF-8'?>"
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="nests">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert injerto.Table.read(tmp_path / "field.ods").frame.rows() == [("ant", 3.5)]


def test_a_workbook_in_a_zip(tmp_path: Path):
    path = field(tmp_path, ["a"], [1])
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        archive.write(path, "field.xlsx")
    assert injerto.Table.read(tmp_path / "sent.zip").frame.rows() == [(1,)]


@pytest.mark.parametrize("bomb", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_list_of_sheets_that_unpacks_to_gigabytes_is_left_alone(bomb: str):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            with archive.open(name, "w") as file:
                for _ in range(400 if name == bomb else 0):
                    file.write(bytes(1024**2))
    assert len(raw.getvalue()) < 1024**2, "400 MB in less than one"
    tracemalloc.start()
    assert merged_cells(raw.getvalue(), "nests") == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 30 * 1024**2

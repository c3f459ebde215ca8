"""Small Excel workbooks, written by hand: what a test says of a sheet is what lies in the file."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DATE, _TIME, _PERCENT, _CLOCK = 1, 2, 3, 4
"""Places in the workbook's list of formats."""


@dataclass(frozen=True)
class Percent:
    """A number shown with a percent sign."""

    share: float


@dataclass(frozen=True)
class Formula:
    """A formula, and the value that the program kept of it."""

    text: str
    value: float


@dataclass(frozen=True)
class Slip:
    """A cell in which a formula failed, such as #DIV/0!."""

    text: str


def workbook(
    path: Path, sheets: dict[str, Sequence[Sequence[object]]], *, merged: str = "", hidden: Sequence[str] = ()
) -> Path:
    """Write sheets of rows of cells: texts, numbers, truths, dates, None; `merged` such as A2:A3 in the first."""
    with zipfile.ZipFile(path, "w") as archive:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for place in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>',
        )
        states = ("visible", "hidden")
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{place}" state="{states[name in hidden]}" r:id="rId{place}"/>'
            for place, name in enumerate(sheets, start=1)
        )
        archive.writestr("xl/workbook.xml", f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>')
        relations = [("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*relations, ("styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", _styles())
        for place, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{place}.xml", _sheet(rows, merged if place == 1 else ""))
    return path


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{place}" Type="{_REL}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _styles() -> str:
    formats = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, 14, 22, 10, 20))
    return f"<styleSheet {_MAIN}><cellXfs>{formats}</cellXfs></styleSheet>"


def _sheet(rows: Sequence[Sequence[object]], merged: str) -> str:
    lines = "".join(
        f'<row r="{at}">' + "".join(_cell(f"{_letters(place)}{at}", value) for place, value in enumerate(row)) + "</row>"
        for at, row in enumerate(rows, start=1)
    )
    joined = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    return f"<worksheet {_MAIN}><sheetData>{lines}</sheetData>{joined}</worksheet>"


def _letters(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def _cell(at: str, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        case Percent():
            return f'<c r="{at}" s="{_PERCENT}"><v>{value.share}</v></c>'
        case Formula():
            return f'<c r="{at}"><f>{escape(value.text)}</f><v>{value.value}</v></c>'
        case Slip():
            return f'<c r="{at}" t="e"><v>{value.text}</v></c>'
        case dt.datetime():
            return f'<c r="{at}" s="{_TIME}"><v>{(value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)}</v></c>'
        case dt.date():
            return f'<c r="{at}" s="{_DATE}"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
        case dt.time():
            return f'<c r="{at}" s="{_CLOCK}"><v>{(value.hour * 60 + value.minute) / 1440}</v></c>'
        case _:
            return f'<c r="{at}"><v>{value}</v></c>'

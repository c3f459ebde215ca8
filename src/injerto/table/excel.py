"""The first sheet of a workbook (Excel, LibreOffice) to a frame; its cells are understood as those of a text table are."""

from __future__ import annotations

import fastexcel
import numpy as np
import polars as pl

from injerto.errors import TableError, did_you_mean
from injerto.places.address import Place
from injerto.places.opened import exists
from injerto.table.cells import understood
from injerto.table.content import Content
from injerto.table.delimited import named_columns
from injerto.table.merged_cells import merged_cells

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
_TIMED, _MIDNIGHT, _CLOCK = r"^\d{4}-\d\d-\d\d \d\d:", " 00:00:00", r"^1899-12-3[01] (\d\d:\d\d:\d\d(?:\.\d+)?)$"
"""A date is kept as midnight of its day; a time of day as one of the day that counting begins with."""
_FRACTION = r"^[+-]?\d+\.\d+$"


def parted(path: Place) -> tuple[Place, str]:
    """A path such as field.xlsx#nests as the workbook and the sheet that is wanted, "" where none is named.

    Example:
        >>> from pathlib import Path
        >>> parted(Path("field.xlsx#nests")), parted(Path("field.xlsx"))[1], parted(Path("a#b.csv"))[1]
        ((PosixPath('field.xlsx'), 'nests'), '', '')
    """
    file, _, sheet = path.name.partition("#")
    if sheet and file.lower().endswith(SUFFIXES) and not exists(path):
        return path.with_name(file), sheet
    return path, ""


def read_workbook(raw: bytes, path: Place) -> Content:
    """The sheet that `path` names, or the first that can be seen and has cells. Formulas give the value that was kept of them.

    *Raises* TableError for no workbook, no such sheet, no rows, names that are not in the first row, and twice the same name.
    """
    file, wanted = parted(path)
    try:
        book = fastexcel.read_excel(raw)
        name, others = _chosen(book, wanted, file)
        rows = _rows(book, name)
    except fastexcel.FastExcelError as slip:
        why = str(slip).strip().split("\n")[0][:200].rstrip(".")
        raise TableError(
            f"The workbook {file} cannot be opened: {why}. If it has a password, remove it; else open it and save it anew."
        ) from slip
    where = f"{file}, sheet '{name}',"
    frame, lines, notes = _table(rows, where)
    if others:
        notes.append(
            f"Of the workbook's sheets, '{name}' was read. There are also {_listed(others)}: name one as "
            f"{file.name}#{others[0]}, or move it to the front."
        )
    merged = merged_cells(raw, name)
    if merged:
        notes.append(
            f"In the sheet '{name}' cells are merged ({_listed(merged)}): only the first of each range has its value, "
            "the others are empty. Unmerge and fill them if each row should have it."
        )
    typed = [_typed(column) for column in frame]
    return Content(pl.DataFrame([column for column, _ in typed]), (*notes, *(note for _, note in typed if note)), lines)


def _chosen(book: fastexcel.ExcelReader, wanted: str, file: Place) -> tuple[str, list[str]]:
    """The sheet to read, and, where nobody said which, the others that could be meant."""
    names = book.sheet_names
    if wanted:
        found = [name for name in names if name.casefold() == wanted.casefold()]
        if not found:
            near = did_you_mean(wanted, names)
            raise TableError(f"The workbook {file} has no sheet '{wanted}'.{near} Its sheets: {_listed(names)}.")
        return found[0], []
    sheets = {name: _loaded(book, name, at_most=1) for name in names}
    full = [name for name, sheet in sheets.items() if sheet.width and sheet.height]
    if not full:
        raise TableError(f"The workbook {file} is empty: none of its sheets ({_listed(names)}) has a cell.")
    seen = [name for name in full if sheets[name].visible == "visible"] or full
    return seen[0], seen[1:]


def _loaded(book: fastexcel.ExcelReader, name: str, at_most: int | None = None) -> fastexcel.ExcelSheet:
    """Cells as texts: a column then has one type, whatever its cells are."""
    return book.load_sheet(name, header_row=None, skip_rows=0, n_rows=at_most, dtypes="string")


def _rows(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    """All rows from the top, the empty ones, too."""
    sheet = _loaded(book, name)
    return sheet.to_polars() if sheet.width and sheet.height else pl.DataFrame()


def _table(rows: pl.DataFrame, where: str) -> tuple[pl.DataFrame, np.ndarray, list[str]]:
    """Cells below the names, the row (N,) of each in the sheet from 1, and notes. Empty rows and columns are left out."""
    rows = rows.with_columns(pl.all().replace("", None))
    rows = rows[:, [column.null_count() < rows.height for column in rows]] if rows.height else rows
    if rows.width == 0:
        raise TableError(f"The table {where} is empty.")
    used = np.flatnonzero(rows.select(~pl.all_horizontal(pl.all().is_null())).to_series().to_numpy())
    rows, at = rows[used], used + 1
    header = [(cell or "").strip() for cell in rows.row(0)]
    _require_names(header, rows, int(at[0]), where)
    if rows.height == 1:
        raise TableError(f"The table {where} has column names ({', '.join(header[:5])}) but no rows.")
    names, notes = named_columns(header, where)
    frame = rows[1:]
    frame.columns = names
    return frame, at[1:], notes


def _require_names(header: list[str], rows: pl.DataFrame, at: int, where: str) -> None:
    """A title above the table would make columns without names, of which each is a mix of texts."""
    named = sum(bool(cell) for cell in header)
    if (named == 1 and header[0] and rows.width > 1) or 2 * named < rows.width:
        first = next(cell for cell in header if cell)
        raise TableError(
            f"The table {where} has no names of columns in its first row: row {at} has {named} cell(s) ('{first[:60]}'), and "
            f"the table is {rows.width} columns wide. Names of columns must come first: delete titles and notes above them."
        )


def _typed(cells: pl.Series) -> tuple[pl.Series, str]:
    """A column with the type that all its cells fit, and what to say of it."""
    cells = cells.str.replace(_CLOCK, "${1}")
    if not (
        cells.str.contains(_TIMED) & ~cells.str.ends_with(_MIDNIGHT)
    ).any():  # else some have a time of day: all keep theirs
        cells = cells.str.replace(_MIDNIGHT + "$", "")
    typed, note = understood(cells, "\t")
    if typed.dtype == pl.Float64 and cells.str.contains(",", literal=True).any() and cells.str.contains(_FRACTION).any():
        # 1.234 is a number of the sheet, and 5,5 a text somebody typed: one reading of points would be wrong for the other
        return cells, f"Column '{cells.name}': some numbers are texts with a comma, others not; left as text. Write all alike."
    return typed, note


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")

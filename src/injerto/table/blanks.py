"""Text whose columns have blanks between them, as programs print tables for the eye, to the same text with tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from injerto.errors import TableError

_RUN = re.compile(r" {2,}")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")
_SAMPLE = 200
"""Lines that tell whether there are such columns: text in one column, which may be long, is not taken apart to the end."""
_MOST_TORN = 0.5
"""Share of lines with runs of blanks from which a table that does not come out even is no text in one column."""


def tabbed(text: str, name: str) -> str | None:
    """The text, line by line, with a tab between cells; None where it holds no such columns.

    Columns stand apart by two blanks or more, so that a cell may hold one, or by any number of blanks. In text with lone blanks
    only, most columns must be numbers: two words a line are more likely names. One name less than columns, as R writes where
    rows have names, leaves the first column without one.

    *Raises* TableError when columns seem to stand apart by blanks, and lines have different numbers of them.

    Example:
        >>> tabbed("mass_g   bird\\n12.5     great tit\\n9        wren\\n", "birds")
        'mass_g\\tbird\\n12.5\\tgreat tit\\n9\\twren'
    """
    lines = [line.strip(" \r") for line in text.rstrip("\r\n ").split("\n")]
    filled = [line for line in lines if line]
    first = filled[:_SAMPLE]
    if _even(_wide(first)):
        found = _wide(filled)
    elif _even(_narrow(first)) and _sure(first, _narrow(first)):
        found = _narrow(filled)
    else:
        _refuse_torn(_wide(first), name)
        return None
    if not _even(found):
        _refuse_torn(found, name)
        return None
    if len(found) != len(filled):  # a quoted cell over several lines: no table for the eye
        return None
    if len(found[0]) < len(found[1]):
        found[0].insert(0, "")
    tabs = io.StringIO()
    csv.writer(tabs, delimiter="\t", lineterminator="\n").writerows(found)
    written = iter(tabs.getvalue().split("\n"))
    return "\n".join(next(written) if line else "" for line in lines)


def _wide(lines: Sequence[str]) -> list[list[str]]:
    """Cells two blanks or more apart."""
    return list(csv.reader([_RUN.sub("\t", line) for line in lines], delimiter="\t"))


def _narrow(lines: Sequence[str]) -> list[list[str]]:
    """Cells any number of blanks apart."""
    return list(csv.reader(lines, delimiter=" ", skipinitialspace=True))


def _even(records: Sequence[Sequence[str]]) -> bool:
    """Whether there are rows, all of one width above 1, and a name for each column or for each but the first."""
    widths = {len(cells) for cells in records[1:]}
    return len(widths) == 1 and (width := max(widths)) > 1 and len(records[0]) in (width, width - 1)


def _sure(lines: Sequence[str], records: Sequence[Sequence[str]]) -> bool:
    numbers = [all(_NUMBER.fullmatch(cell) for cell in column) for column in zip(*records[1:], strict=True)]
    return any(_RUN.search(line) for line in lines) or sum(numbers) > len(numbers) / 2


def _refuse_torn(records: Sequence[Sequence[str]], name: str) -> None:
    apart = [len(cells) > 1 for cells in records]
    if len(records) < 3 or not apart[0] or sum(apart) <= _MOST_TORN * len(records):
        return
    names = records[0]
    odd = next(at for at, cells in enumerate(records) if len(cells) != len(names))
    raise TableError(
        f"The table {name} seems to have its columns ({', '.join(names[:5])}) separated by blanks, but they do not come "
        f"out even: '{' '.join(records[odd])[:60]}' has {len(records[odd])} and not {len(names)} of them. "
        "Save it with commas, semicolons or tabs between the columns."
    )

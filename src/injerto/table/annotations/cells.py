"""Lines of a text with a delimiter to cells, each with its line number. Between tabs a quote is a letter like any other."""

from __future__ import annotations

from collections.abc import Iterator

from injerto.table.records import records, refuse_open_quote


def cells_of(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, as its number from 1 and its cells.

    Raven and Audacity put no quotes around cells, so a note such as `3" to the left` must not swallow the lines below it.
    *Raises* TableError where a comma-separated file opens a quote and never closes it.
    """
    if delimiter != "\t":
        refuse_open_quote(text, delimiter, name, 1)
        yield from ((line, [cell.strip() for cell in cells]) for line, cells in records(text, delimiter))
        return
    for line, content in enumerate(text.split("\n"), start=1):
        if content.strip():
            yield line, [_bare(cell.strip()) for cell in content.split("\t")]


def _bare(cell: str) -> str:
    """Without the quotes that a spreadsheet put around it."""
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell

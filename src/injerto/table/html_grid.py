"""A table as a notebook shows it: plain HTML in which everything the user wrote is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence

BAR = "linear-gradient(90deg, rgba(29,122,90,.35) {share:.1f}%, transparent {share:.1f}%)"
"""Behind a share from 0 to 1, in a green that reads on light and on dark."""


def html_grid(head: Sequence[str], rows: Sequence[Sequence[object]], *, bars: Sequence[str] = (), more: int = 0) -> str:
    """Rows of cells under `head`; shares in the columns `bars` have a bar behind them, and `more` rows are only counted.

    Example:
        >>> html_grid(["a<b"], [["1 & 2"]])
        '<table><thead><tr><th>a&lt;b</th></tr></thead><tbody><tr><td>1 &amp; 2</td></tr></tbody></table>'
    """
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(_cell(cell, name in bars) for name, cell in zip(head, row, strict=True))}</tr>" for row in rows
    )
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _cell(cell: object, bar: bool) -> str:
    if cell is None:
        return "<td></td>"
    text = html.escape(f"{cell:.4g}" if isinstance(cell, float) else str(cell))
    if bar and isinstance(cell, float) and 0 <= cell <= 1:
        return f'<td style="background:{BAR.format(share=100 * cell)}">{text}</td>'
    return f"<td>{text}</td>"

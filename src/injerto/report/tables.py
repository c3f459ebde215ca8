"""Tables that are pictures: the confusion matrix, and each label of a target with several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape


def confusion_table(classes: Sequence[str], matrix: Sequence[Sequence[int]]) -> Markup:
    """A row for each true class, a column for each answer; darker means a larger share of the row."""
    head = "".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in classes)
    body = []
    for place, (name, counts) in enumerate(zip(classes, matrix, strict=True)):
        total = sum(counts)
        cells = "".join(
            _cell(count, total, right=place == column, tip=f"true {name}, answered {classes[column]}: {count:,} of {total:,}")
            for column, count in enumerate(counts)
        )
        body.append(f'<tr><th scope="row">{escape(name)}</th>{cells}<td class="total">{total:,}</td></tr>')
    top = f'<thead><tr><td>true \\ answer</td>{head}<td class="total">rows</td></tr></thead>'
    return Markup(f'<div class="wide"><table class="confusion">{top}<tbody>{"".join(body)}</tbody></table></div>')


def labels_table(each: Sequence[dict[str, Any]]) -> Markup:
    """For each label: rows that have it, how many were found, how many were invented."""
    lines = "".join(
        f"<tr><td>{escape(one['name'])}</td><td>{one['rows']:,}</td><td>{one['found']:,}</td><td>{one['invented']:,}</td></tr>"
        for one in each
    )
    head = "<th>label</th><th>rows</th><th>found</th><th>invented</th>"
    return Markup(f'<div class="wide"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>')


def _cell(count: int, total: int, *, right: bool, tip: str) -> str:
    share = round(100 * count / total) if total else 0
    kind = "right" if right else "wrong"
    shown = f"{count:,}" if count else ""
    strong = " strong" if share >= 55 else ""
    return f'<td class="{kind}{strong}" style="--share:{share}%" data-tip="{escape(tip)}" tabindex="0">{shown}</td>'

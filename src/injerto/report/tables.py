"""Tables that are pictures: the confusion matrix, each label of a target with several, each point of a photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from injerto.evidence.single_class import NEW, OTHERS
from injerto.report.language import say, written
from injerto.report.svg import bar, picture

LENGTH = 100
"""Of the longest bar."""
FEW = 5
"""Classes whose names have room above their columns; those of more stand upright."""


def confusion_table(
    classes: Sequence[str], matrix: Sequence[Sequence[int]], anchors: Mapping[tuple[int, int], str] | None = None
) -> Markup:
    """A row for each true class, a column for each answer; darker means a larger share of the row.

    `anchors` are where on the page the rows of a cell are shown.
    """
    anchors = anchors or {}
    classes = [say(name) if name in (OTHERS, NEW) else name for name in classes]
    head = "".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in classes)
    body = []
    for place, (name, counts) in enumerate(zip(classes, matrix, strict=True)):
        total = sum(counts)
        cells = "".join(
            _cell(count, total, (place, column), anchors.get((place, column), ""), _tip(name, classes[column], count, total))
            for column, count in enumerate(counts)
        )
        shown = written(total, ",")
        body.append(f'<tr><th scope="row">{_breaking(name)}</th>{cells}<td class="total">{shown}</td></tr>')
    many = " many" if len(classes) > FEW else ""
    corner, rows = escape(say("true \\ answer")), escape(say("rows"))
    top = f'<thead><tr><td>{corner}</td>{head}<th scope="col" class="total">{rows}</th></tr></thead>'
    return Markup(f'<div class="wide"><table class="confusion{many}">{top}<tbody>{"".join(body)}</tbody></table></div>')


def labels_table(each: Sequence[dict[str, Any]]) -> Markup:
    """For each label: rows that have it, how many were found, how many were invented."""
    lines = "".join(
        "".join(
            [
                f"<tr><th scope='row'>{escape(one['name'])}</th>",
                *(f"<td>{written(one[key], ',')}</td>" for key in ("rows", "found", "invented")),
                "</tr>",
            ]
        )
        for one in each
    )
    head = _heads(say("label"), say("rows"), say("found"), say("invented"))
    return Markup(f'<div class="wide"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>')


@dataclass(frozen=True)
class Column:
    """One figure of points: its key, its head, how it is written, and whether a bar shows it too."""

    key: str
    head: str
    form: str
    bar: bool = False


POINTS = (
    Column("mean_px", "mean distance, px", ".3g", bar=True),
    Column("rmse_px", "RMSE, px", ".3g"),
    Column("pck_05", "within 5 %", ".0%"),
    Column("pck_10", "within 10 %", ".0%"),
    Column("in_circle", "in circle", ".0%"),
    Column("radius_px", "mean radius, px", ".3g"),
)


def points_table(each: Sequence[dict[str, Any]]) -> Markup:
    """For each point: rows that know it, and its figures; one that no point has takes no column."""
    columns = [column for column in POINTS if any(column.key in one for one in each)]
    most = {column.key: max((one[column.key] for one in each if column.key in one), default=0) for column in columns}
    lines = "".join(
        f"<tr><th scope='row'>{_breaking(one['name'])}</th><td>{written(one['rows'], ',')}</td>"
        f"{''.join(_figure(column, one.get(column.key), most[column.key]) for column in columns)}</tr>"
        for one in each
    )
    heads = "".join(
        f"<th scope='col'{' colspan=2' if column.bar else ''}>{escape(say(column.head))}</th>" for column in columns
    )
    head = _heads(say("point"), say("rows")) + heads
    return Markup(
        f'<div class="wide"><table class="plain points"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _heads(*names: str) -> str:
    return "".join(f'<th scope="col">{escape(name)}</th>' for name in names)


def _tip(true: str, answer: str, count: int, total: int) -> str:
    return say("true {true}, answered {answer}: {count:,} of {total:,}", true=true, answer=answer, count=count, total=total)


def _breaking(name: str) -> str:
    """A long name that may go on in the next line after a _, as on a phone it must."""
    return str(escape(name)).replace("_", "_<wbr>")


def _figure(column: Column, value: float | None, most: float) -> str:
    cell = f"<td>{'' if value is None else written(value, column.form)}</td>"
    if not column.bar:
        return cell
    width = LENGTH * (value or 0) / (most or 1)
    return f'{cell}<td class="length">{picture(LENGTH, 12, [bar(0, 1, width, 10, kind="error")], title="")}</td>'


def _cell(count: int, total: int, place: tuple[int, int], anchor: str, tip: str) -> str:
    share = round(100 * count / total) if total else 0
    kind = "right" if place[0] == place[1] else "wrong"
    shown = written(count, ",") if count else ""
    if anchor:
        shown = f'<a href="#{anchor}" aria-label="{escape(tip)}">{shown}</a>'
    return f'<td class="{kind}" style="--share:{share}%" data-tip="{escape(tip)}">{shown}</td>'

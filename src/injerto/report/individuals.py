"""Pictures of a target of individuals: what is said of known and new ones, errors among the surest, chances of being new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from injerto.report.language import say, written
from injerto.report.notes import note_text
from injerto.report.svg import bar, dot, line, path, picture, text, ticks

WIDTH, HEIGHT = 420, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 26, 42
_LEAST_TOP = 0.02


def said_table(said: Sequence[Mapping[str, Any]]) -> Markup:
    """What is said, a line for the rows that are in the gallery and one for those that are new."""
    names = {
        "rows": say("rows"),
        "right": say("named rightly"),
        "wrong": say("named wrongly"),
        "new": say("called new"),
        "cannot_tell": say("cannot tell"),
    }
    lines = "".join(
        f"<tr><th scope='row'>{escape(note_text(one['truth']))}</th>"
        f"{''.join(_cell(one, column, name) for column, name in names.items())}</tr>"
        for one in said
    )
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (say("really"), *names.values()))
    return Markup(
        f'<div class="wide"><table class="plain stack"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def rejection_picture(steps: Sequence[Mapping[str, float]]) -> Markup:
    """The share of wrong answers against the share that is answered, the surest first."""
    most = max(_LEAST_TOP, *(step["error"] for step in steps))

    def x_of(share: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * share

    def y_of(error: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - error / most)

    parts = [
        *_percents_below(x_of),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, say("share answered, the surest first"), anchor="middle"),
    ]
    for tick in ticks(0, most):
        parts += [
            line(LEFT, y_of(tick), WIDTH - RIGHT, y_of(tick), kind="grid"),
            text(LEFT - 6, y_of(tick) + 4, _percent(tick), anchor="end"),
        ]
    places = [(x_of(step["coverage"]), y_of(step["error"])) for step in steps]
    parts.append(path(places, kind="curve c0"))
    for step, (x, y) in list(zip(steps, places, strict=True))[:: max(1, len(steps) // 25)]:
        tip = say("the surest {coverage:.0%}: {error:.1%} wrong", **step)
        parts.append(dot(x, y, 2.5, kind="c0", tip=tip))
    parts.append(text(LEFT - 6, TOP - 12, say("wrong"), anchor="end"))
    return picture(WIDTH, HEIGHT, parts, title=say("share of wrong answers by the share that is answered"))


def newness_picture(steps: Sequence[Mapping[str, float]], limits: Mapping[str, float | None]) -> Markup:
    """How known and new rows lie by their chance of being new, each kind by itself, with the limits between which nothing is
    said."""
    most = max(max(step["known"], step["new"]) for step in steps) or 1.0
    wide = (WIDTH - LEFT - RIGHT) / len(steps)

    def x_of(share: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * share

    def height(share: float) -> float:
        return (HEIGHT - TOP - BOTTOM) * share / most

    floor = HEIGHT - BOTTOM
    parts = [*_percents_below(x_of), text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, say("chance of being new"), anchor="middle")]
    for tick in ticks(0, most, 3):
        parts += [
            line(LEFT, floor - height(tick), WIDTH - RIGHT, floor - height(tick), kind="grid"),
            text(LEFT - 6, floor - height(tick) + 4, _percent(tick), anchor="end"),
        ]
    for step in steps:
        for place, (kind, colour) in enumerate((("known", "error"), ("new", "baseline"))):
            tip = say("{share:.1%} of the new rows" if kind == "new" else "{share:.1%} of the known rows", share=step[kind])
            x = x_of(step["from"]) + 1 + place * (wide / 2 - 1)
            parts.append(bar(x, floor - height(step[kind]), wide / 2 - 1, height(step[kind]), kind=colour, tip=tip))
    known, new = limits["known_from"], limits["new_from"]
    if known is not None:
        parts += [
            line(x_of(1 - known), TOP, x_of(1 - known), floor, kind="diagonal"),
            text(x_of(1 - known) - 4, TOP - 6, say("name"), anchor="end"),
        ]
    if new is not None:
        parts += [line(x_of(new), TOP, x_of(new), floor, kind="diagonal"), text(x_of(new) + 4, TOP - 6, say("new"))]
    return picture(WIDTH, HEIGHT, parts, title=say("chance of being new, of known and of new rows")) + _keys()


def _keys() -> Markup:
    return Markup(
        '<p class="keys"><span class="key"><i class="model"></i>{}</span>'
        '<span class="key"><i class="baseline"></i>{}</span></p>'
    ).format(say("in the gallery"), say("new"))


def _percent(share: float) -> str:
    """A share on an axis, with as few digits as it has: 5%, 2.5%."""
    return written(share, ".0%" if round(100 * share, 6) % 1 == 0 else ".1%")


def beside(own: Sequence[str], lookalikes: Sequence[Mapping[str, Any]], row: int) -> Markup:
    """The photo of a row, and its look-alikes with names and probabilities in a line with it."""
    figures = [
        _figure(picture, say("photo of row {row}", row=row), Markup(escape(say("the photo"))), "own") for picture in own[:1]
    ]
    for one in lookalikes:
        words = Markup("<b>{}</b> {}").format(one["name"], written(one["probability"], ".0%"))
        figures.append(
            _figure(
                one.get("picture", ""), say("a photo of {name}", name=one["name"]), words, "right" if one["right"] else "other"
            )
        )
    return Markup('<div class="beside">{}</div>').format(Markup("").join(figures))


def _figure(address: str, alt: str, words: Markup, kind: str) -> Markup:
    image = (
        Markup('<img src="{}" alt="{}">').format(address, alt)
        if address
        else Markup('<span class="blank">{}</span>').format(say("no picture"))
    )
    return Markup('<figure class="{}">{}<figcaption>{}</figcaption></figure>').format(kind, image, words)


def _cell(one: Mapping[str, Any], column: str, name: str) -> str:
    """A count, with its share of the rows but for the rows themselves; on a phone its name stands before it."""
    count = one[column]
    share = f" <small>({written(count / one['rows'], '.0%')})</small>" if count and column != "rows" else ""
    return f'<td data-of="{escape(name)}">{written(count, ",")}{share}</td>'


def _percents_below(x_of: Callable[[float], float]) -> list[str]:
    parts = []
    for tick in ticks(0, 1):
        parts.append(line(x_of(tick), TOP, x_of(tick), HEIGHT - BOTTOM, kind="grid"))
        parts.append(text(x_of(tick), HEIGHT - BOTTOM + 15, written(tick, ".0%"), anchor="middle"))
    return parts

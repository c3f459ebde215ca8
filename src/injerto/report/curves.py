"""Learning curves: the loss by epoch, and the learning rate of each group of parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from injerto.learning.history import History
from injerto.report.language import say
from injerto.report.notes import note_text
from injerto.report.svg import dot, line, path, picture, short, text, ticks

WIDTH, HEIGHT = 420, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 32
MOST_NAMED = 4
"""Groups of one rate that are all named."""


def loss_curves(history: History) -> Markup:
    """Mean loss on training rows and on tune rows; the ring marks the weights that were kept."""
    epochs = history.epochs
    curves = {say("train"): [epoch.train_loss for epoch in epochs], say("tune"): [epoch.tune_loss for epoch in epochs]}
    best = history.best if 0 <= history.best < len(epochs) else None
    ring = None if best is None else (best, epochs[best].tune_loss)
    return _chart(curves, log=False, ring=ring, title=f"{note_text(history.name)}: {say('loss by epoch')}")


def rate_curves(history: History) -> Markup:
    """The rate of each group at the end of each epoch, on a logarithmic scale; groups that learn at one rate share a curve."""
    groups = dict.fromkeys(name for epoch in history.epochs for name in epoch.rates)
    alike: dict[tuple[float | None, ...], list[str]] = {}
    for name in groups:
        alike.setdefault(tuple(epoch.rates.get(name) for epoch in history.epochs), []).append(_named(name))
    curves = {_joined(names): [math.nan if rate is None else rate for rate in rates] for rates, names in alike.items()}
    return _chart(curves, log=True, ring=None, title=f"{note_text(history.name)}: {say('learning rates by epoch')}")


def _named(group: str) -> str:
    """A group of parameters; those of a backbone are counted from the pixels on."""
    name, stroke, depth = group.partition("/")
    return f"{say(name)}{stroke}{depth}"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]}, …, {names[-1]}"


def _chart(curves: Mapping[str, Sequence[float]], *, log: bool, ring: tuple[int, float] | None, title: str) -> Markup:
    def scaled(value: float) -> float:
        return math.log10(value) if log and value > 0 else math.nan if log else value

    heights = {name: [scaled(value) for value in values] for name, values in curves.items()}
    known = [height for values in heights.values() for height in values if math.isfinite(height)]
    if not known:
        return Markup("")
    low, high = min(known), max(known)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    count = max(len(values) for values in curves.values())

    def x_of(epoch: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (epoch / max(count - 1, 1))

    def y_of(height: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (height - low) / (high - low))

    parts = []
    for tick in _round_powers(low, high) if log else ticks(low, high):
        shown = short(10**tick) if log else short(tick)
        y = y_of(tick)
        parts += [line(LEFT, y, WIDTH - RIGHT, y, kind="grid"), text(LEFT - 6, y + 4, shown, anchor="end")]
    for epoch in range(0, count, max(1, math.ceil(count / 6))):
        parts.append(text(x_of(epoch), HEIGHT - BOTTOM + 16, epoch, anchor="middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, say("epoch"), anchor="middle"))
    for position, (name, values) in enumerate(heights.items()):
        known_at = [epoch for epoch, height in enumerate(values) if math.isfinite(height)]
        points = {epoch: (x_of(epoch), y_of(values[epoch])) for epoch in known_at}
        parts.append(path(list(points.values()), kind=f"curve c{position % 6}{' rate' if log else ''}"))
        for epoch in known_at[:: max(1, len(known_at) // 40)]:
            tip = say("{name}, epoch {epoch}: {value}", name=name, epoch=epoch, value=short(curves[name][epoch]))
            parts.append(dot(*points[epoch], 2.5, kind=f"c{position % 6}", tip=tip))
    if ring is not None and math.isfinite(ring[1]):
        parts.append(dot(x_of(ring[0]), y_of(scaled(ring[1])), 6, kind="ring", tip=say("kept: epoch {epoch}", epoch=ring[0])))
    legend = "".join(
        f'<span class="key"><i class="c{position % 6}"></i>{Markup.escape(name)}</span>' for position, name in enumerate(curves)
    )
    return picture(WIDTH, HEIGHT, parts, title=title) + Markup(f'<p class="keys">{legend}</p>')


def _round_powers(low: float, high: float) -> list[float]:
    """Logarithms of 1, 2 and 5 times the powers of ten between the logarithms `low` and `high`; of powers alone if many."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    factors = (1, 2, 5) if len(powers) <= 3 else (1,)
    found = [power + math.log10(factor) for power in powers for factor in factors]
    return [tick for tick in found if low <= tick <= high] or [low, high]

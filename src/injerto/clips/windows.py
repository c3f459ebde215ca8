"""Windows of one length over a recording, and what the selections in it make of them. Numbers alone; opens nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from injerto.clips.rule import ClipRule
from injerto.table.annotations.selection import Selection

_LEAST_REST_SECONDS = 1e-3
_ROUNDING = 1e-9
SEPARATOR = ";"
"""Between the labels of a clip that carries several."""


@dataclass(frozen=True)
class Windows:
    """Starts and ends (W,) in seconds, sorted, all of one length."""

    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)


def tile(duration_s: float, rule: ClipRule) -> Windows:
    """Windows over a recording. What is left at the end gets a window that ends with the recording and overlaps the one before.

    A recording shorter than a window is one window of its own length.

    Example:
        >>> tile(8.0, ClipRule(seconds=3)).starts.tolist()
        [0.0, 3.0, 5.0]
    """
    if duration_s <= rule.seconds + _LEAST_REST_SECONDS:
        return Windows(np.zeros(1), np.array([min(_down(duration_s), rule.seconds)]))
    count = int(np.floor((duration_s - rule.seconds) / rule.hop + _ROUNDING)) + 1
    starts = np.round(np.arange(count) * rule.hop, 6)
    if duration_s - (starts[-1] + rule.seconds) > _LEAST_REST_SECONDS:
        starts = np.append(starts, _down(duration_s - rule.seconds))
    return Windows(starts, np.round(starts + rule.seconds, 6))


@dataclass(frozen=True)
class Marked:
    """What selections make of the windows of one recording."""

    labels: dict[int, dict[str, set[str]]]
    """For each window that carries labels, the labels and where each comes from."""
    touched: np.ndarray
    """Windows (W,) that share a moment with any selection, one that cannot be used among them."""
    uncarried: int
    """Selections that no window carries: short ones on an edge, where the overlap asked for is more than half."""


def mark(windows: Windows, selections: Iterable[tuple[Selection, str]], blocked: Iterable[Selection], rule: ClipRule) -> Marked:
    """Give windows the labels of `selections`, each with its source; what is `blocked` only touches."""
    labels: dict[int, dict[str, set[str]]] = {}
    touched = np.zeros(len(windows), dtype=bool)
    uncarried = 0
    for selection, source in selections:
        near, shared_s = _shared(windows, selection)
        touched[near] = True
        length_s = selection.end_s - selection.start_s
        of_window = shared_s / (windows.ends[near] - windows.starts[near])
        of_selection = shared_s / length_s if length_s else np.ones(len(near))
        carried = near[np.maximum(of_window, of_selection) >= rule.overlap - _ROUNDING]
        uncarried += len(carried) == 0
        for index in carried.tolist():
            for label in labels_of(selection):
                labels.setdefault(index, {}).setdefault(label, set()).add(source)
    for selection in blocked:
        touched[_shared(windows, selection)[0]] = True
    return Marked(labels, touched, uncarried)


def _down(seconds: float) -> float:
    """To whole microseconds, never beyond the end of the recording."""
    return float(np.floor(seconds * 1e6) / 1e6)


def labels_of(selection: Selection) -> list[str]:
    """The labels of a selection: several stand with ';' between them, as in a table that a model learns from."""
    return [label for label in map(str.strip, selection.label.split(SEPARATOR)) if label]


def _shared(windows: Windows, selection: Selection) -> tuple[np.ndarray, np.ndarray]:
    """The windows that share a moment with a selection, and how many seconds each shares. A point shares a moment of none."""
    first = int(np.searchsorted(windows.ends, selection.start_s, side="right"))
    last = int(np.searchsorted(windows.starts, selection.end_s, side="left"))
    if selection.start_s == selection.end_s:
        last = int(np.searchsorted(windows.starts, selection.end_s, side="right"))
    near = np.arange(first, max(first, last))
    shared_s = np.minimum(windows.ends[near], selection.end_s) - np.maximum(windows.starts[near], selection.start_s)
    kept = shared_s > _ROUNDING if selection.end_s > selection.start_s else np.ones(len(near), dtype=bool)
    return near[kept], shared_s[kept]

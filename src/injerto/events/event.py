"""An event: a stretch of a recording in which a class was heard."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """From `start_s` to `end_s` of its recording. `score` is the highest share of the class within, `mean_score` the mean."""

    start_s: float
    end_s: float
    label: str
    score: float
    mean_score: float

"""Whether layers that look at files can be trained in the time there is: a step is timed, and nothing is learned."""

from __future__ import annotations

from torch import Tensor

from injerto.learning.files import FileSource
from injerto.learning.pace import step_seconds
from injerto.learning.plan import Plan
from injerto.network import Network

TIMED_ROWS = 2000
"""Rows below which a pass is short enough to be tried."""
LEAST_PASSES = 0.25
"""Of a pass over the rows, what must fit into the time there is: less than that teaches, at large rates, little that stays."""
JUDGING = 1 / 3
"""Of what a row costs that teaches, what one costs that judges."""


def pass_seconds(network: Network, source: FileSource, rows: Tensor, judges: Tensor, plan: Plan) -> float:
    """About how long one pass over `rows` of `source` takes, and judging by `judges`; the network stays as it is."""
    seconds = step_seconds(network, source, rows, plan)
    return seconds / plan.batch_rows * (len(rows) + JUDGING * len(judges))


def within_reach(seconds: float, budget_seconds: float) -> bool:
    """Whether enough passes of so many seconds fit into the budget."""
    return seconds * LEAST_PASSES <= budget_seconds


def too_long_words(rows: int, seconds: float, budget_seconds: float) -> str:
    """Why it was left out, and how to have it all the same."""
    return (
        f"No fine-tuning: one pass over {rows:,} files would take about {_minutes(seconds)}, and there are "
        f"{_minutes(budget_seconds)}. More with --budget, or --mode finetune, does it all the same."
    )


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes >= 120:
        return f"{minutes / 60:,.0f} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes" if minutes else f"{seconds:.0f} seconds"

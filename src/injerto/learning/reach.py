"""Whether layers that look at files can be trained in the time there is: a step is timed, and nothing is learned."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from injerto.learning.device import brought, device_of, half_bits_on, placed, settle
from injerto.learning.files import FileSource
from injerto.learning.loop import lay_out, total_loss
from injerto.learning.plan import Plan
from injerto.network import Network
from injerto.precision import half_bits

TIMED_ROWS = 2000
"""Rows below which a pass is short enough to be tried."""
LEAST_PASSES = 0.25
"""Of a pass over the rows, what must fit into the time there is: less than that teaches, at large rates, little that stays."""
JUDGING = 1 / 3
"""Of what a row costs that teaches, what one costs that judges."""


def pass_seconds(network: Network, source: FileSource, rows: Tensor, judges: Tensor, plan: Plan) -> float:
    """About how long one pass over `rows` of `source` takes, and judging by `judges`; the network stays as it is."""
    few, seconds, device = rows[: 2 * plan.batch_rows], 0.0, device_of(plan)
    _let_learn(network, True)
    with placed(network, device, plan), half_bits(half_bits_on(device)):
        started = time.perf_counter()
        for batch, labels in brought(source.batches(few, plan.batch_rows, training=True, seed=plan.seed), device):
            total_loss(network, network(batch), labels).backward()
            settle(device)
            seconds, started = time.perf_counter() - started, time.perf_counter()  # of the last step: the first one warms up
        network.zero_grad(set_to_none=True)
    _let_learn(network, False)
    return seconds / plan.batch_rows * (len(rows) + JUDGING * len(judges))


def _let_learn(network: Network, layers: bool) -> None:
    """As in training, but for statistics of batches and what drops out: those are not to change, and take no time."""
    for net in network.backbones:
        net.learn(layers)
    network.eval()
    lay_out(network, torch.channels_last if layers else torch.contiguous_format)


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

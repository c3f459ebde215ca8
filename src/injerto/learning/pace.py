"""A schedule that ends within the user's seconds: rates that never came down leave a network in the middle of its way."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from injerto.learner import Learner
from injerto.learning.device import brought, device_of, half_bits_on, placed
from injerto.learning.loop import lay_out, total_loss
from injerto.learning.plan import Plan
from injerto.learning.source import Source, shuffled
from injerto.precision import half_bits
from injerto.together import processes
from injerto.whole_file import write_whole

_STEPS = 3
"""Steps that are timed; the first, in which memory is found, is not counted."""
_KEPT = 1.15
"""Times the measured pace: epochs are judged, too, and a laptop slows down when it gets warm."""


def within_budget(network: Learner, source: Source, rows: Tensor, plan: Plan, note: Path | None) -> Plan:
    """`plan` with as many epochs as fit into its budget, at least one; nothing of `network` is changed.

    What was found is written to `note`, so that a run that was killed goes on with the same schedule.
    """
    if plan.budget_seconds is None:
        return plan
    if note is not None and note.is_file():
        return replace(plan, epochs=int(json.loads(note.read_text(encoding="utf-8"))["epochs"]))
    steps = -(-len(rows) // plan.batch_rows)
    fitting = int(plan.budget_seconds / (_KEPT * steps * step_seconds(network, source, rows, plan)))
    epochs = max(1, min(plan.epochs, fitting))
    if note is not None:
        write_whole(note, lambda file: file.write(json.dumps({"epochs": epochs}).encode()))
    return replace(plan, epochs=epochs, patience=min(plan.patience, epochs))


def step_seconds(network: Learner, source: Source, rows: Tensor, plan: Plan) -> float:
    """One step, forth and back, of what one process has of a batch; nothing is learned."""
    batch_rows = -(-plan.batch_rows // processes()) if source.shared else plan.batch_rows
    some = shuffled(rows, plan.seed, 0)[: _STEPS * batch_rows]
    taken, device = [], device_of(plan)
    with _as_in_training(network, plan), placed(network, device, plan), half_bits(half_bits_on(device)):
        started = time.perf_counter()
        for batch, labels in brought(source.batches(some, batch_rows, training=True, seed=0), device):
            loss = total_loss(network, network(batch), labels)
            loss.backward()
            float(loss.detach())  # only then a GPU has done what it was told
            network.zero_grad(set_to_none=True)
            taken.append(time.perf_counter() - started)
            started = time.perf_counter()
    return min(taken[1:] or taken)


@contextmanager
def _as_in_training(network: Learner, plan: Plan) -> Iterator[None]:
    """Layers learn, and lie as they do then; but statistics of batches stay, and nothing drops out, which takes no time."""
    for net in network.backbones:
        net.learn(plan.backbone)
    network.eval()
    lay_out(network, torch.channels_last if plan.backbone else torch.contiguous_format)
    try:
        yield
    finally:
        lay_out(network, torch.contiguous_format)
        for net in network.backbones:
            net.learn(False)

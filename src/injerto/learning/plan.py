"""Plans: how a run goes where the user did not say, by what the network reads and how many rows there are."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from injerto.schema.infer_individual import MULTIPLIERS
from injerto.schema.schema import Training

LEAST_STEPS = 1000
"""Steps a run may take, however few rows an epoch has."""
PATIENT_STEPS = 200
"""Steps without progress before a run ends. An epoch of 80 rows has three: eight such epochs stopped right after the warm-up,
at the accuracy of a coin (0.73 on made-up tables of 120 rows where 0.84 is there to be had, 0.81 against 0.93 on 300)."""
UNASKED_SECONDS = 900.0
"""How long `auto` fine-tunes where the user gave no budget: some networks would take a night on a laptop."""
POINT_EPOCHS, POINT_STEPS = 12, 1500
"""Of photos with points: at least so many epochs, and steps as long as that does not take more than 80 epochs."""
INDIVIDUAL_EPOCHS, INDIVIDUAL_STEPS = 10, 600
"""Of individuals: at least so many epochs, and steps as long as that does not take more than 40 epochs."""
LOOSE_BODY = 1.2
"""Times the head's rate, for loose marks."""
SEEN_ROWS = 30_000_000
"""Rows that a network of a long table sees, at least once each and at most twelve times."""
FEW_ROWS = 1000
"""Below, lookups lean on UNKNOWN so much that they need larger steps to get away from it."""


@dataclass(frozen=True)
class Plan:
    """How one run goes. `learning_rate` is the head's; other groups learn at their multiple of it."""

    name: str
    epochs: int
    batch_rows: int
    learning_rate: float
    weight_decay: float = 0.01
    patience: int = 8
    seed: int = 0
    augment: bool = False
    """Whether files are varied, and parts of log-mel pictures hidden."""
    backbone: bool = False
    """Whether the pretrained layers learn too."""
    multipliers: dict[str, float] = field(default_factory=dict)
    depth_decay: float = 1.0
    budget_seconds: float | None = None
    average: float = 0.0
    """Decay of the running mean of the weights that is judged and kept; 0 keeps the weights themselves."""
    stop_after: int | None = None
    """Epochs after which to stop, though the schedule is made for more of them; for a refit without tune rows."""


def seconds_left(training: Training, started: float) -> float | None:
    """What is left of the user's budget since `started`, as `time.perf_counter` tells it; None without one."""
    budget = training.budget_seconds
    return None if budget is None else budget - (time.perf_counter() - started)


def network_plan(training: Training, rows: int, budget_seconds: float | None) -> Plan:
    """Body and head learn, on table columns and frozen vectors."""
    batch_rows = training.batch_rows or _batch_rows(rows)
    steps = -(-rows // batch_rows)
    epochs = training.epochs or max(_epochs(rows), -(-LEAST_STEPS // steps))
    return Plan(
        name="network",
        epochs=epochs,
        batch_rows=batch_rows,
        learning_rate=training.learning_rate or (5e-3 if rows < FEW_ROWS else 2e-3),
        patience=training.patience or max(min(8, max(3, epochs // 4)), -(-PATIENT_STEPS // steps)),
        average=0.99,
        seed=training.seed,
        multipliers=training.multipliers,
        budget_seconds=budget_seconds,
    )


def stored_plan(training: Training, rows: int, rounds: int, budget_seconds: float | None) -> Plan:
    """Body and head learn from rows on disk, each pass over them in `rounds` epochs."""
    passes = training.epochs or int(min(12, max(1, SEEN_ROWS // max(1, rows))))
    return Plan(
        name="network",
        epochs=passes * rounds,
        batch_rows=training.batch_rows or 1024,
        learning_rate=training.learning_rate or 2e-3,
        patience=training.patience or max(3, rounds),
        average=0.99,
        seed=training.seed,
        multipliers=training.multipliers,
        budget_seconds=budget_seconds,
    )


def finetune_plan(training: Training, rows: int, budget_seconds: float | None, *, from_nothing: bool = False) -> Plan:
    """All layers learn, from files; those of a network that starts from nothing for longer and at the head's rate."""
    if budget_seconds is None and training.mode == "auto":
        budget_seconds = UNASKED_SECONDS
    batch_rows = training.batch_rows or (32 if from_nothing else 16)
    epochs = training.epochs or (_epochs_from_nothing(-(-rows // batch_rows)) if from_nothing else 10)
    return Plan(
        name="finetune",
        epochs=epochs,
        batch_rows=batch_rows,
        learning_rate=training.learning_rate or (3e-3 if from_nothing else 1e-3),
        # From nothing the last epochs, at small rates, are the best: a run is not ended by ten poor ones on the way there.
        patience=training.patience or (epochs if from_nothing else 3),
        average=0.99 if from_nothing else 0.0,
        seed=training.seed,
        augment=training.augment,
        backbone=True,
        multipliers=training.multipliers,
        depth_decay=training.depth_decay,
        budget_seconds=budget_seconds,
    )


def points_plan(training: Training, rows: int, budget_seconds: float | None) -> Plan:
    """Pyramid, decoder and head learn to find points."""
    batch_rows = training.batch_rows or 16
    steps = -(-rows // batch_rows)
    epochs = training.epochs or int(min(80, max(POINT_EPOCHS, -(-POINT_STEPS // steps))))
    return Plan(
        name="points",
        epochs=epochs,
        batch_rows=batch_rows,
        learning_rate=training.learning_rate or 2e-3,
        weight_decay=0.02,
        patience=training.patience or epochs,  # the last epochs, at small rates, are the best
        average=0.99,
        seed=training.seed,
        augment=training.augment,
        backbone=True,
        multipliers=training.multipliers,
        depth_decay=training.depth_decay,
        budget_seconds=budget_seconds,
    )


def individuals_plan(training: Training, rows: int, budget_seconds: float | None, *, loose: bool = False) -> Plan:
    """Trunk, marks and centres learn to tell individuals apart; multipliers that nobody chose are those that suit them, and
    `loose` marks, which start at no more than what differs most.
    """
    unchosen = training.multipliers in (Training().multipliers, MULTIPLIERS)
    suited = MULTIPLIERS | ({"body": LOOSE_BODY} if loose else {})
    batch_rows = training.batch_rows or 32
    steps = -(-rows // batch_rows)
    epochs = training.epochs or int(min(40, max(INDIVIDUAL_EPOCHS, -(-INDIVIDUAL_STEPS // steps))))
    return Plan(
        name="individuals",
        epochs=epochs,
        batch_rows=batch_rows,
        learning_rate=training.learning_rate or 5e-4,
        weight_decay=0.01,
        patience=training.patience or epochs,  # the last epochs, at small rates, are the best
        average=0.99,
        seed=training.seed,
        augment=training.augment,
        backbone=True,
        multipliers=suited if unchosen else training.multipliers,
        depth_decay=training.depth_decay,
        budget_seconds=budget_seconds,
    )


def _epochs(rows: int) -> int:
    """Large tables are learned in few passes: about 3 million rows seen at most, in 12 to 60 epochs."""
    return int(min(60, max(12, 3_000_000 // max(1, rows))))


def _epochs_from_nothing(steps: int) -> int:
    """For so many `steps` an epoch: at least 1,000 steps in all, and 4,000 where 30 to 64 epochs allow it.

    Spoken digits, three speakers of 500 recordings, two others asked: 0.91 of 24 epochs, 0.95 of 48, 0.94 of 96.
    """
    return max(-(-LEAST_STEPS // steps), min(64, max(30, -(-4 * LEAST_STEPS // steps))))


def _batch_rows(rows: int) -> int:
    """About 200 steps an epoch, between 32 and 1,024 rows each."""
    return int(min(1024, max(32, 2 ** round(rows / 200).bit_length())))

"""Plans: how a run goes where the user did not say, by what the network reads and how many rows there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from injerto.schema.schema import Training


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
    backbone: bool = False
    """Whether the pretrained layers learn too."""
    multipliers: dict[str, float] = field(default_factory=dict)
    depth_decay: float = 1.0
    budget_seconds: float | None = None
    stop_after: int | None = None
    """Epochs after which to stop, though the schedule is made for more of them; for a refit without tune rows."""


def network_plan(training: Training, rows: int, budget_seconds: float | None) -> Plan:
    """Body and head learn, on table columns and frozen vectors."""
    return Plan(
        name="network",
        epochs=training.epochs or 60,
        batch_rows=training.batch_rows or _batch_rows(rows),
        learning_rate=training.learning_rate or 2e-3,
        patience=training.patience,
        seed=training.seed,
        multipliers=training.multipliers,
        budget_seconds=budget_seconds,
    )


def finetune_plan(training: Training, budget_seconds: float | None) -> Plan:
    """All layers learn, from files."""
    return Plan(
        name="finetune",
        epochs=training.epochs or 10,
        batch_rows=training.batch_rows or 16,
        learning_rate=training.learning_rate or 1e-3,
        patience=min(training.patience, 3),
        seed=training.seed,
        backbone=True,
        multipliers=training.multipliers,
        depth_decay=training.depth_decay,
        budget_seconds=budget_seconds,
    )


def _batch_rows(rows: int) -> int:
    """About 200 steps an epoch, between 32 and 1,024 rows each."""
    return int(min(1024, max(32, 2 ** round((rows / 200)).bit_length())))

"""What a schema says of how the network learns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from injerto.schema.options import Options

Mode = Literal["probe", "finetune", "auto"]


class Training(Options):
    """How the network learns."""

    mode: Mode = Field(
        default="auto", description="probe: frozen backbone; finetune: all layers; auto: measure both, keep the better."
    )
    budget_seconds: float | None = Field(default=None, gt=0, description="Stop training after this many seconds.")
    seed: int = Field(default=0, ge=0, description="Same seed, same machine: the same model, bit for bit.")
    epochs: int | None = Field(
        default=None, ge=1, description="At most this many passes; chosen by the kind of model if empty."
    )
    batch_rows: int | None = Field(default=None, ge=1, description="Rows in one step; chosen from the table's size if empty.")
    learning_rate: float | None = Field(
        default=None, gt=0, description="Rate of the head; chosen by the kind of model if empty."
    )
    multipliers: dict[str, float] = Field(
        default_factory=lambda: {"backbone": 0.1, "embedders": 1.0, "body": 1.0, "head": 1.0},
        description="Learning-rate multiplier of each parameter group, by its exact name.",
    )
    depth_decay: float = Field(
        default=1.0, gt=0, le=1, description="Backbone rates shrink by this factor a stage, from the head inwards."
    )
    augment: bool = Field(default=True, description="Vary photos and sounds while fine-tuning.")
    background: str | None = Field(
        default=None,
        min_length=1,
        description="A folder (from the table's) of recordings without the sounds to be learned: clips are laid over them, and "
        "a model of sounds learns when a sound begins and ends.",
    )
    patience: int | None = Field(
        default=None, ge=1, description="Stop after this many epochs without progress; chosen from the table's size if empty."
    )

"""What happened during training, epoch by epoch, as the report and the model folder keep it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Epoch:
    """One pass: mean loss on training rows, loss on tune rows, seconds, and each group's rate at its end."""

    number: int
    train_loss: float
    tune_loss: float
    seconds: float
    rates: dict[str, float]


@dataclass
class History:
    """The epochs of one way of training, and the one whose weights were kept."""

    name: str
    epochs: list[Epoch] = field(default_factory=list)
    best: int = -1
    stopped: str = ""
    """Why it ended: "all epochs", "no progress", "budget", or "convex" for a head fitted in one go."""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Training time of all epochs."""
        return sum(epoch.seconds for epoch in self.epochs)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The other way round."""
        return cls(**{**data, "epochs": [Epoch(**epoch) for epoch in data["epochs"]]})

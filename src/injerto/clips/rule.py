"""The rule by which recordings are cut into clips and clips get their labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from injerto.errors import TableError


@dataclass(frozen=True)
class ClipRule:
    """Windows of `seconds` every `hop_seconds`, and when one carries a label. Every default is written here, once.

    *Raises* TableError listing all values that cannot be.
    """

    seconds: float = 3.0
    hop_seconds: float | None = None
    """From the start of one window to that of the next; None is the length of a window, so that they tile the recording."""
    overlap: float = 0.5
    """A window carries a label when a selection covers this share of it, or has this share of itself in it."""
    negatives: float = 1.0
    """Windows that no selection touches, for each window that carries a label."""
    none_label: str = "none"
    """The label of a window that no selection touches."""
    seed: int = 0

    def __post_init__(self) -> None:
        wrong = []
        if not 0 < self.seconds < math.inf:
            wrong.append(f"seconds must be more than 0, found {self.seconds}")
        if self.hop_seconds is not None and not 0 < self.hop_seconds < math.inf:
            wrong.append(f"hop_seconds must be more than 0, found {self.hop_seconds}")
        if not 0 < self.overlap <= 1:
            wrong.append(f"overlap must be more than 0 and at most 1, found {self.overlap}")
        if not 0 <= self.negatives < math.inf:
            wrong.append(f"negatives must be 0 or more, found {self.negatives}")
        if not self.none_label.strip() or ";" in self.none_label:
            wrong.append(f"none_label must be a word without ';', found '{self.none_label}'")
        if self.seed < 0:
            wrong.append(f"seed must be 0 or more, found {self.seed}")
        if wrong:
            raise TableError(f"Clips cannot be cut like this: {'; '.join(wrong)}.")

    @property
    def hop(self) -> float:
        """Seconds from the start of one window to that of the next."""
        return self.seconds if self.hop_seconds is None else self.hop_seconds

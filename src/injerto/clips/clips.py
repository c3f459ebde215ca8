"""Clips: the table that was cut, what is in it, and what was left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from injerto.clips.unused import Unused, unused_frame
from injerto.clips.windows import SEPARATOR
from injerto.table.table import Table


@dataclass(frozen=True)
class Clips:
    """A row a clip: `recording`, `start_s`, `end_s`, `label`, `source`. Nothing that was left out is left out in silence."""

    frame: pl.DataFrame
    folder: Path
    """Where the paths in the frame start from."""
    labels: dict[str, int]
    """Clips of each label, the most frequent first; a clip of several counts for each."""
    negatives: int
    """Clips that no selection touches."""
    negatives_wanted: int
    ambiguous: int
    """Windows left out because a selection touches them, but too little to name them, or cannot be used."""
    uncarried: int
    """Selections that no window carries."""
    unused: list[Unused]
    """Lines and files that could not be used."""
    unannotated: list[str]
    """Recordings that no annotation speaks of, as paths from their folder: nobody knows what is in them."""
    notes: list[str]

    @property
    def several(self) -> bool:
        """Whether some clips carry several labels, so that the target is of the kind `classes`."""
        return bool(self.frame["label"].str.contains(SEPARATOR, literal=True).any())

    @property
    def target(self) -> str:
        """What to tell `train`: the column, with its kind where some clips carry several labels."""
        return "label:classes" if self.several else "label"

    @property
    def table(self) -> Table:
        """The clips as a table to train on."""
        return Table(self.frame, self.folder, "clips", np.arange(len(self.frame)))

    @property
    def ledger(self) -> pl.DataFrame:
        """What could not be used: file, line, reason."""
        return unused_frame(self.unused)

    def to_json(self) -> dict[str, Any]:
        """Everything but the rows."""
        return {
            "clips": len(self.frame),
            "recordings": self.frame["recording"].n_unique(),
            "labels": self.labels,
            "negatives": self.negatives,
            "negatives_wanted": self.negatives_wanted,
            "ambiguous": self.ambiguous,
            "uncarried": self.uncarried,
            "unused": [asdict(entry) for entry in self.unused],
            "unannotated": self.unannotated,
            "notes": self.notes,
        }

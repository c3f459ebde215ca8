"""The trained thing: what was declared, what was learned, and the evidence of how good it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from injerto.artifact.look import Look
from injerto.gallery.gallery import Gallery
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner
from injerto.learning.history import History
from injerto.reference.reference import Reference
from injerto.rivals.linear import Linear
from injerto.schema.schema import Schema
from injerto.table.ledger import Ledger
from injerto.table.split import Rows


@dataclass
class Artifact:
    """A trained model and its record. `artifact/folder.py` writes it as a folder of text and safetensors."""

    schema: Schema
    network: Learner
    rows: Rows
    """Which rows trained, tuned and tested, by their position in the table as given; of a long table, in its sample."""
    histories: list[History] = field(default_factory=list)
    chosen: str = ""
    """The history whose weights these are."""
    scores: dict[str, Any] = field(default_factory=dict)
    """By part of the rows ("test", "tune"): by target: figures, intervals and the baseline's figures."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """By target, on the rows of the honest score: confusions, reliability, the worst rows; see `injerto.evidence`."""
    ledger: Ledger = field(default_factory=Ledger)
    unused: dict[str, Ledger] = field(default_factory=dict)
    """Rows that can be read and are not used, by the sort of reason; see `artifact/account.py`."""
    lines: dict[int, int] = field(default_factory=dict)
    """Of a table in a text file: by row that is not used, its line in the file, from 1."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Where it comes from: table, rows, seconds, versions, the engine of the frozen path."""
    reference: Reference | None = None
    """What the rows that taught looked like; None of models of points and individuals, and of those trained before."""
    contents: np.ndarray | None = None
    """What each row (N,) uint64 of the training table says, to know rows again; see `artifact/known_rows.py`."""
    looks: list[Look] = field(default_factory=list)
    """At the test rows, training's own first."""
    home: Path | None = None
    """The folder that it was loaded from or saved to last, where looks are counted."""
    linear: Linear | None = None
    """The linear model that stood beside it, for scores on other rows; answers never ask it."""
    gallery: Gallery | None = None
    """Who is known, of a model that identifies individuals. It changes without training."""

    @property
    def used(self) -> dict[str, int]:
        """How many rows train, tune and test; most that teach of a long table are not in `rows`."""
        if self.facts.get("sample"):
            return {part: int(self.facts["account"][part]) for part in ("train", "tune", "test")}
        return {"train": len(self.rows.train), "tune": len(self.rows.tune), "test": len(self.rows.test)}

    def __setattr__(self, name: str, value: object) -> None:
        """A gallery that is put here is the one that the network answers from."""
        super().__setattr__(name, value)
        if name == "gallery" and isinstance(value, Gallery) and isinstance(self.network, IndividualNetwork):
            self.network.head.gallery = value

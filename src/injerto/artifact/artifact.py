"""The trained thing: what was declared, what was learned, and the evidence of how good it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from injerto.learning.history import History
from injerto.point_network import Learner
from injerto.schema.schema import Schema
from injerto.table.ledger import Ledger
from injerto.table.split import Rows


@dataclass
class Artifact:
    """A trained model and its record. `artifact/folder.py` writes it as a folder of text and safetensors."""

    schema: Schema
    network: Learner
    rows: Rows
    """Which rows trained, tuned and tested, by their position in the table as given."""
    histories: list[History] = field(default_factory=list)
    chosen: str = ""
    """The history whose weights these are."""
    scores: dict[str, Any] = field(default_factory=dict)
    """By part of the rows ("test", "tune"): by target: figures, intervals and the baseline's figures."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """By target, on the rows of the honest score: confusions, reliability, the worst rows; see `injerto.evidence`."""
    ledger: Ledger = field(default_factory=Ledger)
    facts: dict[str, Any] = field(default_factory=dict)
    """Where it comes from: table, rows, seconds, versions, the engine of the frozen path."""

"""The ledgers of pieces as one: entries as a frame on their way, then in the order that one look at the whole table gives."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from injerto.features.feature import MediaFeature
from injerto.learner import Learner
from injerto.network import Network
from injerto.table.ledger import Entry, Ledger

_NO_FILE = "no file is named"
"""How `examples.py` begins to say that a row holds nothing to go by, after all files were looked at."""


def ledger_of(frame: pl.DataFrame) -> Ledger:
    """What `Ledger.frame` gave."""
    return Ledger([Entry(*row) for row in frame.iter_rows()])


def merged_ledger(network: Learner, ledgers: Iterable[Ledger]) -> Ledger:
    """Entries of pieces in the order of `served`: cells that are not of their kind, files, rows without any; each by column."""
    entries = [entry for ledger in ledgers for entry in ledger]
    places = {feature.name: place for place, feature in reversed(list(enumerate(network.features)))}
    files = {feature.name for feature in network.features if isinstance(feature, MediaFeature)}

    def order(entry: Entry) -> tuple[int, int, int]:
        stage = 2 if entry.reason.startswith(_NO_FILE) else int(entry.column in files)
        return stage, places.get(entry.column, 0), entry.row

    whole_photos = not isinstance(network, Network)
    return Ledger(sorted(entries, key=(lambda entry: (0, 0, entry.row)) if whole_photos else order))

"""Tables that are too long for memory, for verbs that look at a sample of the rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import injerto
from injerto.cli.console import say

if TYPE_CHECKING:
    from injerto.table.table import Table


def rows_or_sample(path: str | Path, memory: str | None) -> Table:
    """The table or, where it does not fit into memory, rows drawn at random, which is said."""
    table = injerto.open_table(path, memory=memory)
    if isinstance(table, injerto.LongTable):
        say(
            f"The table has {len(table):,} rows, too many for the memory; {len(table.sample):,} of them, drawn at random, are "
            "looked at."
        )
    return table.sample

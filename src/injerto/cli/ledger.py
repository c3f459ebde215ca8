"""The rows that could not be used, told to the person at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from injerto.cli.console import say

if TYPE_CHECKING:  # the ledger brings polars along, and a verb's --help has no use for it
    from injerto.table.ledger import Ledger

_SHOWN = 20


def list_unused(ledger: Ledger, *, whole_list: str) -> None:
    """The first rows with their reasons and how often each reason occurs; `whole_list` says where all of them are."""
    if not len(ledger):
        return
    count = len(ledger.rows)
    say(f"{count:,} row{'s' if count > 1 else ''} could not be used (rows count from 0):")
    for entry in ledger.entries[:_SHOWN]:
        place = f"{entry.column}: {entry.file}" if entry.file else entry.column
        say(f"  row {entry.row}, {place}: {entry.reason}")
    if len(ledger) > _SHOWN:
        say(f"  and {len(ledger) - _SHOWN:,} more; {whole_list}. By reason:")
        for reason, times in ledger.reasons().most_common(_SHOWN):
            say(f"  {times:,} x {reason}")

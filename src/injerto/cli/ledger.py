"""The rows that could not be used, told to the person at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from injerto.cli.console import say

if TYPE_CHECKING:  # the ledger brings polars along, and a verb's --help has no use for it
    from injerto.table.ledger import Ledger


def list_unused(ledger: Ledger, *, whole_list: str) -> None:
    """The first rows with their reasons and how often each reason occurs; `whole_list` says where all of them are."""
    for line in ledger.lines(whole_list=whole_list):
        say(line)

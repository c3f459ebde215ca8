"""What became of every row of the training table: used for one thing, or not used for a reason."""

from __future__ import annotations

from collections import Counter

import numpy as np

from injerto.artifact.artifact import Artifact
from injerto.learner import heads_of
from injerto.table.ledger import Ledger
from injerto.table.long_table import LongTable
from injerto.table.table import Table

UNREADABLE, UNLABELLED, LEFT_OUT = "unreadable", "unlabelled", "left out"
SORTS = {
    UNREADABLE: "could not be read",
    UNLABELLED: "without any label",
    LEFT_OUT: "left out by the split",
}
"""Why a row is not used, and how that is said. The first that holds counts."""


def unused_rows(artifact: Artifact, table: Table) -> dict[str, Ledger]:
    """By sort, the rows of the training table that could be read and are still not used: `UNLABELLED` and `LEFT_OUT`."""
    unread = np.isin(table.rows, list(artifact.ledger.rows))
    labelled, heads = np.zeros(len(table), dtype=bool), heads_of(artifact.network)
    for head in heads.values():
        labelled |= head.truth(head.column(table)).known.numpy()
    names = ", ".join(heads)
    found = {UNLABELLED: Ledger(), LEFT_OUT: Ledger()}
    for place in np.flatnonzero(~labelled & ~unread).tolist():
        found[UNLABELLED].add(int(table.rows[place]), names, "", "no label")
    split = artifact.schema.split
    by = split.column or split.time or ""
    for place in artifact.rows.left_out[labelled[artifact.rows.left_out] & ~unread[artifact.rows.left_out]].tolist():
        found[LEFT_OUT].add(int(table.rows[place]), by, "", artifact.rows.left_out_reason)
    return {sort: ledger for sort, ledger in found.items() if len(ledger)}


def account_of(artifact: Artifact, table: Table) -> dict[str, int]:
    """How many rows of the table there are and what became of each; all but `rows` add up to it."""
    sorts = {UNREADABLE: artifact.ledger, **artifact.unused}
    away = {row for ledger in sorts.values() for row in ledger.rows}
    kept = ~np.isin(table.rows, list(away))
    rows = artifact.rows
    used = {name: int(kept[part].sum()) for name, part in (("train", rows.train), ("tune", rows.tune), ("test", rows.test))}
    return {"rows": len(table)} | used | {sort: len(sorts[sort].rows) if sort in sorts else 0 for sort in SORTS}


def long_account(artifact: Artifact, long: LongTable) -> dict[str, int]:
    """As `account_of`, of all rows: those that were stored teach, those of the sample judge."""
    stored, rows = artifact.histories[0].notes["stored"], artifact.rows
    sample = account_of(artifact, long.sample)
    judges = {name: sample[name] for name in ("tune", "test")}
    unlabelled = stored["unlabelled"] + len(rows.tune) + len(rows.test) - sum(judges.values())
    used = {"train": stored["rows"]} | judges | {UNREADABLE: 0, UNLABELLED: unlabelled}
    return {"rows": len(long)} | used | {LEFT_OUT: len(long) - sum(used.values())}


def lines_of(artifact: Artifact, table: Table) -> dict[int, int]:
    """The line in the table's file of each row that is not used; none where the table is no text."""
    if table.lines is None:
        return {}
    away = {row for ledger in (artifact.ledger, *artifact.unused.values()) for row in ledger.rows}
    places = np.flatnonzero(np.isin(table.rows, list(away)))
    return dict(zip(table.rows[places].tolist(), table.lines[places].tolist(), strict=True))


def account_words(account: dict[str, int]) -> str:
    """The account in a sentence."""
    used = ", ".join(f"{account[name]:,} {verb}" for name, verb in (("train", "train"), ("tune", "tune"), ("test", "test")))
    unused = {sort: account[sort] for sort in SORTS if account.get(sort)}
    total = sum(unused.values())
    why = ", ".join(f"{count:,} {SORTS[sort]}" for sort, count in unused.items())
    return f"Of {account['rows']:,} rows {used}; " + (f"{total:,} not used: {why}." if total else "every row is used.")


def reasons_of(artifact: Artifact) -> Counter[str]:
    """How many rows are not used for each reason."""
    return sum((ledger.reasons() for ledger in (artifact.ledger, *artifact.unused.values())), Counter())

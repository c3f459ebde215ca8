"""Which targets of a model a table holds labels of: only these can be scored."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import numpy as np

from injerto.errors import TableError, did_you_mean
from injerto.examples import require_columns
from injerto.heads.head import Head
from injerto.table.table import Table


def labelled_heads(heads: Mapping[str, Head], table: Table) -> tuple[dict[str, Head], list[str]]:
    """The heads whose labels `table` has columns for, and a note for each of the others.

    *Raises* ColumnError when it has columns for none, or one whose name is nearly that of a column that lacks.
    """
    reads = {name: head.reads(table.columns) for name, head in heads.items()}
    lacking = {name: [column for column in columns if column not in table.columns] for name, columns in reads.items()}
    there = {name: head for name, head in heads.items() if not lacking[name]}
    spare = [column for column in table.columns if column not in chain.from_iterable(reads.values())]
    if not there or any(did_you_mean(column, spare) for columns in lacking.values() for column in columns):
        require_columns(table, list(chain.from_iterable(reads.values())))
    notes = [f"'{name}' is not scored: the table has no column '{columns[0]}'." for name, columns in lacking.items() if columns]
    return there, notes


def require_labels(heads: Mapping[str, Head], table: Table) -> None:
    """*Raises* TableError when no row holds a label of any target."""
    if any(bool(head.truth(head.column(table)).known.any()) for name, head in heads.items()):
        return
    found = []
    for name, head in heads.items():
        column = table.column(head.reads(table.columns)[0])
        filled = np.flatnonzero(column.values.is_not_null().to_numpy()).tolist()
        holds = f"row {column.row(filled[0])} holds {column.cell(filled[0])!r}" if filled else "every cell is empty"
        found.append(f"\n  - '{name}' ({head.kind}): {holds}")
    raise TableError(
        f"The table '{table.name}' has no known label in its {len(table):,} rows, so there is nothing to score:"
        f"{''.join(found)}\nFill in what is known, or ask for answers with `injerto predict`."
    )

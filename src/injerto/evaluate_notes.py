"""Why figures of an evaluation may say less, or other, than they seem to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from injerto.artifact.artifact import Artifact
from injerto.artifact.known_rows import Known, contents_of, recognised
from injerto.heads.head import Head
from injerto.table.grouping import Grouping
from injerto.table.long_table import LongTable
from injerto.table.table import Table

_SHOWN_CLASSES = 10


def notes_of(
    artifact: Artifact,
    table: Table | LongTable,
    labels: Table,
    heads: Mapping[str, Head],
    unlabelled: Sequence[str],
    known: Known,
) -> list[str]:
    """All of them, of the `heads` that are scored; `unlabelled` are the notes on those that are not.

    `labels` are the rows of `table`, or the part of them that is scored, with the columns of the labels at least.
    """
    unsaid = [said for head in heads.values() if (said := head.unsaid(table.columns))]
    return [*seen_before(artifact, table, known), *unlabelled, *never_seen(heads, labels), *unsaid]


def known_rows(artifact: Artifact, table: Table) -> Known:
    """Rows of `table` that the model has met, by what they say."""
    found = np.empty(0, dtype=np.uint64) if artifact.contents is None else contents_of(artifact.schema, table)
    return recognised(artifact.contents, artifact.rows, found)


def seen_before(artifact: Artifact, table: Table | LongTable, known: Known) -> list[str]:
    """A note when these are the rows that taught the model, or some of them."""
    if "digest" not in artifact.facts or artifact.facts["digest"] != table.digest():
        if not known.taught:
            return []
        return [
            f"{known.taught:,} of these {len(table):,} rows taught the model or chose its settings: they say the same as rows "
            "of the table it was trained on. So these figures are too kind."
        ]
    rows = artifact.rows
    honest = (
        f"The honest score, on the {len(rows.test):,} rows it never saw, stands in the model's card and report."
        if len(rows.test)
        else "No row was kept apart for an honest score: evaluate on other rows."
    )
    taught = artifact.facts.get("account", {}).get("train", len(rows.train))
    return [
        f"This is the table the model was trained on: {taught:,} of its {len(table):,} rows taught it and "
        f"{len(rows.tune):,} chose its settings, so these figures are too kind. {honest}"
    ]


def part_asked(asked: int, rows: int, *, files: bool) -> list[str]:
    """A note where only some of a long table's rows were asked."""
    if asked == rows:
        return []
    why = "is too long for memory and has photos or sounds" if files else "has answers that do not all fit into the memory"
    return [
        f"The table of {rows:,} rows {why}: {asked:,} of them, drawn at random, are scored. Allow more with --memory, or "
        "memory= in Python."
    ]


def never_seen(heads: Mapping[str, Head], table: Table) -> list[str]:
    """A note for each target that has classes here which training did not show."""
    notes = []
    for name, head in heads.items():
        strange = head.strange(head.column(table))
        if not len(strange):
            continue
        classes = strange.unique().sort().to_list()
        more = f" and {len(classes) - _SHOWN_CLASSES} more" if len(classes) > _SHOWN_CLASSES else ""
        notes.append(
            f"{head.strange_words.format(name)}: "
            f"{', '.join(map(str, classes[:_SHOWN_CLASSES]))}{more}; labels with them: {len(strange):,}. "
            f"They {head.strange_fate}."
        )
    return notes


def groups_lack(groupings: Sequence[Grouping], table: Table) -> list[str]:
    """A note for each column by which rows belong together that the table lacks."""
    return [
        f"The rows are drawn one by one for the intervals: the table has no column '{one.column}', which says what belongs "
        "together. If its rows come in such groups, the intervals are too narrow."
        for one in groupings
        if one.column not in table.columns
    ]

"""Problems of files, or clips of files, that stand in more than one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from injerto.schema.check_clips import clip_names, has_clips
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.table import Table


def named_twice(schema: Schema, table: Table, name: str, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """A note when files are named again, a warning when the same file, or the same clip, has two answers."""
    clips = has_clips(schema.inputs[name], facts)
    files = clip_names(table, name, schema.inputs[name]) if clips else known(table.frame[name])
    cells = pl.DataFrame({"file": files}).with_row_index("row").filter(pl.col("file").is_not_null())
    twice = cells.filter(pl.col("file").is_duplicated())
    count = twice["file"].n_unique()
    if not clips and schema.split.group is None and schema.split.column is None:
        yield Problem(
            "note",
            name,
            f"Input '{name}' names {counted(count, 'file')} in more than one row, such as '{twice['file'][0]}'. "
            f"If they are repeats, group the rows by '{name}' so that they stay on one side of the split.",
        )
    for target, declared in schema.answered.items():
        if declared.kind == "number" or target not in facts or not facts[target].distinct:
            continue
        labels = twice.with_columns(label=table.frame[target].gather(twice["row"]).cast(pl.String)).drop_nulls("label")
        torn = labels.group_by("file", maintain_order=True).agg(pl.col("label").unique(maintain_order=True), pl.col("row"))
        torn = torn.filter(pl.col("label").list.len() > 1)
        if len(torn):
            words = " and ".join(f"'{word}'" for word in torn["label"][0][:2])
            rows = " and ".join(str(int(table.rows[row])) for row in torn["row"][0][:2])
            yield Problem(
                "warning",
                name,
                f"Input '{name}': the same {'clip' if clips else 'file'} has different answers in '{target}' "
                f"in {counted(len(torn), 'case')}, such as '{torn['file'][0]}': {words} (rows {rows}). Correct the labels.",
            )

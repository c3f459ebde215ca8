"""Problems of the files that photo and sound columns name: not there, not readable, or named twice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import polars as pl

from injerto.progress import Progress
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.guess_media import files_found
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.media import media_name, probe
from injerto.table.table import Table

_REASONS_NAMED = 3
_LONGEST_NAME = 1000


def media_columns(schema: Schema, facts: Mapping[str, Facts]) -> dict[str, Literal["image", "sound"]]:
    """The photo and sound inputs that are in the table and can hold files."""
    return {
        name: declared.kind
        for name, declared in schema.inputs.items()
        if declared.kind in ("image", "sound")
        and name in facts
        and facts[name].family in ("text", "media")
        and facts[name].known
    }


def check_names(schema: Schema, table: Table, facts: Mapping[str, Facts], *, look_for_files: bool) -> Iterator[Problem]:
    """Files that are nowhere to be found (some are looked for), and files that are named in several rows. Opens nothing."""
    for name in media_columns(schema, facts):
        if facts[name].family != "text":
            continue
        column = table.column(name)
        if look_for_files and facts[name].characters < _LONGEST_NAME:  # longer cells are grey levels, not names
            found, tried = files_found(column)
            if not found:
                yield Problem(
                    "error",
                    name,
                    f"Input '{name}': none of {counted(tried, 'file')} looked for exists, such as '{facts[name].example}'. "
                    f"Paths start from {table.folder}.",
                )
                continue
        yield from _named_twice(schema, table, name, facts)


def check_contents(
    schema: Schema, table: Table, facts: Mapping[str, Facts], progress: Progress
) -> tuple[list[Problem], Ledger]:
    """Read every file once, as training would: a problem a column, an entry in the ledger for every bad file."""
    problems, ledger = [], Ledger()
    for name, kind in media_columns(schema, facts).items():
        column, bad = table.column(name), Ledger()
        _probe(column, kind, bad, progress)
        ledger.extend(bad)
        if not len(bad):
            continue
        reasons = bad.reasons().most_common()
        listed = "; ".join(f"{reason} ({count:,})" for reason, count in reasons[:_REASONS_NAMED])
        more = f"; and {len(reasons) - _REASONS_NAMED} other reasons" if len(reasons) > _REASONS_NAMED else ""
        none_left = len(bad) == facts[name].known
        cells = f"{'all' if none_left else f'{len(bad):,} of'} {counted(facts[name].known, 'file')}"
        rest = "There is nothing to learn from." if none_left else "Their rows will not be used."
        problems.append(
            Problem(
                "error" if none_left else "warning", name, f"Input '{name}': {cells} cannot be read: {listed}{more}. {rest}"
            )
        )
    return problems, ledger


def _probe(column: Column, kind: Literal["image", "sound"], ledger: Ledger, progress: Progress) -> None:
    """Write down every cell that holds something and cannot be read. Decoding leaves the lock, so threads help."""
    filled = known(column.values).is_not_null().arg_true().to_list()

    def read(index: int) -> tuple[int, str] | None:
        error = probe(column.cell(index), column.folder, kind, row=column.row(index))
        return None if error is None else (index, error.reason)

    with (
        progress.step(f"opening the files of '{column.name}'", len(filled)) as step,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        for found in pool.map(read, filled):
            if found:
                index, reason = found
                ledger.add(column.row(index), column.name, media_name(column.cell(index)), reason)
            step.advance()


def _named_twice(schema: Schema, table: Table, name: str, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    if facts[name].distinct == facts[name].known:
        return
    cells = pl.DataFrame({"file": known(table.frame[name])}).with_row_index("row").filter(pl.col("file").is_not_null())
    twice = cells.filter(pl.col("file").is_duplicated())
    files = twice["file"].n_unique()
    if schema.split.group is None and schema.split.column is None:
        yield Problem(
            "note",
            name,
            f"Input '{name}' names {counted(files, 'file')} in more than one row, such as '{twice['file'][0]}'. "
            f"If they are repeats, group the rows by '{name}' so that they stay on one side of the split.",
        )
    for target, declared in schema.targets.items():
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
                f"Input '{name}': the same file has different answers in '{target}' in {counted(len(torn), 'case')}, "
                f"such as '{torn['file'][0]}': {words} (rows {rows}). Correct the labels.",
            )

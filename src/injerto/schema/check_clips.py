"""Problems of clips: times that are no times, clips that overlap, clips of one recording on both sides of the split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Input, Schema
from injerto.table.clips import clip_column, seconds_of
from injerto.table.column import Column
from injerto.table.table import Table

ROUNDING_S = 0.001
"""Clips that share less stand end to end: 0.1 + 0.2 is more than 0.3."""


def check_clips(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """All problems of clips that show without opening a file."""
    for name, declared in schema.inputs.items():
        if not declared.times or name not in facts:
            continue
        if declared.kind != "sound":
            options = " and ".join(f"'{option}'" for option in ("start", "end") if option in declared.model_fields_set)
            yield Problem(
                "error", name, f"Input '{name}' is declared as {declared.kind}, but {options} cut sounds only. Take them out."
            )
            continue
        yield from _wrong_times(table, declared, facts)
        if has_clips(declared, facts) and facts[name].family == "text":
            yield from _one_recording(schema, table, name, declared)


def has_clips(declared: Input, facts: Mapping[str, Facts]) -> bool:
    """Whether an input has times that are in the table and can be read."""
    there = [name for name in declared.times if name in facts and facts[name].family in ("number", "text")]
    return declared.kind == "sound" and bool(there) and len(there) == len(declared.times)


def cells_of(table: Table, name: str, declared: Input, facts: Mapping[str, Facts]) -> Column:
    """The files of an input, or its clips."""
    if not has_clips(declared, facts):
        return table.column(name)
    return clip_column(table, name, start=declared.start, end=declared.end)


def clip_names(table: Table, name: str, declared: Input) -> pl.Series:
    """A name (N,) for every clip that says its file and its times."""
    times = [table.frame[of].cast(pl.String).fill_null("") for of in declared.times]
    return pl.select(pl.concat_str(known(table.frame[name]), *times, separator=" | ")).to_series()


def _wrong_times(table: Table, declared: Input, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    for name in declared.times:
        if name not in facts:
            continue
        column = table.column(name)
        if facts[name].family not in ("number", "text"):
            yield Problem("error", name, f"Column '{name}' holds the times of clips, but is {facts[name].dtype}. Give seconds.")
            continue
        wrong = (seconds_of(column).is_nan() & known(column.values).is_not_null()).arg_true()
        if len(wrong):
            row = int(wrong[0])
            yield Problem(
                "warning",
                name,
                f"Column '{name}' holds the times of clips, but {counted(len(wrong), 'cell')} cannot be read as seconds: "
                f"row {column.row(row)} holds {column.cell(row)!r}. Their rows will not be used.",
            )


def _one_recording(schema: Schema, table: Table, name: str, declared: Input) -> Iterator[Problem]:
    """Clips of one file: alike, and perhaps even the same seconds."""
    clips = _sorted_clips(table, name, declared)
    sizes = clips.group_by("file", maintain_order=True).len().filter(pl.col("len") > 1)
    if not len(sizes):
        return
    files = clips["file"].n_unique()
    divided = schema.split.group is not None or schema.split.column is not None
    if files == 1:
        yield Problem(
            "warning",
            name,
            f"Input '{name}': all clips are of one recording, '{clips['file'][0]}'. The scores will hold for other clips of "
            "it; how good the answers are for another recording, they cannot say.",
        )
    elif not divided:
        yield Problem(
            "warning",
            name,
            f"Input '{name}' cuts {counted(len(sizes), 'recording')} into several clips, such as '{sizes['file'][0]}' into "
            f"{sizes['len'][0]}. Clips of one recording are alike: give '{name}' as the group of the split, so that they stay "
            "on one side; else the score will be too good.",
        )
    over = clips.with_columns(
        until=pl.col("end").cum_max().shift(1).over("file"), before=pl.col("row").shift(1).over("file")
    ).filter(pl.col("start") < pl.col("until") - ROUNDING_S)
    if len(over):
        first, second = sorted((int(over["before"][0]), int(over["row"][0])))
        yield Problem(
            "warning",
            name,
            f"Input '{name}': {counted(len(over), 'clip')} of {counted(over['file'].n_unique(), 'recording')} overlap others, "
            f"such as rows {first} and {second} of '{over['file'][0]}'. The same seconds stand in several rows.",
        )


def _sorted_clips(table: Table, name: str, declared: Input) -> pl.DataFrame:
    """`file`, `start`, `end` (seconds) and `row` of every clip with readable times, by file and start."""
    empty = pl.Series([None] * len(table), dtype=pl.Float64)
    start = seconds_of(table.column(declared.start)) if declared.start else empty
    end = seconds_of(table.column(declared.end)) if declared.end else empty
    frame = pl.DataFrame(
        {
            "file": known(table.frame[name]),
            "start": start.fill_null(0.0),
            "end": end.fill_null(np.inf),
            "row": pl.Series(table.rows),
        }
    )
    readable = pl.col("file").is_not_null() & pl.col("start").is_not_nan() & pl.col("end").is_not_nan()
    return frame.filter(readable).sort("file", "start", maintain_order=True)

"""What ties rows together: a recording in the names of files, a burst of photos, a folder, a file that is cut into clips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.likely_ties import likely_tie
from injerto.schema.name_parts import counted_parts
from injerto.schema.named_rows import NamedRows, named_rows
from injerto.schema.one_label import one_label
from injerto.schema.schema import Schema
from injerto.schema.sure import FEWEST_GROUPS, borne_out, spread, sure_name_part
from injerto.schema.tie import Tie, column_like
from injerto.table.bursts import bursts
from injerto.table.grouping import Grouping
from injerto.table.table import Table

BURST_SECONDS = 10.0
_HEADERS_LOOKED_AT = 40


def tie_in(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Tie | None:
    """The surest tie of the first column that has any; of names that tie nothing, None."""
    for rows in named_rows(schema, table, facts):
        if len(rows.names) >= 2 * FEWEST_GROUPS:
            found = _recording(rows, table) or (_burst(rows) if rows.photos else None) or likely_tie(rows, table)
            if found is not None:
                return found
    return None


def same_file(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Tie | None:
    """Sounds that stand in several rows, as clips do: of photos, `learning/division.py` keeps what looks alike together."""
    for name, item in schema.inputs.items():
        if item.kind != "sound" or name not in facts or facts[name].family != "text":
            continue
        files = known(table.frame[name]).drop_nulls().cast(pl.String)
        sizes = Counter(files.to_list())
        several = sum(size > 1 for size in sizes.values())
        if several == 0 or len(sizes) < FEWEST_GROUPS or not _spread_files(schema, table, name):
            continue
        example, size = sizes.most_common(1)[0]
        reason = (
            f"{counted(several, 'file')} of {len(sizes):,} in '{name}' stand in several rows, such as '{example}' in {size}."
        )
        return Tie(Grouping(name), True, reason)
    return None


def _spread_files(schema: Schema, table: Table, name: str) -> bool:
    target = next((one for one, declared in schema.answered.items() if declared.kind != "number"), None)
    if target is None:
        return True
    frame = pl.DataFrame({"file": known(table.frame[name]), "label": known(table.frame[target]).cast(pl.String)}).drop_nulls(
        "file"
    )
    return spread(frame["file"].to_list(), frame["label"].to_list(), individual=schema.individual is not None)


def _recording(rows: NamedRows, table: Table) -> Tie | None:
    """What stands before counters at the end of the names, or the column of the table that says just the same."""
    part = next((part for part in counted_parts(rows.names) if sure_name_part(part.parts, rows)), None)
    if part is None:
        return None
    grouping = Grouping(rows.column, part=part.pattern)
    reason = f"{rows.shared(part.parts)}; {_agree(part.parts, rows)}."
    column = column_like(table, grouping, {rows.column, rows.target})
    if column is not None:
        return Tie(Grouping(column), True, f"'{column}' says what names say: {reason}")
    return Tie(grouping, True, reason)


def _burst(rows: NamedRows) -> Tie | None:
    """Photos taken seconds apart. A few are looked at first, as most tables of photos have no times and headers cost time."""
    some = rows.names[:: max(1, len(rows.names) // _HEADERS_LOOKED_AT)]
    if 2 * len(bursts(some, rows.folder, BURST_SECONDS)) < len(some):
        return None
    found = bursts(rows.names, rows.folder, BURST_SECONDS)
    groups = [found.get(name, name) for name in rows.names]
    if sum(size > 1 for size in Counter(groups).values()) < FEWEST_GROUPS:
        return None
    reason = rows.shared(groups, by=f"are of photos taken at most {BURST_SECONDS:g} seconds after another")
    sure = borne_out(one_label(groups, rows.labels)) and spread(groups, rows.labels, individual=rows.individual)
    said = f"; {_agree(groups, rows)}" if rows.target else ""
    return Tie(Grouping(rows.column, seconds=BURST_SECONDS), sure, f"{reason}{said}.")


def _agree(groups: list[str], rows: NamedRows) -> str:
    """In words, how many share their label with their group."""
    found = one_label(groups, rows.labels)
    share = "all" if found.agreeing == found.rows else f"{found.share:.1%}"
    return f"{share} of them have the '{rows.target}' of their group"

"""The names of a column with the label of each: what rows can be tied by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from injerto.places.address import Place
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.infer import LEFT_OUT
from injerto.schema.schema import Schema
from injerto.table.table import Table

_MOST_NAMES = 200_000
_SINGLE = 0.9
"""Share of a column's cells that differ before it may be one of names of single rows."""


@dataclass(frozen=True)
class NamedRows:
    """Different names (N,) of one column, and the label of the first row with each; `target` is empty without labels."""

    column: str
    folder: Place
    names: list[str]
    labels: list[str | None]
    target: str
    photos: bool
    individual: bool

    @property
    def most_codes(self) -> int:
        """A part of the names with so many values at most may be a code of the label."""
        return max(10, 2 * len({label for label in self.labels if label is not None}))

    def shared(self, groups: Sequence[str], by: str = "share a part with others") -> str:
        """How many names are in a group with another, and the largest group as an example."""
        sizes = Counter(groups)
        sharing = sum(size for size in sizes.values() if size > 1)
        example, size = sizes.most_common(1)[0]
        name = self.names[list(groups).index(example)]
        said = f"'{name}'" if name == example else f"'{example}' in '{name}'"
        return (
            f"{sharing:,} of {len(self.names):,} names in '{self.column}' {by} ({counted(len(sizes), 'group')} in all), "
            f"such as {said} and {counted(size - 1, 'other')}"
        )


def named_rows(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[NamedRows]:
    """Files to learn from, then columns that were left out and name single rows."""
    target, labels = _labels(schema, table, facts)
    for name, photos in _columns(schema, facts):
        cells = known(table.frame[name]).cast(pl.String)
        frame = (
            pl.DataFrame({"name": cells, "label": labels}).drop_nulls("name").unique("name", keep="first", maintain_order=True)
        )
        frame = frame.head(_MOST_NAMES)
        folder, individual = table.column(name).folder, schema.individual is not None
        yield NamedRows(name, folder, frame["name"].to_list(), frame["label"].to_list(), target, photos, individual)


def _columns(schema: Schema, facts: Mapping[str, Facts]) -> Iterator[tuple[str, bool]]:
    for name, item in schema.inputs.items():
        if item.kind in ("image", "sound") and name in facts and facts[name].family == "text":
            yield name, item.kind == "image"
    for name, reason in schema.dropped.items():
        if name not in facts or reason == LEFT_OUT or facts[name].family != "text":
            continue
        if facts[name].distinct >= _SINGLE * facts[name].known:
            yield name, False


def _labels(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> tuple[str, pl.Series]:
    """The first target that is no number, and its labels as text."""
    for name, target in schema.answered.items():
        if target.kind != "number" and name in facts and facts[name].family not in ("media", "other"):
            return name, known(table.frame[name]).cast(pl.String)
    return "", pl.Series([None] * len(table), dtype=pl.String)

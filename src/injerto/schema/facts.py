"""What can be counted in a column: the figures that every guess and every check go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from injerto.table.table import Table

Family = Literal["truth", "number", "text", "date", "media", "other"]

EXAMPLE_CHARACTERS = 40
_COLUMNS_AT_ONCE = 16


@dataclass(frozen=True)
class Facts:
    """Counts over one whole column. Blank text and NaN are missing; `distinct` counts what is not missing."""

    name: str
    family: Family
    dtype: pl.DataType
    rows: int
    missing: int
    distinct: int
    """0 for bytes, structs and lists, which are not compared."""
    infinite: int = 0
    whole: bool = False
    """True when all numbers are whole, also those a dataframe holds as floats."""
    low: Any = None
    high: Any = None
    characters: float = 0.0
    """Mean length of a text."""
    first: Any = None

    @property
    def known(self) -> int:
        """Cells that hold something."""
        return self.rows - self.missing

    @property
    def missing_share(self) -> float:
        """Share of cells that hold nothing."""
        return self.missing / self.rows if self.rows else 0.0

    @property
    def example(self) -> str:
        """The first cell that holds something, short enough for a line."""
        if self.family == "media" or self.first is None:
            return ""
        text = f"{self.first:g}" if isinstance(self.first, float) else " ".join(str(self.first).split())
        return text if len(text) <= EXAMPLE_CHARACTERS else text[: EXAMPLE_CHARACTERS - 3] + "..."


def facts_of(table: Table) -> dict[str, Facts]:
    """Facts of every column, a few columns at a time: the planner takes minutes over thousands at once."""
    found: dict[str, Facts] = {}
    for start in range(0, len(table.columns), _COLUMNS_AT_ONCE):
        some = table.columns[start : start + _COLUMNS_AT_ONCE]
        found |= _facts_of(table.frame.select(some))
    return found


def known(values: pl.Series) -> pl.Series:
    """The cells with one spelling of missing: blank text and NaN are null, text has no outer spaces."""
    return pl.select(_known(pl.lit(values), values.dtype)).to_series().rename(values.name)


def family_of(dtype: pl.DataType) -> Family:
    """The few families that columns of a table fall into."""
    if dtype == pl.Boolean:
        return "truth"
    if dtype.is_numeric():
        return "number"
    if dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return "text"
    if dtype in (pl.Date, pl.Datetime):
        return "date"
    return "media" if dtype in (pl.Binary, pl.Struct) else "other"


def _known(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        return cell.fill_nan(None)
    if family_of(dtype) == "text":
        text = cell.cast(pl.String).str.strip_chars()
        return pl.when(text != "").then(text)
    if isinstance(dtype, pl.Struct):
        fields = [cell.struct.field(field.name).is_not_null() for field in dtype.fields]
        return pl.when(pl.any_horizontal(fields)).then(cell)
    return cell


def _facts_of(frame: pl.DataFrame) -> dict[str, Facts]:
    cleaned = frame.select(_known(pl.col(name), dtype).alias(name) for name, dtype in frame.schema.items())
    wanted = [measure for place, (name, dtype) in enumerate(frame.schema.items()) for measure in _measures(place, name, dtype)]
    found = cleaned.select(wanted).row(0, named=True)
    return {name: _facts(name, dtype, len(frame), place, found) for place, (name, dtype) in enumerate(frame.schema.items())}


def _measures(place: int, name: str, dtype: pl.DataType) -> list[pl.Expr]:
    """What is counted of one column that is clean; the columns of the result are named by place, as names could collide."""
    cell, family = pl.col(name), family_of(dtype)
    measures = {"missing": cell.is_null().sum()}
    if family not in ("media", "other"):
        measures |= {"distinct": cell.drop_nulls().n_unique(), "first": cell.drop_nulls().first()}
    if family in ("number", "date"):
        finite = cell.filter(cell.is_finite()) if dtype.is_float() else cell
        measures |= {"low": finite.min(), "high": finite.max()}
    if dtype.is_float():
        measures |= {"infinite": cell.is_infinite().sum(), "whole": (cell == cell.round(0)).all()}
    if family == "text":
        measures |= {"characters": cell.str.len_chars().mean()}
    return [measure.alias(f"{place} {key}") for key, measure in measures.items()]


def _facts(name: str, dtype: pl.DataType, rows: int, place: int, found: dict[str, Any]) -> Facts:
    def counted(key: str) -> Any:
        return found.get(f"{place} {key}")

    return Facts(
        name=name,
        family=family_of(dtype),
        dtype=dtype,
        rows=rows,
        missing=int(counted("missing") or 0),
        distinct=int(counted("distinct") or 0),
        infinite=int(counted("infinite") or 0),
        whole=bool(counted("whole")) if dtype.is_float() else dtype.is_integer(),
        low=counted("low"),
        high=counted("high"),
        characters=float(counted("characters") or 0.0),
        first=counted("first"),
    )

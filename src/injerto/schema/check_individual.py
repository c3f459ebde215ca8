"""Problems of individuals to be told apart: what they are told by, how often each was seen, names in two spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from injerto.errors import did_you_mean
from injerto.schema.facts import Facts, known
from injerto.schema.guess import counted
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema, Target
from injerto.table.table import Table


def check_individual(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """All problems of the target that names individuals, but for what any target of classes can have."""
    if schema.individual is None:
        return
    name, target = schema.individual
    yield from _alone(schema, name, target)
    for role, column in (("sighting", target.sighting), ("flank", target.flank)):
        if column is not None and column not in table.columns:
            near = did_you_mean(column, table.columns)
            yield Problem("error", column, f"The {role} column '{column}' is not in the table {table.name}.{near}")
    if name in facts and facts[name].known:
        yield from _seen(schema, table, name, target)


def _alone(schema: Schema, name: str, target: Target) -> Iterator[Problem]:
    """A model of individuals reads one photo a row, and learns whole."""
    photos = [column for column, item in schema.inputs.items() if item.kind == "image"]
    if target.photo is None or target.photo not in photos:
        near = did_you_mean(target.photo, photos) if target.photo is not None else ""
        named = "names no column of photos" if target.photo is None else f"names '{target.photo}' as the column of photos"
        yield Problem("error", name, f"Target '{name}' {named}; it must be an input of kind image.{near}")
    extra = [f"'{column}'" for column in schema.inputs if column != target.photo]
    if extra:
        yield Problem(
            "error", name, f"Individuals are told from the photo alone, but {', '.join(extra)} would be inputs. Leave them out."
        )
    if sum(other.kind == "individual" for other in schema.targets.values()) > 1:
        yield Problem("error", name, "A model tells apart the individuals of one column. Train one for each.")
    if schema.training.mode == "probe":
        yield Problem("error", name, "Individuals have no probe: their networks learn whole. Leave the mode out.")


def _seen(schema: Schema, table: Table, name: str, target: Target) -> Iterator[Problem]:
    """Who was seen once only can be found again, but not be learned or judged by."""
    seen = {"name": known(table.column(name).values).cast(pl.String)}
    whole = target.sighting is not None and target.sighting in table.columns
    if whole:
        seen["sighting"] = known(table.column(str(target.sighting)).values).cast(pl.String)
    frame = pl.DataFrame(seen).drop_nulls("name")
    if whole:  # nobody said what photos without one belong to: each stands for itself
        alone = pl.int_range(pl.len()).cast(pl.String) + " without a sighting"
        frame = frame.with_columns(pl.col("sighting").fill_null(alone))
    times = frame.group_by("name").agg(pl.col("sighting").n_unique() if whole else pl.len().alias("sighting"))
    once, what = int((times["sighting"] == 1).sum()), "sighting" if whole else "photo"
    if once == len(times):
        yield Problem(
            "error",
            name,
            f"Target '{name}': every individual has one {what} only, so that nothing shows what stays the same from one to the "
            "next. Add photos of individuals seen again.",
        )
    elif once:
        yield Problem(
            "note",
            name,
            f"Target '{name}': {counted(once, 'individual')} of {len(times):,} with one {what} only. They are in the "
            "gallery and can be found, but no score is about them.",
        )
    if target.sighting is None and schema.split.column is None and schema.split.group is None:
        yield Problem(
            "note",
            name,
            f"Target '{name}' has no sighting column: photos of one moment, which look alike, may stand on both sides of the "
            "split, and the score would be too good. Name one with --sighting if there is one.",
        )

"""Problems with the options of category columns: shared vocabularies, separators, and options that other kinds do not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from injerto.errors import did_you_mean
from injerto.schema.facts import known
from injerto.schema.problems import Problem
from injerto.schema.schema import Input, Schema
from injerto.table.table import Table

LEVEL_KINDS = ("category", "categories")
_SHARED = ("min_count", "vocabulary", "hash_rows", "width", "plant", "plant_multiplier")
_OWN: dict[str, tuple[str, ...]] = dict.fromkeys(_SHARED, LEVEL_KINDS) | {"separator": ("categories",)}
_ALIKE = ("kind", *_SHARED)


def check_levels(schema: Schema, table: Table, names: Sequence[str]) -> Iterator[Problem]:
    """All problems of the inputs `names`, which are in the table and fit their kinds."""
    for name in names:
        options = schema.inputs[name]
        given, usual = options.model_dump(), Input(kind=options.kind).model_dump()
        for option, kinds in _OWN.items():
            if given[option] != usual[option] and options.kind not in kinds:
                yield Problem(
                    "error",
                    name,
                    f"Input '{name}' has the option '{option}', which a {options.kind} does not read; "
                    f"{' and '.join(kinds)} do. Take it out, or change the kind.",
                )
        idle = options.plant is None and given["plant_multiplier"] != usual["plant_multiplier"]
        if idle and options.kind in LEVEL_KINDS:
            yield Problem("error", name, f"Input '{name}' has a plant_multiplier, but nothing is planted. Give plant, too.")
        if options.kind == "categories" and not _holds(table.column(name).values, options.separator):
            yield Problem(
                "warning",
                name,
                f"Input '{name}' is taken as categories, but no cell holds its separator '{options.separator}'. "
                "Give the right one in the schema, or take it as a category.",
            )
    yield from _shared(schema, names)


def _holds(values: pl.Series, separator: str) -> bool:
    if isinstance(values.dtype, pl.List):
        return True
    cells = known(values).drop_nulls().cast(pl.String)
    return not len(cells) or bool(cells.str.contains(separator, literal=True).any())


def _shared(schema: Schema, names: Sequence[str]) -> Iterator[Problem]:
    """Columns of one vocabulary must be read alike; a vocabulary of one column is most likely a slip of the pen."""
    sharing: dict[str, list[str]] = {}
    for name in names:
        if schema.inputs[name].vocabulary is not None:
            sharing.setdefault(str(schema.inputs[name].vocabulary), []).append(name)
    for vocabulary, group in sharing.items():
        first = schema.inputs[group[0]].model_dump()
        if len(group) == 1:
            near = did_you_mean(vocabulary, [word for word in sharing if word != vocabulary])
            yield Problem("warning", group[0], f"Only input '{group[0]}' names the vocabulary '{vocabulary}'.{near}")
        for name in group[1:]:
            other = schema.inputs[name].model_dump()
            odd = [option for option in _ALIKE if other[option] != first[option]]
            if odd:
                yield Problem(
                    "error",
                    name,
                    f"Inputs '{group[0]}' and '{name}' share the vocabulary '{vocabulary}', but differ in {', '.join(odd)}. "
                    "Give both the same.",
                )

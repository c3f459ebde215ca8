"""What a person asks for in a few words, and a table, to a whole schema. The same for the command line and for Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from injerto.errors import SchemaError
from injerto.places.address import place_of
from injerto.schema.amend_points import amend_points
from injerto.schema.declaration import parse_declaration
from injerto.schema.found_group import with_found_group
from injerto.schema.infer import LEFT_OUT, infer
from injerto.schema.infer_individual import FROM_PHOTO_ALONE, ROLES, infer_individual, refuse_absent
from injerto.schema.infer_points import infer_points
from injerto.schema.schema import Input, Mode, Schema, Split, Target, Training
from injerto.table.table import Table

Declared = TypeVar("Declared", Input, Target)


@dataclass(frozen=True)
class Wishes:
    """What was asked for. Columns may carry a kind after a colon ("species:class"); what is not said is inferred."""

    targets: Sequence[str] = ()
    inputs: Sequence[str] = ()
    drop: Sequence[str] = ()
    schema: Schema | str | Path | None = None
    group: str | None = None
    group_part: str | None = None
    """A regular expression: of the group's cells, the part that names the group."""
    group_seconds: float | None = None
    """Photos of the group's column taken at most so many seconds after the one before belong together."""
    no_group: bool = False
    """No rows belong together: none are looked for."""
    time: str | None = None
    split: str | None = None
    folds: int | None = None
    """Score over so many folds, too; `repeats` times."""
    repeats: int | None = None
    mode: Mode | None = None
    budget_seconds: float | None = None
    seed: int | None = None
    background: str | Path | None = None
    """From where the program runs, not from the table's folder as in a schema."""
    keypoints: bool = False
    """Every pair of columns NAME_x and NAME_y is a point to find on the photo."""
    mirror: Sequence[tuple[str, str]] | None = None
    """Of keypoints: the pairs that change places in a mirrored photo; None finds them by their names."""
    source: str | None = None
    """Of keypoints: the column that names who placed them."""
    sighting: str | None = None
    """Of individuals: the column that says which photos are of one sighting; None finds it by its name."""
    flank: str | None = None
    """Of individuals: the column that says which side is seen; None finds it by its name."""


def declare(table: Table, wishes: Wishes) -> Schema:
    """The schema that `wishes` ask for on `table`: a wish goes before the schema given, that before a guess.

    *Raises* ColumnError for a column that is not there, SchemaError for a kind or option that is none.
    """
    given = Schema.read(Path(wishes.schema)) if isinstance(wishes.schema, str | Path) else wishes.schema
    drafted = _inferred(table, wishes) if given is None else _amended(table, given, wishes)
    split = {"time": wishes.time, "column": wishes.split, "folds": wishes.folds, "repeats": wishes.repeats}
    background = None if wishes.background is None else _whole(wishes.background)
    training = {
        "mode": wishes.mode,
        "budget_seconds": wishes.budget_seconds,
        "seed": wishes.seed,
        "background": background,
    }
    data = _replaced(drafted.model_dump(), split=split, training=training)
    data["split"] |= _grouped(drafted.split, wishes)
    return Schema.from_data(data, origin="what was asked for")


def _grouped(before: Split, wishes: Wishes) -> dict[str, Any]:
    """The options of the split that say what belongs together. *Raises* SchemaError where the wishes contradict each other.

    A group that is asked for replaces the one before with all that was said of it; one that is refused goes.
    """
    asked = {"group": wishes.group, "group_part": wishes.group_part, "group_seconds": wishes.group_seconds}
    asked = {name: option for name, option in asked.items() if option is not None}
    if wishes.no_group and asked:
        raise SchemaError(["A group is asked for and refused with --no-group. Keep one of the two."])
    if not (wishes.no_group or asked):
        return {}
    fresh: dict[str, Any] = {"group": before.group, "group_part": None, "group_seconds": None, "group_reason": None}
    return fresh | ({"group": None, "no_group": True} if wishes.no_group else asked | {"no_group": False})


def _inferred(table: Table, wishes: Wishes) -> Schema:
    draft = _drafted(table, wishes)
    said = wishes.no_group or any(name is not None for name in (wishes.group, wishes.group_part, wishes.group_seconds))
    if said or wishes.time is not None or draft.split.column is not None or not draft.targets:
        return draft
    return with_found_group(table, draft)


def _drafted(table: Table, wishes: Wishes) -> Schema:
    if wishes.keypoints:
        return _inferred_points(table, wishes)
    _refuse_pointless(wishes)
    targets = dict(parse_declaration(text, table.columns) for text in wishes.targets)
    if "individual" in targets.values():
        return _inferred_individual(table, wishes, targets)
    _refuse_nobody(wishes)
    return infer(
        table,
        targets=targets,
        inputs=dict(parse_declaration(text, table.columns) for text in wishes.inputs),
        drop=wishes.drop,
        group=wishes.group,
        time=wishes.time,
        split_column=wishes.split,
    )


def _inferred_individual(table: Table, wishes: Wishes, targets: Mapping[str, str | None]) -> Schema:
    return infer_individual(
        table,
        targets=targets,
        inputs=dict(parse_declaration(text, table.columns) for text in wishes.inputs),
        drop=wishes.drop,
        sighting=wishes.sighting,
        flank=wishes.flank,
        group=wishes.group,
        time=wishes.time,
        split_column=wishes.split,
    )


def _refuse_nobody(wishes: Wishes) -> None:
    """*Raises* SchemaError where options of individuals are given and none are asked for."""
    if wishes.sighting is not None or wishes.flank is not None:
        raise SchemaError(
            ["A sighting and a flank are options of individuals: declare the target so, as in --target animal:individual."]
        )


def _refuse_pointless(wishes: Wishes) -> None:
    """*Raises* SchemaError where options of points are given and no points are asked for."""
    if wishes.mirror is not None or wishes.source is not None:
        raise SchemaError(
            ["Pairs that a mirror swaps, and a source, are options of keypoints: ask for keypoints, too, with --keypoints."]
        )


def _refuse_other_targets(names: Iterable[str]) -> None:
    """*Raises* SchemaError where anything is to be predicted beside points."""
    named = ", ".join(f"'{name}'" for name in names)
    if named:
        raise SchemaError([f"Keypoints are a model's only target, but {named} is asked for as well. Train a model for each."])


def _inferred_points(table: Table, wishes: Wishes) -> Schema:
    """*Raises* SchemaError where other targets are asked for beside points."""
    _refuse_other_targets(wishes.targets)
    return infer_points(
        table,
        inputs=dict(parse_declaration(text, table.columns) for text in wishes.inputs),
        drop=wishes.drop,
        mirror=wishes.mirror,
        source=wishes.source,
        group=wishes.group,
        time=wishes.time,
        split_column=wishes.split,
    )


def _amended(table: Table, given: Schema, wishes: Wishes) -> Schema:
    """The schema given, with the columns that the wishes name taken from a fresh guess unless it holds them already."""
    if given.points is not None:
        _refuse_other_targets(wishes.targets)
        images = dict(parse_declaration(text, table.columns) for text in wishes.inputs)
        return amend_points(table, given, inputs=images, drop=wishes.drop, mirror=wishes.mirror, source=wishes.source)
    if wishes.keypoints:
        _refuse_other_targets(given.targets)
        return _with_points(given, _inferred_points(table, wishes))
    _refuse_pointless(wishes)
    if given.individual is not None:
        return _with_roles(table, given, wishes)
    if not (wishes.targets or wishes.inputs or wishes.drop):
        _refuse_nobody(wishes)
        return given
    fresh = _drafted(table, wishes)
    targets = {name: _kept(given.targets.get(name), asked) for name, asked in fresh.targets.items()} or dict(given.targets)
    named = [parse_declaration(text, table.columns)[0] for text in wishes.inputs]
    inputs = {name: item for name, item in given.inputs.items() if name not in {*targets, *wishes.drop}}
    inputs |= {name: _kept(given.inputs.get(name), fresh.inputs[name]) for name in named if name in fresh.inputs}
    dropped = {name: reason for name, reason in given.dropped.items() if name not in {*inputs, *targets}}
    dropped |= dict.fromkeys(wishes.drop, LEFT_OUT)
    return given.model_copy(update={"targets": targets, "inputs": inputs, "dropped": dropped})


def _with_roles(table: Table, given: Schema, wishes: Wishes) -> Schema:
    """A schema of individuals with another sighting or flank.

    *Raises* SchemaError where anything else is asked for, ColumnError for a column that is not there.
    """
    if wishes.targets or wishes.inputs or wishes.drop:
        raise SchemaError(
            ["The schema declares individuals; change its targets and inputs in the file, or leave the file out."]
        )
    assert given.individual is not None
    name, target = given.individual
    roles = {role: column for role, column in (("sighting", wishes.sighting), ("flank", wishes.flank)) if column is not None}
    refuse_absent(table, list(roles.values()))
    dropped = {column: FROM_PHOTO_ALONE if reason in ROLES.values() else reason for column, reason in given.dropped.items()}
    changed = target.model_copy(update=roles)
    said = {changed.sighting: ROLES["sighting"], changed.flank: ROLES["flank"]}
    dropped |= {column: reason for column, reason in said.items() if column is not None and column not in given.targets}
    return given.model_copy(update={"targets": {**given.targets, name: changed}, "dropped": dropped})


def _with_points(given: Schema, fresh: Schema) -> Schema:
    """Points beside the split and the training of a schema that names no target yet."""
    training = given.training
    if training.multipliers == Training().multipliers:
        training = training.model_copy(update={"multipliers": fresh.training.multipliers})
    split = fresh.split if given.split == Split() else given.split
    return fresh.model_copy(update={"split": split, "training": training, "dropped": given.dropped | fresh.dropped})


def _kept(before: Declared | None, asked: Declared) -> Declared:
    """What the schema said of a column, with all its options, as long as it is taken for the same kind."""
    return before if before is not None and before.kind == asked.kind else asked


def _replaced(data: dict[str, Any], **groups: dict[str, Any]) -> dict[str, Any]:
    """`data` with every option that was given replaced."""
    for group, options in groups.items():
        data[group] |= {name: value for name, value in options.items() if value is not None}
    return data


def _whole(background: str | Path) -> str:
    """The folder of backgrounds so that it means the same wherever the schema is read."""
    place = place_of(background)
    return str(place.resolve() if isinstance(place, Path) else place)

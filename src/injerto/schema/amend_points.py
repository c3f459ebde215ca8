"""A schema of keypoints that was given, and what is asked for beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from injerto.errors import SchemaError, did_you_mean
from injerto.schema.infer import DECLARED, LEFT_OUT
from injerto.schema.mirror import declared_pairs
from injerto.schema.schema import Input, Schema, Target
from injerto.table.keypoints.columns import points_named
from injerto.table.table import Table


def amend_points(
    table: Table,
    given: Schema,
    *,
    inputs: Mapping[str, str | None],
    drop: Collection[str] = (),
    mirror: Sequence[tuple[str, str]] | None = None,
    source: str | None = None,
) -> Schema:
    """`given` with its points less those in `drop`, its photos from the image in `inputs`, and another mirror or source.

    *Raises* SchemaError for pairs that are none, and columns that are not there or cannot serve.
    """
    assert given.points is not None
    name, target = given.points
    _refuse_absent(table, [*inputs, *drop, *([source] if source else [])])
    lost = {point.name for point in points_named(target.points, table.columns).points if set(point.columns) & set(drop)}
    points = [point for point in target.points if point not in lost]
    pairs = [pair for pair in target.mirror if not set(pair) & lost]
    pairs = pairs if mirror is None else list(declared_pairs(points, mirror).pairs)
    photo = _photo(target, inputs)
    kept = given.inputs.get(photo, Input(kind="image", reason=DECLARED)) if photo else None
    others = {column: item for column, item in given.inputs.items() if column != target.photo and column not in drop}
    reason = target.reason if mirror is None else target.reason.split("; ", 1)[0]
    changed = {"reason": reason, "points": points, "mirror": pairs, "photo": photo, "source": source or target.source}
    dropped = {column: reason for column, reason in given.dropped.items() if column not in (photo, source)}
    return given.model_copy(
        update={
            "targets": {**given.targets, name: target.model_copy(update=changed)},
            "inputs": {**({photo: kept} if photo and kept else {}), **others},
            "dropped": dropped | dict.fromkeys(drop, LEFT_OUT),
        }
    )


def _photo(target: Target, inputs: Mapping[str, str | None]) -> str | None:
    """The column of photos: the one image asked for, else that of the schema."""
    wrong = [column for column, kind in inputs.items() if kind not in (None, "image")]
    if wrong or len(inputs) > 1:
        named = ", ".join(f"'{column}'" for column in wrong or inputs)
        raise SchemaError([f"Keypoints are found on one column of photos, and {named} cannot be inputs. Leave them out."])
    return next(iter(inputs), target.photo)


def _refuse_absent(table: Table, names: Collection[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise SchemaError(
            [f"The table {table.name} has no column '{name}'.{did_you_mean(name, table.columns)}" for name in missing]
        )

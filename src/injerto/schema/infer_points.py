"""A table of photos with points on them to a draft schema: which points, which photo, what changes places in a mirror."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from injerto.errors import ColumnError, SchemaError, did_you_mean
from injerto.schema.infer import LEFT_OUT, infer
from injerto.schema.mirror import declared_pairs, mirror_pairs
from injerto.schema.schema import Schema, Target, Training
from injerto.table.keypoints.columns import PointColumns, box_in, network_columns, points_in
from injerto.table.keypoints.layout import BOX, SCORE
from injerto.table.table import Table

TARGET = "keypoints"
"""What the target is called in schemas, scores and JSON: its labels lie in columns of other names."""
MULTIPLIERS = {"backbone": 0.5, "embedders": 1.0, "body": 1.0, "head": 1.0}
"""To say where things are, a network that learned what they are must move farther than for one more set of names: on faces
0.1 was left behind by 0.5, and 1 was too much."""
FROM_PHOTO_ALONE = "keypoints are found from the photo alone"
_OF_A_NETWORK = "what a network said of points, not what a person marked"
_OF_A_BOX = "the box around the subject; no photo holds two of them, so keypoints are found on the whole photo"


def infer_points(
    table: Table,
    *,
    inputs: Mapping[str, str | None] | None = None,
    drop: Collection[str] = (),
    mirror: Sequence[tuple[str, str]] | None = None,
    source: str | None = None,
    group: str | None = None,
    time: str | None = None,
    split_column: str | None = None,
) -> Schema:
    """Every pair of columns NAME_x and NAME_y that is not in `drop` is a point to find, on the one column of photos.

    `mirror` declares the pairs that a mirrored photo swaps; None finds them by their names. `source` names who placed them.

    *Raises* SchemaError without points, without exactly one column of photos, or for a wrong pair; ColumnError for columns
    that are not there.
    """
    _refuse_absent(table, [*drop, *([source] if source else [])])
    box = box_in(table.columns)
    points = points_in([name for name in table.columns if name in box or name not in drop])
    if not points:
        raise SchemaError([_no_points(table, points)])
    settled = _settled(points, table.columns, {*drop, *(inputs or {})})
    halves = [half.column for half in points.halves]
    taken = {*points.columns, *halves, *points.repeated, *settled, *([source] if source else [])}
    taken -= {name for name in (*(inputs or {}), group, time, split_column) if name is not None}
    rest = replace(table, frame=table.frame.drop(sorted(taken)))
    draft = infer(
        rest,
        targets={},
        inputs=inputs,
        drop=[name for name in drop if name not in taken],
        group=group,
        time=time,
        split_column=split_column,
    )
    photo = _photo(draft, table)
    pairs = mirror_pairs(points.names) if mirror is None else declared_pairs(points.names, mirror)
    boxes = list(BOX) if _shared(table, photo, box) else []
    target = Target(
        kind="keypoints",
        reason=_reason(points, pairs.reason, boxes),
        photo=photo,
        box=boxes,
        points=list(points.names),
        mirror=list(pairs.pairs),
        source=source,
    )
    others = dict.fromkeys((name for name in draft.inputs if name != photo), FROM_PHOTO_ALONE)
    dropped = {**dict.fromkeys(drop, LEFT_OUT), **settled, **draft.dropped, **others}
    dropped = {name: reason for name, reason in dropped.items() if name not in boxes}
    return draft.model_copy(
        update={
            "targets": {TARGET: target},
            "inputs": {photo: draft.inputs[photo]},
            "dropped": dropped,
            "training": Training(multipliers=MULTIPLIERS),
        }
    )


def _refuse_absent(table: Table, names: Collection[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        near = "\n".join(
            f"The table {table.name} has no column '{name}'.{did_you_mean(name, table.columns)}" for name in missing
        )
        raise ColumnError(f"{near}\nIts columns: {', '.join(table.columns[:50])}.")


def _settled(points: PointColumns, columns: Collection[str], asked: Collection[str]) -> dict[str, str]:
    """The reasons for columns that are known by their names to be no points, unless something is `asked` of them."""
    networks = [*network_columns(points.names, columns), *([SCORE] if SCORE in columns else [])]
    reasons = dict.fromkeys(networks, _OF_A_NETWORK) | dict.fromkeys(box_in(columns), _OF_A_BOX)
    return {name: reason for name, reason in reasons.items() if name not in asked}


def _no_points(table: Table, points: PointColumns) -> str:
    halves = " ".join(f"'{half.column}' has no '{half.missing}' beside it." for half in points.halves[:5])
    columns = f"Its columns: {', '.join(table.columns[:20])}."
    return (
        f"The table {table.name} has no points: a point NAME is a pair of columns NAME_x and NAME_y, in pixels of the photo. "
        f"{halves or columns}"
    )


def _photo(draft: Schema, table: Table) -> str:
    photos = [name for name, item in draft.inputs.items() if item.kind == "image"]
    if len(photos) == 1:
        return photos[0]
    if not photos:
        reasons = "; ".join(f"'{name}': {reason}" for name, reason in list(draft.dropped.items())[:5])
        raise SchemaError(
            [
                f"The table {table.name} has no column of photos that the points could lie on. Name one with "
                f"--input COLUMN:image.{f' Left out were {reasons}.' if reasons else ''}"
            ]
        )
    names = ", ".join(f"'{name}'" for name in photos)
    raise SchemaError([f"The points lie on one photo a row, but {names} are all photos. Leave the others out with --drop."])


def _shared(table: Table, photo: str, box: Collection[str]) -> bool:
    """Whether a photo stands in several rows, each with a box: then the box says whose points the row holds."""
    return bool(box) and table.column(photo).values.drop_nulls().is_duplicated().any()


def _reason(points: PointColumns, doubt: str, boxes: Collection[str]) -> str:
    found = f"{len(points)} pairs of columns NAME_x and NAME_y"
    if boxes:
        found += "; a photo holds several animals, each found in its box"
    return f"{found}; photos are not mirrored: {doubt}" if doubt else found

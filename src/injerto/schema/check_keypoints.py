"""Problems of points to be found on photos: their columns, their pairs, where they lie, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injerto.errors import did_you_mean
from injerto.schema.check_point_columns import check_point_columns
from injerto.schema.check_points import check_points
from injerto.schema.check_subjects import check_subjects
from injerto.schema.facts import Facts
from injerto.schema.mirror import HOW_TO_DECLARE, MirrorPairs, pair_problems
from injerto.schema.point_labels import point_labels
from injerto.schema.problems import Problem
from injerto.schema.schema import Schema, Target
from injerto.table.framing import framing_of
from injerto.table.keypoints.columns import PointColumns, points_in, points_named
from injerto.table.keypoints.layout import BOX
from injerto.table.table import Table


def check_keypoints(schema: Schema, table: Table, facts: Mapping[str, Facts]) -> Iterator[Problem]:
    """All problems of the target whose labels are points. Looks at the headers of the photos."""
    if schema.points is None:
        return
    name, target = schema.points
    yield from _alone(schema, name, target)
    yield from _columns(target, table)
    for problem in pair_problems(target.points, target.mirror):
        yield Problem("error", name, problem)
    if "not mirrored" in target.reason and not target.mirror:
        yield Problem("warning", name, f"{target.reason.split('; ', 1)[-1].capitalize()}")
    points = points_named(target.points, table.columns)
    if not points or target.photo not in table.columns:
        return
    used = {*schema.inputs, *schema.dropped, *(column for column in table.columns if column not in points.columns)}
    whole = points_in(table.columns)
    settled = [column for column in used if column in schema.dropped or column in schema.inputs]
    yield from check_point_columns(table, PointColumns(points.points, whole.halves, whole.repeated), settled=settled)
    photos = table.column(target.photo)
    sizes = framing_of(photos).sizes if facts[target.photo].family in ("text", "media") else None
    pairs = MirrorPairs(tuple(target.mirror), tuple(point for point in target.points), "" if target.mirror else HOW_TO_DECLARE)
    labels = point_labels(table.frame, points)
    yield from check_points(labels, points, rows=table.rows, sizes=sizes, pairs=pairs)
    if not target.box:
        yield from check_subjects(labels, photos)


def _alone(schema: Schema, name: str, target: Target) -> Iterator[Problem]:
    """A model of points reads one photo and finds points, nothing else."""
    others = [f"'{other}'" for other in schema.targets if other != name]
    if others:
        yield Problem(
            "error", name, f"Points are a model's only target, but there is {', '.join(others)}, too. Train one for each."
        )
    if not target.points:
        yield Problem("error", name, f"Target '{name}' names no points. List them: points = [\"nose\", ...].")
    photos = [column for column, item in schema.inputs.items() if item.kind == "image"]
    if target.photo is None or target.photo not in photos:
        near = did_you_mean(target.photo, photos) if target.photo is not None else ""
        named = "names no column of photos" if target.photo is None else f"names '{target.photo}' as the column of photos"
        yield Problem(
            "error",
            name,
            f"Target '{name}' {named} that the points lie on; it must be an input of kind image.{near} "
            f"The inputs: {', '.join(schema.inputs) or 'none'}.",
        )
    extra = [f"'{column}'" for column in schema.inputs if column != target.photo]
    if extra:
        yield Problem(
            "error", name, f"Points are found from the photo alone, but {', '.join(extra)} would be inputs. Leave them out."
        )
    if schema.training.mode == "probe":
        yield Problem("error", name, "Points have no probe: their networks learn whole. Leave the mode out.")


def _columns(target: Target, table: Table) -> Iterator[Problem]:
    found = points_in(table.columns)
    for point in target.points:
        if point not in found.names:
            near = did_you_mean(point, found.names)
            yield Problem("error", point, f"Point '{point}' has no columns '{point}_x' and '{point}_y' in the table.{near}")
    if target.box and len(target.box) != len(BOX):
        yield Problem(
            "error", target.box[0], f"A box has {len(BOX)} columns, left, top, width, height; found {len(target.box)}."
        )
    for column in target.box:
        if column not in table.columns:
            near = did_you_mean(column, table.columns)
            yield Problem("error", column, f"The column '{column}' of the box is not in the table {table.name}.{near}")
    if target.source is not None and target.source not in table.columns:
        near = did_you_mean(target.source, table.columns)
        yield Problem("error", target.source, f"The source of points '{target.source}' is not in the table {table.name}.{near}")

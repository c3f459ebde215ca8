"""Answers of a model of keypoints as files of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from injerto.cli.output import new_file, write_table
from injerto.errors import OutputError
from injerto.table.suffixes import TABLE_SUFFIXES

if TYPE_CHECKING:  # models bring torch along, and a verb's --help has no use for it
    from injerto.predict import Predictions
    from injerto.schema.schema import Schema

PointFormat = Literal["coco", "deeplabcut"]

_SUFFIXES: dict[PointFormat, str] = {"coco": ".json", "deeplabcut": ".csv"}


def answer_format(out: Path, format: PointFormat | None, *, force: bool) -> PointFormat | None:
    """The format of points that `out` is to be written in, None for a table.

    *Raises* OutputError, before the work, when it cannot be written.
    """
    told: PointFormat | None = format or ("coco" if out.suffix.lower() == _SUFFIXES["coco"] else None)
    new_file(out, suffixes=TABLE_SUFFIXES if told is None else (_SUFFIXES[told],), force=force)
    return told


def require_points(schema: Schema, format: PointFormat) -> None:
    """*Raises* OutputError when a model does not find points."""
    if schema.points is None:
        targets = ", ".join(f"'{name}' ({target.kind})" for name, target in schema.targets.items())
        raise OutputError(
            f"The format {format} holds points on photos, and this model answers {targets}. Write its answers to a table: "
            f"{', '.join(TABLE_SUFFIXES)}."
        )


def write_answers(out: Path, format: PointFormat | None, found: Predictions) -> tuple[str, ...]:
    """Write the answers; what had no place in the format comes back."""
    if format == "coco":
        return found.to_coco(out)
    if format == "deeplabcut":
        return found.to_deeplabcut(out)
    write_table(out, found.frame)
    return ()

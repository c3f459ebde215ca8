"""A table of photos of named individuals to a draft schema: which photo, which sighting, which flank."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from injerto.errors import ColumnError, SchemaError, did_you_mean
from injerto.schema.infer import infer
from injerto.schema.schema import Schema, Target
from injerto.table.table import Table

SIGHTINGS = ("sighting", "encounter", "sighting_id", "encounter_id", "occurrence", "occurrence_id", "burst")
"""Names of a column that says which photos were taken of one animal at one time."""
FLANKS = ("flank", "side", "viewpoint", "body_side")
"""Names of a column that says which side of the animal is seen."""
MULTIPLIERS = {"backbone": 0.4, "embedders": 1.0, "body": 0.1, "head": 1.0}
"""What reads the maps starts where it should be (see `learning/start_marks.py`), and the centres go where it leads."""
ROLES = {"sighting": "says which photos are of one sighting", "flank": "says which side of the animal is seen"}
"""Why a column is no input, by what it says of individuals."""
FROM_PHOTO_ALONE = "individuals are told from the photo alone"


def infer_individual(
    table: Table,
    *,
    targets: Mapping[str, str | None],
    inputs: Mapping[str, str | None],
    drop: Collection[str] = (),
    sighting: str | None = None,
    flank: str | None = None,
    group: str | None = None,
    time: str | None = None,
    split_column: str | None = None,
) -> Schema:
    """One target of kind individual, on the one column of photos; the other targets are learned beside it.

    `sighting` and `flank` are found by their names where they are not given.

    *Raises* SchemaError without exactly one column of photos, or with two targets that are individuals; ColumnError for columns
    that are not there.
    """
    refuse_absent(table, [name for name in (sighting, flank) if name is not None])
    named = [name for name, kind in targets.items() if kind == "individual"]
    if len(named) != 1:
        both = " and ".join(f"'{name}'" for name in named)
        raise SchemaError([f"A model tells apart the individuals of one column, but {both} are asked for. Train one for each."])
    taken = {*targets, *inputs, *drop}
    sighting = sighting or _named(table, SIGHTINGS, taken)
    flank = flank or _named(table, FLANKS, taken)
    draft = infer(table, targets=targets, inputs=inputs, drop=drop, group=group, time=time, split_column=split_column)
    photo = _photo(draft, table)
    found = [f"photos of one '{sighting}' are kept together" if sighting else "", f"'{flank}' says which side" if flank else ""]
    reason = "; ".join(["declared", *(words for words in found if words)])
    target = Target(kind="individual", reason=reason, photo=photo, sighting=sighting, flank=flank)
    roles = {sighting: ROLES["sighting"], flank: ROLES["flank"]}
    others = dict.fromkeys((name for name in draft.inputs if name != photo), FROM_PHOTO_ALONE)
    roles = {name: why for name, why in roles.items() if name is not None and name not in targets}
    return draft.model_copy(
        update={
            "targets": {named[0]: target} | {name: one for name, one in draft.targets.items() if name != named[0]},
            "inputs": {photo: draft.inputs[photo]},
            "dropped": draft.dropped | others | roles,
            "training": draft.training.model_copy(update={"multipliers": MULTIPLIERS}),
        }
    )


def _named(table: Table, names: Collection[str], taken: Collection[str]) -> str | None:
    return next((column for column in table.columns if column.lower() in names and column not in taken), None)


def _photo(draft: Schema, table: Table) -> str:
    photos = [name for name, item in draft.inputs.items() if item.kind == "image"]
    if len(photos) == 1:
        return photos[0]
    if not photos:
        raise SchemaError(
            [
                f"The table {table.name} has no column of photos to tell individuals by. Name one with --input COLUMN:image. "
                f"Its columns: {', '.join(table.columns[:20])}."
            ]
        )
    names = ", ".join(f"'{name}'" for name in photos)
    raise SchemaError(
        [f"Individuals are told by one photo a row, but {names} are all photos. Leave the others out with --drop."]
    )


def refuse_absent(table: Table, names: Collection[str]) -> None:
    """*Raises* ColumnError naming the nearest of each of `names` that is not a column of `table`."""
    missing = [name for name in names if name not in table.columns]
    if missing:
        said = [f"The table {table.name} has no column '{name}'.{did_you_mean(name, table.columns)}" for name in missing]
        raise ColumnError("\n".join([*said, f"Its columns: {', '.join(table.columns[:50])}."]))

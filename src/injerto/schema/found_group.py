"""A draft schema with the group that is sure, where nobody said how the rows are to be divided."""

from __future__ import annotations

from injerto.schema.facts import facts_of
from injerto.schema.infer import DECLARED, GROUP_ROLE, LEFT_OUT
from injerto.schema.schema import Schema
from injerto.schema.ties import same_file, tie_in
from injerto.table.table import Table


def with_found_group(table: Table, draft: Schema) -> Schema:
    """The draft, its rows grouped by what ties them for sure; as it was where nothing does."""
    if draft.individual is not None and draft.individual[1].sighting is not None:
        return draft
    facts = facts_of(table)
    tie = tie_in(draft, table, facts)
    if tie is None or not tie.sure:
        tie = same_file(draft, table, facts)
    if tie is None:
        return draft
    grouping = tie.grouping
    group = {
        "group": grouping.column,
        "group_part": grouping.part,
        "group_seconds": grouping.seconds,
        "group_reason": tie.reason,
    }
    split = draft.split.model_copy(update=group)
    item = draft.inputs.get(grouping.column)
    if item is not None and (item.kind in ("image", "sound") or item.reason == DECLARED):
        return draft.model_copy(update={"split": split})
    inputs = {name: one for name, one in draft.inputs.items() if name != grouping.column}
    dropped = draft.dropped if draft.dropped.get(grouping.column) == LEFT_OUT else draft.dropped | {grouping.column: GROUP_ROLE}
    return draft.model_copy(update={"split": split, "inputs": inputs, "dropped": dropped})

"""What is likely to tie rows together, and is proposed: labels do not bear it out, or it may be what a model is to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from injerto.schema.name_parts import counted_parts, folder_part, word_parts
from injerto.schema.named_rows import NamedRows
from injerto.schema.one_label import without_labels
from injerto.schema.sure import FEWEST_GROUPS, numbered
from injerto.schema.tie import Tie, column_like
from injerto.table.grouping import Grouping
from injerto.table.table import Table

FEWEST_WORDS = 3
FEWEST_OF_A_WORD = 5
"""A word in fewer names is a remark rather than a person or a place."""


def likely_tie(rows: NamedRows, table: Table) -> Tie | None:
    """A number before a counter; a folder that is no class; a word between other parts, as of a speaker."""
    for part in reversed(counted_parts(rows.names)):  # the longest part ties least
        bare = _bare(part.parts, rows)
        if _several(part.parts) >= FEWEST_GROUPS and numbered(bare) and len(set(bare)) > rows.most_codes:
            return Tie(Grouping(rows.column, part=part.pattern), False, f"{rows.shared(part.parts)}.")
    folder = folder_part(rows.names)
    if folder is not None and _several(folder.parts) >= FEWEST_GROUPS and any(_bare(folder.parts, rows)):
        reason = f"{rows.shared(folder.parts, by='lie in a folder with others')}."
        return Tie(Grouping(rows.column, part=folder.pattern), False, reason, heavy=False)
    for part in word_parts(rows.names):
        sizes = Counter(part.parts)
        if len(sizes) >= FEWEST_WORDS and min(sizes.values()) >= FEWEST_OF_A_WORD and any(_bare(part.parts, rows)):
            grouping = Grouping(rows.column, part=part.pattern)
            column = column_like(table, grouping, {rows.column, rows.target})
            return Tie(Grouping(column) if column else grouping, False, f"{rows.shared(part.parts)}.", heavy=False)
    return None


def _several(parts: Sequence[str]) -> int:
    """Groups of more than one name."""
    return sum(size > 1 for size in Counter(parts).values())


def _bare(parts: Sequence[str], rows: NamedRows) -> list[str]:
    """The parts without what says the label."""
    return without_labels(parts, rows.labels, rows.most_codes) if rows.target else list(parts)

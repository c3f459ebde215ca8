"""When a group that was found is sure enough to divide the rows by it unasked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from injerto.schema.named_rows import NamedRows
from injerto.schema.one_label import OneLabel, groups_of_labels, one_label, without_labels

FEWEST_GROUPS = 10
"""With fewer groups of several rows, the score depends on which of them are held out."""
FEWEST_BY_CHANCE = 10
"""So many rows at least would have another label than their group if labels were dealt at random."""
SPREAD, SPREAD_GROUPS = 0.9, 3
"""Share of the rows whose label stands in so many groups: one to train, one to tune, one to test."""
MET_TWICE = 0.5
"""Of individuals: share of the rows whose individual was met in two groups, so that it can be found again."""
NUMBERED = 0.98


def sure_name_part(parts: Sequence[str], rows: NamedRows) -> bool:
    """A part of the names: what is left of it without the label must have one label, too, and hold a number.

    In 0_george_7 each 0_george has one digit, as it says the digit; george has not. Words alone name breeds, places and
    speakers, which a model may be meant to know.
    """
    if not (borne_out(one_label(parts, rows.labels)) and spread(parts, rows.labels, individual=rows.individual)):
        return False
    bare = without_labels(parts, rows.labels, rows.most_codes)
    return numbered(bare) and borne_out(one_label(bare, rows.labels))


def borne_out(found: OneLabel) -> bool:
    """Whether many groups have one label each, and not by chance."""
    return found.groups >= FEWEST_GROUPS and found.holds and found.by_chance >= FEWEST_BY_CHANCE


def spread(groups: Sequence[str], labels: Sequence[str | None], *, individual: bool) -> bool:
    """Whether labels stand in groups enough to be learned from some and tested on others."""
    share, fewest = (MET_TWICE, 2) if individual else (SPREAD, SPREAD_GROUPS)
    of = groups_of_labels(groups, labels)
    known = [label for label in labels if label is not None]
    return sum(of[label] >= fewest for label in known) >= share * len(known)


def numbered(parts: Sequence[str]) -> bool:
    """Whether nearly all parts hold a number."""
    return sum(re.search(r"\d", part) is not None for part in parts) >= NUMBERED * len(parts)

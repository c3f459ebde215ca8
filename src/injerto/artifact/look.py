"""One look at the rows that test a model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """`when` in UTC, `by` which verb, in which table, and how many `rows` of the test rows that there are (`of`)."""

    when: str
    by: str
    table: str
    rows: int
    of: int

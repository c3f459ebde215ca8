"""A lone -9999 is found, and a measurement that happens to be 999 is not taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from injerto.schema.extremes import marks_of_missing
from injerto.table.table import Table

LENGTHS = [0.1 + row / 10 for row in range(40)]


def said(cells: list[Any]) -> list[str]:
    return [problem.message for problem in marks_of_missing(Table.of({"x": cells}).column("x"), "Input")]


def test_a_mark_is_named_with_its_cells_and_the_span_of_the_rest() -> None:
    assert said([*LENGTHS, -9999.0, -9999.0]) == [
        "Input 'x' is -9999 in 2 cells, the first in row 40, far from all other cells (0.1 to 4). "
        "If it means missing, leave these cells empty."
    ]


@pytest.mark.parametrize("mark", [-99, 999, -999, 9999, -9999, 99999, -99999])
def test_marks(mark: float) -> None:
    assert len(said([*LENGTHS, mark])) == 1
    assert len(said([*([7] * 40), mark])) == 1


def test_two_marks_are_two_warnings() -> None:
    assert [words.split(" in ")[0] for words in said([-999, *LENGTHS, -9999])] == ["Input 'x' is -999", "Input 'x' is -9999"]


@pytest.mark.parametrize(
    "cells",
    [
        [*LENGTHS, 99],
        [*LENGTHS, -9998.0],
        [*range(900, 1100)],
        [*LENGTHS, 700.0, 999.0],
        [*range(0, 4000, 100), 9999],
        [1.0, 2.0, -9999.0],
        [None, *LENGTHS],
    ],
    ids=["99", "no run of 9s", "among others", "a long tail", "wide", "few rows", "none"],
)
def test_measurements(cells: list[Any]) -> None:
    assert said(cells) == []

"""The design effect: how many rows count as one."""

import pytest
import torch

from injerto.heads.design_effect import design_effect, seen_together


def test_by_hand() -> None:
    wrong, unit = torch.tensor([True, True, True, False, False, False]), torch.tensor([0, 0, 0, 1, 1, 1])
    assert design_effect(wrong, unit) == 3  # all of a unit are wrong or none
    # one of the three of each unit: between them nothing, so the correlation is below 0
    assert design_effect(torch.tensor([True, False, False, True, False, False]), unit) == 1
    # means 2/3 and 0, of all 1/3: between (3/9 + 3/9) / 1 = 2/3; within (2/3 + 0) / 4 = 1/6; typical size (6 - 18 / 6) / 1 = 3;
    # correlation (2/3 - 1/6) / (2/3 + 2 / 6) = 1/2, and 1 + 2 * 1/2
    assert design_effect(torch.tensor([True, True, False, False, False, False]), unit) == pytest.approx(2)


def test_rows_alone_count_each_and_rows_of_one_unit_as_one() -> None:
    wrong = torch.tensor([True, False, False])
    assert design_effect(wrong, torch.arange(3)) == 1
    assert design_effect(wrong, torch.zeros(3)) == 3
    assert design_effect(torch.zeros(4, dtype=torch.bool), torch.tensor([0, 0, 1, 1])) == 2  # no error says nothing: careful


def test_units_of_unequal_size() -> None:
    """As rows see it: of sizes 1 and 3, (1 + 9) / 4."""
    assert design_effect(torch.tensor([True, False, False, False]), torch.tensor([0, 1, 1, 1])) == pytest.approx(2.5)


def test_a_row_of_a_large_unit_sees_many_together() -> None:
    # of 5 rows, 3 see 3 together and 2 see 2: (9 + 4) / 5
    assert seen_together(torch.tensor([7, 7, 7, 1, 1])) == pytest.approx(2.6)
    assert seen_together(torch.arange(4)) == 1
    assert seen_together(torch.tensor([], dtype=torch.int64)) == 1

"""Whether rows that share a group share their label, counted by hand."""

from __future__ import annotations

import pytest

from injerto.schema.one_label import groups_of_labels, one_label, without_labels


def test_rows_without_a_label_and_single_rows_count_for_nothing() -> None:
    found = one_label(["a", "a", "b", "c", "c"], ["x", None, "y", "x", "x"])
    assert (found.groups, found.rows, found.agreeing) == (1, 2, 2)
    # Three x and one y: two rows differ in 1 - 9/16 - 1/16 = 0.375 of cases.
    assert found.by_chance == pytest.approx(0.375)
    assert one_label([], []).share == 0


def test_agreement_proves_nothing_where_nearly_all_have_one_label() -> None:
    groups = [str(row // 2) for row in range(1000)]
    labels = ["common"] * 1000
    labels[::100] = ["rare"] * 10
    assert one_label(groups, labels).share > 0.98
    assert not one_label(groups, labels).holds
    assert one_label(groups, [str(row // 2 % 2) for row in range(1000)]).holds


@pytest.mark.parametrize(
    ("parts", "labels", "bare"),
    [
        (["dog_17", "cat_17"], ["dog", "cat"], ["17", "17"]),
        (["dog_bark_17", "rain_3"], ["dog bark", "rain"], ["17", "3"]),
        (["Dogs/xc12", "cats/xc13"], ["dogs", "cats"], ["xc 12", "xc 13"]),
        (["7", "8"], [None, None], ["7", "8"]),
    ],
)
def test_what_says_the_label_is_taken_out(parts: list[str], labels: list[str | None], bare: list[str]) -> None:
    assert without_labels(parts, labels, 1) == bare


def test_a_code_of_the_label_is_taken_out() -> None:
    parts = [f"{number}-{number % 3}" for number in range(60)] * 2
    labels = ["wren", "jay", "tit"] * 40
    assert without_labels(parts, labels, 6)[:3] == ["0", "1", "2"]


def test_groups_of_each_label() -> None:
    assert groups_of_labels(["a", "a", "b"], ["x", "x", "x"]) == {"x": 2}

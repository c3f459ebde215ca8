"""Rows labelled in a few ways are told from rows whose points go missing one by one."""

from __future__ import annotations

import numpy as np

from injerto.schema.label_patterns import Pattern, check_label_patterns, label_patterns

NAMES = [f"p{number}" for number in range(15)]


def faces() -> np.ndarray:
    """60 % of the rows carry 4 of 15 points, 35 % all, 5 % nothing."""
    known = np.zeros((200, 15), dtype=bool)
    known[:120, [0, 3, 7, 14]] = True
    known[120:190] = True
    return known


def test_two_annotators() -> None:
    known = np.random.default_rng(0).permutation(faces())
    everything = tuple(range(15))
    assert label_patterns(known) == [
        Pattern((0, 3, 7, 14), tuple(one for one in everything if one not in (0, 3, 7, 14)), 120, 120 / 190),
        Pattern(everything, (), 70, 70 / 190),
    ]
    (problem,) = check_label_patterns(known, NAMES)
    assert (problem.severity, problem.column) == ("warning", "")
    assert problem.message == (
        "Points: the labelled rows come in 2 patterns of which points are known: 63% of them have only 4 of 15 points "
        "('p0', 'p3', 'p7', 'p14'); 37% of them have all 15 points. Two annotators, or two collections in one table? They may "
        "also place the same point differently. If a column says where a row's labels are from, name it as the option 'source'."
    )


def test_a_few_odd_rows_do_not_hide_the_patterns() -> None:
    known = faces()
    known[:5, 3] = False
    known[120:125, 9] = False
    assert [pattern.rows for pattern in label_patterns(known)] == [115, 65]


def test_two_sides_of_an_animal() -> None:
    """Neither view has all points, but each lacks what the other has."""
    known = np.ones((60, 6), dtype=bool)
    known[:30, :2] = False
    known[30:, 2:4] = False
    assert [pattern.missing for pattern in label_patterns(known)] in ([(0, 1), (2, 3)], [(2, 3), (0, 1)])
    (problem,) = check_label_patterns(known, NAMES[:6])
    assert "50% of them have all but 2 of 6 points ('p0', 'p1')" in problem.message


def test_points_that_go_missing_one_by_one_are_no_pattern() -> None:
    random = np.random.default_rng(0)
    assert label_patterns(random.random((500, 15)) < 0.8) == []
    assert label_patterns(random.random((500, 4)) < 0.5) == []
    assert label_patterns(random.random((500, 3)) < [0.5, 1.0, 1.0]) == []
    tail = np.ones((100, 8), dtype=bool)
    tail[:40, 5] = False
    assert label_patterns(tail) == []


def test_rows_all_alike_or_too_few_are_no_patterns() -> None:
    assert label_patterns(np.ones((100, 5), dtype=bool)) == []
    assert label_patterns(np.zeros((100, 5), dtype=bool)) == []
    assert label_patterns(np.zeros((0, 5), dtype=bool)) == []
    assert label_patterns(faces()[110:125]) == []
    assert list(check_label_patterns(np.ones((100, 5), dtype=bool), NAMES[:5])) == []

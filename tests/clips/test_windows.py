"""The rule, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.clips.rule import ClipRule
from injerto.clips.windows import Marked, Windows, mark, tile
from injerto.errors import TableError
from injerto.table.annotations.selection import Selection

THREE = ClipRule(seconds=3)
NINE = tile(9.0, THREE)


def marked(*selections: tuple[float, float, str], windows: Windows = NINE, rule: ClipRule = THREE) -> Marked:
    return mark(windows, [(Selection(*one), "a.txt") for one in selections], [], rule)


def labels(found: Marked) -> dict[int, list[str]]:
    return {index: sorted(names) for index, names in sorted(found.labels.items())}


@pytest.mark.parametrize(
    ("duration_s", "rule", "starts"),
    [
        (9.0, THREE, [0, 3, 6]),
        (8.0, THREE, [0, 3, 5]),
        (9.0005, THREE, [0, 3, 6]),
        (3.0, THREE, [0]),
        (2.0, THREE, [0]),
        (5.0, ClipRule(seconds=3, hop_seconds=1), [0, 1, 2]),
        (9.0, ClipRule(seconds=2, hop_seconds=4), [0, 4, 7]),
    ],
)
def test_tiles(duration_s: float, rule: ClipRule, starts: list[float]) -> None:
    found = tile(duration_s, rule)
    assert found.starts.tolist() == starts
    assert found.ends.tolist() == [min(start + rule.seconds, duration_s) for start in starts]


def test_no_window_ends_after_its_recording() -> None:
    durations = np.random.default_rng(0).uniform(0.01, 20, 300)
    assert all(tile(duration_s, THREE).ends[-1] <= duration_s for duration_s in durations)


def test_a_day_of_windows_is_quick_and_exact() -> None:
    found = tile(86_400.0, ClipRule(seconds=3, hop_seconds=0.1))
    assert len(found) == 863_971
    assert found.starts[-1] == 86_397.0
    assert found.starts[3] == 0.3


def test_a_window_carries_what_covers_half_of_it() -> None:
    assert labels(marked((1.5, 7.4, "wren"))) == {0: ["wren"], 1: ["wren"]}
    assert marked((1.5, 7.4, "wren")).touched.tolist() == [True, True, True]


def test_a_window_carries_a_short_call_that_lies_half_in_it() -> None:
    assert labels(marked((2.9, 3.1, "tick"))) == {0: ["tick"], 1: ["tick"]}, "half of the call in each"
    assert labels(marked((2.9, 3.2, "tick"))) == {1: ["tick"]}
    assert marked((2.9, 3.2, "tick")).touched.tolist() == [True, True, False]


def test_a_point_is_carried_by_the_window_that_it_lies_in() -> None:
    assert labels(marked((4.0, 4.0, "click"))) == {1: ["click"]}
    assert labels(marked((3.0, 3.0, "click"))) == {1: ["click"]}
    assert labels(marked((0.0, 0.0, "click"))) == {0: ["click"]}


def test_what_only_meets_a_window_at_its_edge_does_not_touch_it() -> None:
    assert marked((3.0, 6.0, "wren")).touched.tolist() == [False, True, False]


def test_several_labels_and_their_sources() -> None:
    found = mark(NINE, [(Selection(0, 3, "wren; jay"), "a.txt"), (Selection(1, 2, "wren"), "b.txt")], [], THREE)
    assert found.labels == {0: {"wren": {"a.txt", "b.txt"}, "jay": {"a.txt"}}}


def test_what_cannot_be_used_touches_and_names_nothing() -> None:
    found = mark(NINE, [], [Selection(2.0, 4.0, "")], THREE)
    assert found.labels == {}
    assert found.touched.tolist() == [True, True, False]


def test_up_to_half_no_selection_is_lost_and_above_it_is_counted() -> None:
    generator = np.random.default_rng(1)
    starts, lengths = generator.uniform(0, 8, 200), generator.uniform(0, 8, 200)
    calls = [(start, min(start + length, 9.0), "x") for start, length in zip(starts, lengths, strict=True)]
    assert marked(*calls).uncarried == 0
    assert marked((2.5, 3.5, "x"), rule=ClipRule(seconds=3, overlap=0.8)).uncarried == 1


def test_windows_with_gaps_between_them_lose_what_is_in_a_gap() -> None:
    rule = ClipRule(seconds=2, hop_seconds=4)
    assert marked((2.5, 3.5, "x"), windows=tile(9.0, rule), rule=rule).uncarried == 1


def test_a_rule_that_cannot_be_names_everything_wrong_with_it() -> None:
    with pytest.raises(TableError, match=r"seconds must be more than 0, found 0; hop_seconds .*; overlap .* found 1.5; negat"):
        ClipRule(seconds=0, hop_seconds=-1, overlap=1.5, negatives=-1)
    with pytest.raises(
        TableError, match="none_label must be a word without ';', found 'a;b'; seed must be 0 or more, found -1"
    ):
        ClipRule(none_label="a;b", seed=-1)
    with pytest.raises(TableError, match="seconds must be more than 0, found nan"):
        ClipRule(seconds=float("nan"))

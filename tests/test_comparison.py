"""What a difference says in words: which is better by the figure's own direction, chance, and figures that aim at a value."""

from __future__ import annotations

import pytest

from injerto.comparison import Difference, TargetComparison


@pytest.mark.parametrize(
    ("found", "better", "words"),
    [
        (
            Difference("accuracy", 0.8, 0.831, (0.012, 0.05)),
            "B",
            "B is better: accuracy higher by 0.031 (0.012 to 0.05)",
        ),
        (Difference("accuracy", 0.8, 0.7, (-0.15, -0.05)), "A", "A is better: accuracy higher by 0.1 (0.05 to 0.15)"),
        (Difference("mae", 2.0, 1.5, (-0.8, -0.2)), "B", "B is better: mean absolute error lower by 0.5 (0.2 to 0.8)"),
        (
            Difference("accuracy", 0.8, 0.81, (-0.02, 0.04)),
            None,
            "no difference that these rows could show in accuracy: B - A is 0.01 (-0.02 to 0.04)",
        ),
        (
            Difference("accuracy", 0.8, 0.81, (0.0, 0.02)),
            None,
            "no difference that these rows could show in accuracy: B - A is 0.01 (0 to 0.02)",
        ),
        (
            Difference("in_circle", 0.9, 0.97, (0.04, 0.1)),
            None,
            "in the circle is higher in B by 0.07 (0.04 to 0.1), where near 0.9 is better",
        ),
        (
            Difference("mae", 2.0, 1.5, None),
            None,
            "too little to tell a difference in mean absolute error from chance: B - A is -0.5",
        ),
    ],
)
def test_a_difference_in_words(found: Difference, better: str | None, words: str) -> None:
    assert found.better == better
    assert found.words == words


def target(*figures: Difference, kind: str = "class", same: bool = False) -> TargetComparison:
    return TargetComparison("species", kind, 40, 40, (), {one.name: one for one in figures}, {}, same)


def test_the_main_figure_comes_first_and_others_follow_by_model() -> None:
    found = target(
        Difference("f1_macro", 0.8, 0.7, (-0.15, -0.05)),
        Difference("accuracy", 0.8, 0.9, (0.05, 0.15)),
        Difference("log_loss", 0.8, 0.4, (-0.5, -0.3)),
        Difference("ece", 0.8, 0.7, (-0.5, 0.3)),
    )
    first, *others = found.words
    assert first.startswith("B is better: accuracy")
    assert others == ["Better in A: f1_macro.", "Also better in B: log_loss."]


def test_nothing_to_compare_is_said() -> None:
    assert target().words == ["nothing to compare: the rows allow no figure that means the same for both models."]
    assert target(same=True).words == ["no difference at all: both models give the same answers."]


def test_groups_are_named() -> None:
    assert target().drawn == "40 rows"
    assert TargetComparison("x", "class", 40, 1, ("nest",), {}, {}, False).drawn == "1 group of 'nest'"
    assert TargetComparison("x", "class", 40, 9, ("nest", "site"), {}, {}, False).drawn == "9 groups of 'nest' and 'site'"

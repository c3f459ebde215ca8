"""The one sentence of a target, also where a figure could not be computed and is left out."""

import pytest

from injerto.report.headline import HEADLINES


@pytest.mark.parametrize("kind", HEADLINES)
def test_a_figure_that_is_missing_is_said_to_be_unknown(kind: str) -> None:
    sentence = HEADLINES[kind]({"rows": 1200, "intervals": {}, "baseline": {}}, "rows it never saw")
    assert sentence.count("an unknown figure") == 2
    assert "1,200 rows it never saw" in sentence


def test_figures_that_are_there_are_shown() -> None:
    score = {"rows": 10, "mae": 1.5, "intervals": {"mae": (1.0, 2.0)}, "baseline": {"mae": 4.0}}
    assert HEADLINES["number"](score, "rows") == (
        "Off by 1.5 on average on 10 rows (95 % interval 1 to 2). Always answering the mean is off by 4."
    )

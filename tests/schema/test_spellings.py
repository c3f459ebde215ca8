from __future__ import annotations

import pytest

from injerto.schema.spellings import spellings


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Wren", "wren", "WREN", "jay"], [["WREN", "Wren", "wren"]]),
        (["jay.", "jay", "(owl)", "owl"], [["(owl)", "owl"], ["jay", "jay."]]),
        (["Straße", "STRASSE"], [["STRASSE", "Straße"]]),
        (["A", "A+", "A-", "<5", ">5", "C", "C#"], []),
        (["?", "!", "."], []),
        ([], []),
    ],
)
def test_spellings(labels: list[str], expected: list[list[str]]) -> None:
    assert spellings(labels) == expected

from __future__ import annotations

import pytest

from injerto.schema.declaration import parse_declaration


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("species", ["species"], ("species", None)),
        ("species:class", ["species"], ("species", "class")),
        ("a:b", ["a:b"], ("a:b", None)),
        ("a:b", ["a", "a:b"], ("a:b", None)),
        ("a:b:number", ["a:b"], ("a:b", "number")),
        ("species: Class", ["species"], ("species", "class")),
        ("absent", ["species"], ("absent", None)),
    ],
)
def test_a_column_of_the_full_name_goes_first(text: str, columns: list[str], expected: tuple[str, str | None]) -> None:
    assert parse_declaration(text, columns) == expected

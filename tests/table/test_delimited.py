"""Text tables: delimiters, encodings, ragged rows, open quotes, names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injerto.errors import TableError
from injerto.table.delimited import read_delimited
from injerto.table.dialect import delimiter_of


def cells(text: str | bytes, name: str = "t.csv") -> dict[str, list[str]]:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_delimited(raw, name).frame.to_dict(as_series=False)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [["site", "note"], ["a", "x, y; z"], ["b", "w"]])
    if delimiter in ",;":
        text = text.replace("x, y; z", '"x, y; z"')
    assert cells(text) == {"site": ["a", "b"], "note": ["x, y; z", "w"]}


def test_a_semicolon_table_with_decimal_commas_is_not_taken_for_commas() -> None:
    assert delimiter_of("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n") == ";"


def test_one_column_may_hold_commas() -> None:
    assert cells("remark\nhello, world\nfoo\n") == {"remark": ["hello, world", "foo"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_every_usual_encoding(encoding: str) -> None:
    assert cells("especie,sitio\nñandú,Perú\nganso,España\n".encode(encoding))["especie"] == ["ñandú", "ganso"]


def test_windows_text_is_noted() -> None:
    notes = read_delimited("a,b\n“é”,1\n".encode("cp1252"), "t.csv").notes
    assert any("not UTF-8" in note for note in notes)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(end: str) -> None:
    assert cells(end.join(["a,b", "1,2", "3,4", ""])) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_quoted_newlines_delimiters_and_quotes() -> None:
    assert cells('a,b\n"x\ny","1,2"\n"say ""hi""",3\n') == {"a": ["x\ny", 'say "hi"'], "b": ["1,2", "3"]}


def test_a_bare_quote_inside_a_cell_is_kept() -> None:
    assert cells('a,b\n5" pipe,1\n') == {"a": ['5" pipe'], "b": ["1"]}


def test_blank_lines_are_passed_over_and_empty_last_cells_kept() -> None:
    assert cells("\n\na,b\n1,2\n\n3,\n   \n") == {"a": ["1", "3"], "b": ["2", ""]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3\n4,5\n", "line 3 has 1 cells, too few: '3'"),
        ("a,b\n1,2\n3,4,5\n", "line 3 has 3 cells, too many: '3,4,5'"),
        ('a,b\n"x\ny",2\n\n3\n', "line 5 has 1 cells"),
        ('a,b\n1,2\n3,"4\n5,6\n', "opens a quote on line 3 or after, and never closes it"),
        ('a,b\n1,2\n"3,4\n5,6\n', "opens a quote on line 3 or after"),
        ("a,b,a,b,c\n1,2,3,4,5\n", r"same name: 'a' \(2 times\), 'b' \(2 times\)"),
        ("a,b\n", r"column names \(a, b\) but no rows"),
        ("", "is empty: it has 0 bytes"),
        ("  \n\n", "is empty"),
    ],
)
def test_broken_tables_say_where(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        cells(text)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04rest", "zip or Excel file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"PAR1xxxx", r"name it \.parquet"),
        (b"a,b\n1,\x00\x01\x02\x03\n" * 9, "holds zero bytes"),
    ],
)
def test_binary_files_named_csv(raw: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        cells(raw)


def test_names_missing_in_the_header() -> None:
    table = read_delimited(b",mass,\n1,2,\n3,4,\n", "t.csv")
    assert table.frame.columns == ["unnamed_1", "mass"]  # the trailing delimiter made no column
    assert "unnamed_1" in table.notes[0]


def test_a_table_without_a_header_is_noted() -> None:
    assert "only numbers" in read_delimited(b"5.1,3\n4.9,2\n", "t.csv").notes[0]
    assert read_delimited(b"x,3\n4.9,2\n", "t.csv").notes == ()


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(str.strip),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_pythons_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    import csv
    import io

    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    assert list(zip(*cells(target.getvalue()).values(), strict=True)) == [tuple(row) for row in rows]

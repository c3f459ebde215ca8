"""Tables for the eye: columns with blanks between them."""

import pytest

from injerto.errors import TableError
from injerto.table.blanks import tabbed
from injerto.table.delimited import read_delimited


def cells(text: str) -> dict[str, list[str]]:
    return read_delimited(text.encode(), "birds").frame.to_dict(as_series=False)


def test_columns_that_stand_below_each_other() -> None:
    text = "mass_g   bird\n12.5     great tit\n9        wren\n"
    assert cells(text) == {"mass_g": ["12.5", "9"], "bird": ["great tit", "wren"]}
    assert "blanks between them" in read_delimited(text.encode(), "birds").notes[0]


def test_lone_blanks_part_numbers() -> None:
    assert cells("mass wing bird\n12 30 wren\n9 28 tit\n") == {
        "mass": ["12", "9"],
        "wing": ["30", "28"],
        "bird": ["wren", "tit"],
    }


def test_lone_blanks_do_not_part_names() -> None:
    assert cells("scientific name\nParus major\nPica pica\n") == {"scientific name": ["Parus major", "Pica pica"]}


def test_grey_levels_alone_are_one_column() -> None:
    assert cells("image\n1 2 3 4\n5 6 7 8\n") == {"image": ["1 2 3 4", "5 6 7 8"]}


def test_names_of_rows_as_r_writes_them() -> None:
    text = '"mass" "bird"\n"1" 12.5 "great tit"\n"2" 9 "wren"\n"3" 8  "wren"\n'
    assert cells(text) == {"unnamed_1": ["1", "2", "3"], "mass": ["12.5", "9", "8"], "bird": ["great tit", "wren", "wren"]}


def test_blank_lines_keep_the_count_of_lines() -> None:
    found = read_delimited(b"a  b\r\n1  2\r\n\r\n3  4\r\n", "t.txt")
    assert found.frame.to_dict(as_series=False) == {"a": ["1", "3"], "b": ["2", "4"]}
    assert found.lines is not None and found.lines.tolist() == [2, 4]


def test_decimal_commas_do_not_make_commas_the_delimiter() -> None:
    assert cells("mass  wing\n1,5   2,5\n2,0   3,5\n") == {"mass": ["1,5", "2,0"], "wing": ["2,5", "3,5"]}


def test_a_table_that_does_not_come_out_even_is_refused() -> None:
    with pytest.raises(TableError, match=r"columns \(mass, wing, bird\).*'9 tit' has 2 and not 3 of them. Save it with commas"):
        read_delimited(b"mass  wing  bird\n12  30  wren\n9        tit\n8  31  wren\n", "birds")


@pytest.mark.parametrize("text", ["remark\nhello  world\nfoo\n", "remark\n\n", "a\n1\n"])
def test_text_in_one_column_stays_as_it_is(text: str) -> None:
    assert tabbed(text, "t") is None


def test_a_quoted_cell_over_several_lines_is_left_alone() -> None:
    assert tabbed('a  b\n"1\n2"  3\n4  5\n', "t") is None


def test_columns_that_go_wrong_late_are_refused() -> None:
    text = "mass  bird\n" + "12  wren\n" * 300 + "13\n"
    with pytest.raises(TableError, match="'13' has 1 and not 2 of them"):
        tabbed(text, "birds")

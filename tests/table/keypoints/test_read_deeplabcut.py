"""DeepLabCut's tables of every layout, and what is wrong with those that cannot be read."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table.table import Table

OLD = """scorer,ann,ann,ann,ann
bodyparts,nose,nose,tail,tail
coords,x,y,x,y
labeled-data/run1/img0.png,1.5,2,,
labeled-data/run1/img7.png,3,4,5,6.25
"""
NEW = """scorer,,,ann,ann,ann,ann
bodyparts,,,nose,nose,tail,tail
coords,,,x,y,x,y
labeled-data,run1,img0.png,1.5,2,,
labeled-data,run1,img7.png,3,4,5,6.25
"""
FRAME = pl.DataFrame(
    {
        "photo": ["labeled-data/run1/img0.png", "labeled-data/run1/img7.png"],
        "nose_x": [1.5, 3.0],
        "nose_y": [2.0, 4.0],
        "tail_x": [None, 5.0],
        "tail_y": [None, 6.25],
    }
)
PAIR = """scorer,,,ann,ann,ann,ann,ann,ann
individuals,,,m1,m1,m2,m2,single,single
bodyparts,,,nose,nose,nose,nose,corner,corner
coords,,,x,y,x,y,x,y
labeled-data,run1,img0.png,1,2,3,4,,
labeled-data,run1,img1.png,,,,,,
labeled-data,run1,img2.png,,,5,6,7,8
"""


def read(tmp_path: Path, text: str, name: str = "CollectedData_ann.csv") -> Table:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    return Table.read(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        OLD,
        NEW,
        OLD.replace("/", "\\"),
        NEW.replace("\n", "\r\n"),
        NEW.replace(".", "#").replace("#png", ".png").replace(",", ";").replace("#", ","),
        '"scorer"' + OLD.removeprefix("scorer"),
        "\ufeff" + OLD,
    ],
    ids=["one column", "three columns", "Windows", "line ends", "decimal commas", "quotes", "mark"],
)
def test_labels_of_one_animal(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert table.frame.equals(FRAME)
    assert table.notes == (
        "Not there, counted from the folder of CollectedData_ann.csv: 2 of 2 photos, such as labeled-data/run1/img0.png.",
    )


def test_packed(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(NEW.encode()))
    assert Table.read(tmp_path / "a.csv.gz").frame.equals(FRAME)


def test_photos_beside_the_table(tmp_path: Path) -> None:
    place = tmp_path / "labeled-data" / "run1"
    place.mkdir(parents=True)
    (place / "img0.png").touch()
    (place / "img7.png").touch()
    table = read(tmp_path, NEW, "labeled-data/run1/CollectedData_ann.csv")
    assert table.frame["photo"].to_list() == ["img0.png", "img7.png"]
    assert table.notes == ()
    whole = read(tmp_path, NEW, "all.csv")
    assert whole.frame["photo"].to_list() == FRAME["photo"].to_list()
    assert whole.notes == ()


def test_bare_names_are_not_tried_for_photos_of_two_folders(tmp_path: Path) -> None:
    (tmp_path / "img0.png").touch()
    table = read(tmp_path, NEW.replace("run1,img7", "run2,img0"))
    assert table.frame["photo"].to_list() == ["labeled-data/run1/img0.png", "labeled-data/run2/img0.png"]


def test_what_a_network_found_on_photos(tmp_path: Path) -> None:
    text = "scorer,DLC,DLC,DLC\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\na/1.png,1,2,0.5\na/2.png,3,4,1\n"
    frame = read(tmp_path, text).frame
    assert frame.columns == ["photo", "nose_x", "nose_y", "nose_confidence"]
    assert frame["nose_confidence"].to_list() == [0.5, 1]


def test_one_row_an_individual(tmp_path: Path) -> None:
    table = read(tmp_path, PAIR)
    assert table.frame.drop("photo").rows() == [
        ("m1", 1, 2, None, None),
        ("m2", 3, 4, None, None),
        ("m2", 5, 6, None, None),
        ("single", None, None, 7, 8),
    ]
    assert table.columns == ["photo", "individual", "nose_x", "nose_y", "corner_x", "corner_y"]
    assert table.frame["photo"].str.tail(8).to_list() == ["img0.png", "img0.png", "img2.png", "img2.png"]
    assert table.notes[1:] == (
        "Individuals without any point on a photo give no row there: 5 of 9.",
        "Photos that show no individual give no row at all: 1 of 3.",
    )


def test_a_photo_without_points_stays_a_row_where_there_is_one_animal(tmp_path: Path) -> None:
    assert read(tmp_path, NEW.replace("1.5,2,,", ",,,")).frame["nose_x"].to_list() == [None, 3]


def test_photos_that_stand_twice(tmp_path: Path) -> None:
    assert read(tmp_path, NEW.replace("img7", "img0")).notes[1].startswith("1 of 2 lines about a photo that an earlier line")


def test_a_column_called_scorer_makes_no_table_of_deeplabcut(tmp_path: Path) -> None:
    assert read(tmp_path, "scorer,bodyparts\nann,nose\nbob,tail\n").columns == ["scorer", "bodyparts"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "scorer,D,D,D\nbodyparts,a,a,a\ncoords,x,y,likelihood\n0,1,2,1\n1,1,2,1\n",
            r"points on the frames of a video: its rows are named 0 to 1, and no photos .* extract the frames",
        ),
        (OLD.replace("coords,x,y,x,y\n", ""), r"must begin with the lines scorer, .* it begins with scorer, bodyparts\."),
        (OLD.replace("bodyparts", "coords", 1), r"it begins with scorer, coords, coords\. Was a line deleted"),
        (OLD.replace("ann,ann\n", "bob,bob\n", 1), r"labels of 2 scorers: ann, bob\. Keep the columns of one"),
        (OLD.replace("x,y,x,y", "x,y,x,z"), r"Column 5 of .* is 'z' of 'tail'; known are x, y, likelihood of a body part"),
        (OLD.replace("x,y,x,y", "x,y,x,x"), r"two columns for x of tail"),
        (OLD.replace("x,y,x,y", "x,y,x,likelihood"), r"no column for y of tail"),
        (OLD.replace("3,4,5", "3,4,five"), r"holds 'five' for x of tail; a number or nothing was expected"),
        (
            OLD.replace("3,4,5,6.25", "3,4,5,"),
            r"only one of x and y for tail in row 1 under the header \(from 0\), and so for 0 ",
        ),
        (OLD.replace("3,4,5,6.25", "3,4,5"), r"has 5 columns, but line 5 has 4 cells, too few"),
        ("".join(OLD.splitlines(keepends=True)[:3]), r"has body parts \(nose, tail\) but no rows"),
        (PAIR.replace("1,2,3,4,,", ",,,,,").replace(",,,5,6,7,8", ",,,,,,"), r"no point with a place in any row"),
        ("scorer,\nbodyparts,\ncoords,\na.png,\n", r"has no body parts"),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read(tmp_path, text)


def test_the_binary_twin_is_refused_with_the_way_to_the_csv(tmp_path: Path) -> None:
    (tmp_path / "CollectedData_ann.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(TableError, match=r"there is no CollectedData_ann\.csv here\. In Python, pandas\.read_hdf"):
        Table.read(tmp_path / "CollectedData_ann.h5")
    (tmp_path / "CollectedData_ann.csv").write_text(OLD)
    with pytest.raises(TableError, match=r"the same table lies beside it as CollectedData_ann\.csv\. Give that"):
        Table.read(tmp_path / "CollectedData_ann.h5")

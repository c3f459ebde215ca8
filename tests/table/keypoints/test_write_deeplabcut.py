"""What is written is what DeepLabCut writes, and comes back as it was."""

import io
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from injerto.errors import TableError
from injerto.table.keypoints.write_deeplabcut import write_deeplabcut
from injerto.table.table import Table

FRAME = pl.DataFrame(
    {
        "photo": ["labeled-data/run1/img0.png", "labeled-data/run1/img7.png"],
        "nose_x": [1.5, 3.0],
        "nose_y": [2.0, 0.1 + 0.2],
        "tail_x": [None, 5.0],
        "tail_y": [None, 6.25],
    }
)


def back(frame: pl.DataFrame, tmp_path: Path) -> pl.DataFrame:
    assert write_deeplabcut(frame, tmp_path / "a.csv") == ()
    return Table.read(tmp_path / "a.csv").frame


def test_by_hand(tmp_path: Path) -> None:
    write_deeplabcut(FRAME, tmp_path / "a.csv", scorer="ann")
    assert (tmp_path / "a.csv").read_text() == (
        "scorer,,,ann,ann,ann,ann\n"
        "bodyparts,,,nose,nose,tail,tail\n"
        "coords,,,x,y,x,y\n"
        "labeled-data,run1,img0.png,1.5,2.0,,\n"
        "labeled-data,run1,img7.png,3.0,0.30000000000000004,5.0,6.25\n"
    )


def test_it_comes_back(tmp_path: Path) -> None:
    assert back(FRAME, tmp_path).equals(FRAME)


@pytest.mark.parametrize("names", [["a.png", "b.png"], ["x/a, b.png", "y/c.png"], ["/full/path/to/a.png", "b.png"]])
def test_other_paths_come_back_too(tmp_path: Path, names: list[str]) -> None:
    frame = FRAME.with_columns(photo=pl.Series(names))
    assert back(frame, tmp_path).equals(frame)


def test_confidences_come_back_as_likelihoods(tmp_path: Path) -> None:
    frame = FRAME.select(
        "photo",
        "nose_x",
        "nose_y",
        pl.Series("nose_confidence", [0.5, 0.75]),
        "tail_x",
        "tail_y",
        pl.Series("tail_confidence", [None, 1.0]),
    )
    assert back(frame, tmp_path).equals(frame)
    assert (tmp_path / "a.csv").read_text().splitlines()[2] == "coords,,,x,y,likelihood,x,y,likelihood"


def test_individuals_come_back(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "photo": ["a/b/1.png", "a/b/1.png", "a/b/2.png"],
            "individual": ["m1", "m2", "m2"],
            "nose_x": [1.0, 2.0, 3.0],
            "nose_y": [4.0, 5.0, 6.0],
        }
    )
    assert back(frame, tmp_path).equals(frame)
    assert (tmp_path / "a.csv").read_text() == (
        "scorer,,,injerto,injerto,injerto,injerto\n"
        "individuals,,,m1,m1,m2,m2\n"
        "bodyparts,,,nose,nose,nose,nose\n"
        "coords,,,x,y,x,y\n"
        "a,b,1.png,1.0,4.0,2.0,5.0\n"
        "a,b,2.png,,,3.0,6.0\n"
    )


def test_pandas_reads_it_as_deeplabcut_does(tmp_path: Path) -> None:
    write_deeplabcut(FRAME, tmp_path / "a.csv", scorer="ann")
    found = pd.read_csv(tmp_path / "a.csv", index_col=[0, 1, 2], header=[0, 1, 2])
    assert found.index[0] == ("labeled-data", "run1", "img0.png")
    assert found[("ann", "tail", "y")].to_list()[1] == 6.25
    again = io.StringIO()
    found.to_csv(again)
    (tmp_path / "b.csv").write_text(again.getvalue())
    assert Table.read(tmp_path / "b.csv").frame.equals(FRAME)


def test_what_has_no_place_is_said(tmp_path: Path) -> None:
    frame = FRAME.with_columns(site=pl.lit("x"), nose_visible=pl.lit(True))
    assert write_deeplabcut(frame, tmp_path / "a.csv") == (
        "Not written, as DeepLabCut has no place for it: site.",
        "Not written, as DeepLabCut has no place for it: what the columns NAME_visible say.",
    )


def test_photos_are_counted_from_the_new_file(tmp_path: Path) -> None:
    write_deeplabcut(FRAME, tmp_path / "out" / "a.csv", folder=tmp_path)
    assert Table.read(tmp_path / "out" / "a.csv").frame["photo"][0] == "../labeled-data/run1/img0.png"


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            FRAME.with_columns(photo=pl.lit("a.png")),
            r"Rows 0 and 1 \(from 0\) are both about the photo a\.png; .* 'individual'",
        ),
        (
            FRAME.with_columns(photo=pl.lit("a.png"), individual=pl.lit("m1")),
            r"both about the individual 'm1' on the photo a\.png",
        ),
        (FRAME.with_columns(individual=pl.Series(["a", None])), r"Column 'individual' is empty in row 1"),
        (FRAME.drop("photo"), r"has no column 'photo' of photos"),
        (FRAME.select("photo"), r"has no point"),
    ],
)
def test_tables_that_cannot_be_written(tmp_path: Path, frame: pl.DataFrame, said: str) -> None:
    with pytest.raises(TableError, match=said):
        write_deeplabcut(frame, tmp_path / "a.csv")

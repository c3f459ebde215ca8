"""Names of individuals with what they may not be compared with, as one column."""

import hashlib
import os
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from injerto.heads.individual_column import asked_in, individual_column, names_in, photo_digest
from injerto.schema.schema import Target
from injerto.table.table import Table

TARGET = Target(kind="individual", photo="photo", sighting="day", flank="side")


def photo(path: Path, level: int) -> str:
    Image.new("RGB", (8, 8), (level, level, level)).save(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_names_sightings_flanks_and_digests(tmp_path: Path) -> None:
    first = photo(tmp_path / "a.png", 10)
    second = photo(tmp_path / "b.png", 20)
    frame = {
        "photo": ["a.png", "b.png", "gone.png", None],
        "animal": ["Zoe\u0308", " Zo\u00eb ", "", None],
        "day": [1.0, 2.0, None, 3.0],
        "side": ["left", " ", "right", None],
    }
    column = individual_column("animal", Table.of(pl.DataFrame(frame), folder=tmp_path), TARGET)
    assert names_in(column).to_list() == ["Zo\u00eb", "Zo\u00eb", None, None]
    asked = asked_in(column)
    assert asked.sightings == ["1", "2", None, "3"]
    assert asked.flanks == ["left", None, "right", None]
    assert asked.digests == [first, second, None, None]
    assert column.take(np.array([2])).values.struct.field("flank").to_list() == ["right"]


def test_what_is_not_in_the_table_is_not_known(tmp_path: Path) -> None:
    photo(tmp_path / "a.png", 10)
    column = individual_column("animal", Table.of({"photo": ["a.png", "a.png"]}, folder=tmp_path), TARGET)
    assert names_in(column).to_list() == [None, None]
    assert names_in(column).dtype == pl.String
    asked = asked_in(column)
    assert asked.sightings == asked.flanks == [None, None]
    assert asked.digests[0] == asked.digests[1] is not None


def test_a_digest_is_of_the_bytes_wherever_they_are(tmp_path: Path) -> None:
    digest = photo(tmp_path / "a.png", 10)
    content = (tmp_path / "a.png").read_bytes()
    assert photo_digest("a.png", tmp_path) == photo_digest(content, tmp_path) == digest
    assert photo_digest({"bytes": content, "path": "a.png"}, tmp_path) == digest
    assert photo_digest("gone.png", tmp_path) is None
    assert photo_digest(None, tmp_path) is None


def test_a_file_that_has_changed_has_another_digest(tmp_path: Path) -> None:
    before = photo(tmp_path / "a.png", 10)
    assert photo_digest("a.png", tmp_path) == before
    after = photo(tmp_path / "a.png", 20)
    os.utime(tmp_path / "a.png", ns=(1, 1))
    assert photo_digest("a.png", tmp_path) == after != before

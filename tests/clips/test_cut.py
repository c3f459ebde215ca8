"""From annotations and recordings to a table of clips: what is in it, and that nothing is left out in silence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import injerto
from injerto.clips.cut import clips
from injerto.clips.rule import ClipRule
from injerto.errors import TableError, TableNotFoundError
from made_media import sound, tone

RAVEN = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tSpecies\n"
ALL = ClipRule(negatives=1000.0)


def record(folder: Path, name: str, seconds: float) -> None:
    path = folder / "sounds" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sound(tone(seconds, rate_hz=1000, frequency_hz=100), 1000))


def marks(folder: Path, name: str, text: str) -> Path:
    path = folder / "marks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def raven(*selections: tuple[object, object, str]) -> str:
    return RAVEN + "".join(f"{i}\tSpectrogram 1\t1\t{a}\t{b}\t1\t2\t{label}\n" for i, (a, b, label) in enumerate(selections, 1))


def rows(found: injerto.Clips) -> list[tuple[object, ...]]:
    return found.frame.select("recording", "start_s", "end_s", "label").rows()


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """Two recordings with annotations, one without."""
    record(tmp_path, "site/a.wav", 12.0)
    record(tmp_path, "b.wav", 7.0)
    record(tmp_path, "nobody.wav", 3.0)
    marks(tmp_path, "a.Table.1.selections.txt", raven((1, 2, "wren"), (5.0, 6.8, "jay"), (1.5, 2.5, "jay")))
    marks(tmp_path, "b.txt", "6.0\t6.5\twren\n")
    return tmp_path


def test_the_table(field: Path) -> None:
    found = clips(field / "marks", field / "sounds", ALL, folder=field)
    assert rows(found) == [
        ("sounds/b.wav", 0.0, 3.0, "none"),
        ("sounds/b.wav", 3.0, 6.0, "none"),
        ("sounds/b.wav", 4.0, 7.0, "wren"),
        ("sounds/site/a.wav", 0.0, 3.0, "jay;wren"),
        ("sounds/site/a.wav", 3.0, 6.0, "jay"),
        ("sounds/site/a.wav", 9.0, 12.0, "none"),
    ]
    assert found.frame["source"].to_list()[2:4] == ["marks/b.txt", "marks/a.Table.1.selections.txt"]
    assert found.labels == {"wren": 2, "jay": 2}
    assert (found.negatives, found.ambiguous, found.uncarried) == (3, 1, 0)
    assert found.unannotated == ["nobody.wav"]
    assert found.unused == []
    assert found.target == "label:classes"
    assert found.table.column("recording").folder == field


def test_paths_start_from_where_the_table_goes(field: Path) -> None:
    found = clips(field / "marks", field / "sounds", folder=field / "out" / "deep")
    assert found.frame["recording"][-1] == "../../sounds/site/a.wav"
    assert found.frame["source"][-1] == "../../marks/a.Table.1.selections.txt"


def test_negatives_are_seeded_and_touch_no_selection(tmp_path: Path) -> None:
    record(tmp_path, "a.wav", 300.0)
    calls = [(start, start + 1.5, "wren") for start in range(2, 150, 11)]
    marks(tmp_path, "a.txt", raven(*calls))

    def drawn(seed: int) -> list[tuple[object, ...]]:
        found = clips(tmp_path / "marks", tmp_path / "sounds", ClipRule(negatives=2.0, seed=seed), folder=tmp_path)
        positives = len(found.frame.filter(pl.col("label") != "none"))
        assert found.negatives == 2 * positives
        silent = found.frame.filter(pl.col("label") == "none")
        for start_s, end_s in silent.select("start_s", "end_s").iter_rows():
            assert not any(start_s < call[1] and call[0] < end_s for call in calls)
        return rows(found)

    assert drawn(1) == drawn(1) != drawn(2)


def test_no_negatives(field: Path) -> None:
    assert clips(field / "marks", field / "sounds", ClipRule(negatives=0)).negatives == 0


def test_what_cannot_be_used_is_listed_and_its_place_is_not_called_silent(tmp_path: Path) -> None:
    record(tmp_path, "a.wav", 12.0)
    marks(tmp_path, "a.txt", raven((0, 2, "wren"), (4, 5, ""), (11, 13, "jay"), (20, 21, "jay"), (2, 12.05, "owl")))
    found = clips(tmp_path / "marks", tmp_path / "sounds", ALL, folder=tmp_path)
    assert [str(entry) for entry in found.unused] == [
        "marks/a.txt, line 3: no label",
        "marks/a.txt, line 4: ends at 13 s, but a.wav lasts 12.00 s",
        "marks/a.txt, line 5: ends at 21 s, but a.wav lasts 12.00 s",
    ]
    assert found.ledger.columns == ["file", "line", "reason"]
    alone = clips(marks(tmp_path, "a.txt", raven((0, 2, "wren"), (4, 5, ""))), tmp_path / "sounds", ALL, folder=tmp_path)
    assert [row[1] for row in rows(alone) if row[3] == "none"] == [6.0, 9.0]
    assert alone.ambiguous == 1


def test_a_line_without_a_place_keeps_its_recording_from_being_called_silent(tmp_path: Path) -> None:
    record(tmp_path, "a.wav", 12.0)
    marks(tmp_path, "a.txt", raven((0, 2, "wren"), ("soon", 5, "jay")))
    found = clips(tmp_path / "marks", tmp_path / "sounds", ALL)
    assert (found.labels, found.negatives, len(found.unused)) == ({"wren": 1}, 0, 1)


def test_a_table_without_selections_says_that_its_recording_is_silent(field: Path) -> None:
    record(field, "calm.wav", 6.0)
    marks(field, "calm.selections.txt", RAVEN)
    found = clips(field / "marks", field / "sounds", ALL, folder=field)
    assert [row[1:] for row in rows(found) if row[0] == "sounds/calm.wav"] == [(0.0, 3.0, "none"), (3.0, 6.0, "none")]


def test_a_selection_that_says_none_is_a_clip_without_a_call(tmp_path: Path) -> None:
    record(tmp_path, "a.wav", 9.0)
    marks(tmp_path, "a.txt", raven((0, 3, "none"), (3, 6, "none"), (3, 6, "wren")))
    found = clips(tmp_path / "marks", tmp_path / "sounds", ClipRule(negatives=1))
    assert [row[3] for row in rows(found)] == ["none", "wren"]


def test_a_table_of_several_recordings(field: Path) -> None:
    header = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tBegin File\tFile Offset (s)\tSpecies\n"
    lines = "1\tSpectrogram 1\t1\t1\t2\ta.wav\t1\twren\n2\tSpectrogram 1\t1\t13\t14\tb.wav\t1\tjay\n"
    lost = "".join(f"{i}\tSpectrogram 1\t1\t22\t23\tc.wav\t1\tjay\n" for i in (3, 4))
    file = marks(field, "all.txt", header + lines + lost)
    found = clips(file, field / "sounds", ClipRule(negatives=0), folder=field)
    assert rows(found) == [("sounds/b.wav", 0.0, 3.0, "jay"), ("sounds/site/a.wav", 0.0, 3.0, "wren")]
    assert [str(entry) for entry in found.unused] == [
        f"marks/all.txt: no recording 'c.wav' below {field / 'sounds'}. 2 selections of it not used."
    ]


def test_times_in_another_unit_are_refused_and_nothing_of_that_file_is_called_silent(field: Path) -> None:
    marks(field, "b.txt", raven((1000, 2000, "wren"), (4000, 6500, "wren")))
    found = clips(field / "marks", field / "sounds", ALL, folder=field)
    (entry,) = found.unused
    assert "2 of 2 selections end far beyond their recordings, such as 6500 in one of 7.0 s. As milliseconds" in entry.reason
    assert "sounds/b.wav" not in found.frame["recording"].to_list()


def test_files_that_are_no_annotations_and_recordings_that_are_no_sounds(field: Path) -> None:
    marks(field, "README.txt", "Marked in spring.\n")
    marks(field, "bad.txt", "1\t2\twren\n3\t4\twren\n")
    marks(field, "nobody.txt", "")
    (field / "sounds" / "bad.wav").write_text("not a sound")
    found = clips(field / "marks", field / "sounds", ALL, folder=field)
    listed = {entry.file: entry.reason for entry in found.unused}
    assert "its first line is 'Marked in spring.'" in listed["marks/README.txt"]
    assert "not a sound" in listed["sounds/bad.wav"]
    assert listed["marks/nobody.txt"] == "it is empty: it has 0 bytes."
    assert len(listed) == 3
    assert "sounds/nobody.wav" not in found.frame["recording"].to_list()


def test_two_annotators_of_one_recording(field: Path) -> None:
    second = marks(field, "second/a.txt", "0\t3\towl\n")
    found = clips([field / "marks" / "a.Table.1.selections.txt", second], field / "sounds", ClipRule(negatives=0), folder=field)
    assert found.frame.row(0)[3:] == ("jay;owl;wren", "marks/a.Table.1.selections.txt;marks/second/a.txt")


def test_a_table_of_clips_in_the_folder_is_passed_over(field: Path) -> None:
    clips(field / "marks", field / "sounds", folder=field / "marks").frame.write_csv(field / "marks" / "clips.csv")
    found = clips(field / "marks", field / "sounds", folder=field / "marks")
    assert found.notes[-1] == "passed over clips.csv: it is a table of clips already"
    assert found.unused == []


def test_nothing_to_cut(field: Path) -> None:
    with pytest.raises(TableNotFoundError, match=r"no annotations at .*mark. Did you mean 'marks'\?"):
        clips(field / "mark", field / "sounds")
    with pytest.raises(TableError, match=r"holds no annotations; they end in .csv, .tab, .tsv, .txt"):
        clips(field / "sounds", field / "sounds")
    with pytest.raises(TableError, match=r"no clip carries a label. What could not be used:\n  - .*z.txt: no recording 'z'"):
        clips(marks(field, "z.txt", "1\t2\twren\n"), field / "sounds", folder=field)
    with pytest.raises(TableError, match="All selections are called 'none', or there are none"):
        clips(marks(field, "b.txt", RAVEN), field / "sounds")
    with pytest.raises(TableError, match="No annotations were given"):
        clips([], field / "sounds")


def test_a_film_among_the_recordings_is_listed_once(field: Path) -> None:
    (field / "sounds" / "film.wav").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(200))
    marks(field, "film.Table.1.selections.txt", raven((1, 2, "wren"), (3, 4, "jay")))
    found = clips(field / "marks", field / "sounds", ALL, folder=field)
    (unused,) = [str(one) for one in found.unused if "film" in str(one)]
    assert "an MP4 video" in unused
    assert found.unannotated == ["nobody.wav"]

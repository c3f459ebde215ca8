"""Files of selections as programs write them and people spoil them, recognised by what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from injerto.errors import TableError
from injerto.table.annotations.read import read_annotations
from injerto.table.annotations.selection import Annotations, Selection

RAVEN = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tSpecies\n"


def read(tmp_path: Path, content: str | bytes, name: str = "a.txt", label: str | None = None) -> Annotations:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_annotations(path, label=label)


def selections(found: Annotations) -> list[Selection | None]:
    return [line.selection for line in found.lines]


def reasons(found: Annotations) -> list[tuple[int, str]]:
    return [(line.number, line.reason) for line in found.lines if line.reason]


def test_a_raven_table(tmp_path: Path) -> None:
    found = read(tmp_path, RAVEN + "1\tSpectrogram 1\t1\t1.5\t2.25\t1000\t4000.5\tGreat tit\n")
    assert found.format == "raven"
    assert selections(found) == [Selection(1.5, 2.25, "Great tit", 1000.0, 4000.5)]
    assert [line.number for line in found.lines] == [2]
    assert found.notes == ("labels from the column 'Species'",)


def test_a_selection_in_two_views_and_two_channels_counts_once_and_keeps_its_frequencies(tmp_path: Path) -> None:
    views = ["Waveform 1\t1", "Spectrogram 1\t1", "Waveform 2\t2", "Spectrogram 2\t2"]
    edges = ["\t", "1000\t2000"] * 2
    lines = "".join(f"7\t{view}\t3.0\t4.0\t{hz}\twren\n" for view, hz in zip(views, edges, strict=True))
    assert selections(read(tmp_path, RAVEN + lines)) == [Selection(3.0, 4.0, "wren", 1000.0, 2000.0)]


def test_tables_joined_by_hand_repeat_their_numbers_and_keep_their_selections(tmp_path: Path) -> None:
    found = read(tmp_path, RAVEN + "1\tSpectrogram 1\t1\t1\t2\t0\t1\twren\n1\tSpectrogram 1\t1\t5\t6\t0\t1\twren\n")
    assert len(found.lines) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (RAVEN + "1\tSpectrogram 1\t1\t1,5\t2,5\t10\t20\tP\u00e1jaro\n").encode(),
        (RAVEN + "1\tSpectrogram 1\t1\t1,5\t2,5\t10\t20\tP\u00e1jaro\n").encode("latin-1"),
        (RAVEN + "1\tSpectrogram 1\t1\t1.5\t2.5\t10\t20\tP\u00e1jaro\n").encode("utf-16"),
        (RAVEN + "1\tSpectrogram 1\t1\t1.5\t2.5\t10\t20\tP\u00e1jaro\n").replace("\n", "\r\n").encode(),
        (RAVEN + "\n1\tSpectrogram 1\t1\t1.5\t2.5\t10\t20\tP\u00e1jaro\n\n").replace("\n", "\r").encode(),
        (RAVEN + "1\tSpectrogram 1\t1\t1,5\t2,5\t10\t20\tP\u00e1jaro\n").replace("\t", ";").encode(),
        (RAVEN + '1\tSpectrogram 1\t1\t"1,5"\t2.5\t10\t20\t"P\u00e1jaro"\n').encode(),
    ],
    ids=["mark and commas", "latin-1", "utf-16", "crlf", "cr and blank lines", "semicolons", "quotes of a spreadsheet"],
)
def test_whatever_program_saved_it(tmp_path: Path, content: bytes) -> None:
    assert selections(read(tmp_path, content)) == [Selection(1.5, 2.5, "P\u00e1jaro", 10.0, 20.0)]


def test_a_lone_quote_in_a_note_swallows_no_lines(tmp_path: Path) -> None:
    found = read(tmp_path, RAVEN + '1\tSpectrogram 1\t1\t1\t2\t0\t1\t"wren\n2\tSpectrogram 1\t1\t3\t4\t0\t1\tjay\n')
    assert [line.selection.label for line in found.lines if line.selection] == ['"wren', "jay"]


def test_a_table_of_several_recordings_counts_from_the_start_of_each(tmp_path: Path) -> None:
    header = "Selection\tView\tChannel\tBegin File\tBegin Time (s)\tEnd Time (s)\tFile Offset (s)\tLabel\n"
    lines = "1\tSpectrogram 1\t1\ta.wav\t5.0\t6.0\t5.0\twren\n2\tSpectrogram 1\t1\tb.wav\t62.0\t63.5\t2.0\tjay\n"
    found = read(tmp_path, header + lines)
    assert [(line.recording, line.selection) for line in found.lines] == [
        ("a.wav", Selection(5.0, 6.0, "wren")),
        ("b.wav", Selection(2.0, 3.5, "jay")),
    ]
    with pytest.raises(TableError, match=r"names 2 recordings but has no column 'File Offset \(s\)'.*save the table again"):
        read(tmp_path, (header + lines).replace("File Offset (s)", "Mean"))
    spoiled = read(tmp_path, (header + lines).replace("\t2.0\t", "\t?\t"))
    assert reasons(spoiled) == [(3, "'File Offset (s)' is no number of seconds: '?'")]


def test_a_path_says_more_than_a_name(tmp_path: Path) -> None:
    header = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tBegin File\tBegin Path\tLabel\n"
    found = read(tmp_path, header + "1\tSpectrogram 1\t1\t1\t2\ta.wav\tC:\\site\\a.wav\twren\n")
    assert found.lines[0].recording == "C:\\site\\a.wav"


def test_an_audacity_track(tmp_path: Path) -> None:
    track = "1.000000\t2.500000\tgreat tit\n\\\t1500.0\t-1.000000\n3,25\t3,25\tclick\n4.0\t5.0\n"
    found = read(tmp_path, track)
    assert found.format == "audacity"
    assert selections(found) == [
        Selection(1.0, 2.5, "great tit", 1500.0, None),
        Selection(3.25, 3.25, "click"),
        Selection(4.0, 5.0, ""),
    ]
    assert reasons(found) == [(4, "no label")]


def test_bad_lines_of_a_track_are_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    track = (
        "\\\t1\t2\n1\t2\twren\n3\t2.5\tjay\nhello\n-1\t2\tjay\n5\tinf\tjay\n6\t1e999\tjay\n6\t7\tjay\n8\t9\tjay\n10\t11\tjay\n"
    )
    found = read(tmp_path, track)
    assert reasons(found) == [
        (1, "a line with the edges of a label, but no label above it to belong to"),
        (3, "ends before it starts: 3 s to 2.5 s"),
        (4, "the start is no number of seconds: 'hello'"),
        (5, "starts before the recording: at -1 s"),
        (6, "the end is no number of seconds: 'inf'"),
        (7, "the end is no number of seconds: '1e999'"),
    ]
    assert len(found.lines) - 6 == 4
    places = {line.number: line.selection for line in found.lines}
    assert places[3] == Selection(2.5, 3.0, "jay"), "an unusable line keeps its place, so that nothing is called silent there"


@pytest.mark.parametrize(
    "content",
    [
        "recording,start_s,end_s,label\nsite/a.wav,1,2,wren\n",
        "Start (s),End (s),Scientific name,Confidence,File\n1,2,wren,0.5,site/a.wav\n",
        'file;onset;offset;species\n"site/a.wav";1,0;2,0;wren\n',
        "filename\tstart_time\tend_time\tspecies\nsite/a.wav\t1\t2\twren\n",
    ],
    ids=["ours", "birdnet", "semicolons", "tabs"],
)
def test_plain_tables(tmp_path: Path, content: str) -> None:
    found = read(tmp_path, content, "list.csv")
    (line,) = found.lines
    assert (found.format, line.recording) == ("list", "site/a.wav")
    assert line.selection is not None
    assert (line.selection.start_s, line.selection.end_s, line.selection.label) == (1.0, 2.0, "wren")


def test_the_content_tells_the_format_whatever_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, RAVEN + "1\tSpectrogram 1\t1\t1\t2\t0\t1\twren\n", "labels.csv").format == "raven"
    assert read(tmp_path, "1\t2\twren\n", "x.Table.1.selections.txt").format == "audacity"


def test_a_header_alone_says_that_somebody_listened_and_found_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, RAVEN).lines == []
    assert read(tmp_path, "recording,start_s,end_s,label\n").lines == []


def test_the_column_of_labels(tmp_path: Path) -> None:
    header = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tAvg Power (dB)\t"
    line = "1\tSpectrogram 1\t1\t1\t2\t100\t-20\t"

    def labels(names: str, cells: str, wanted: str | None = None) -> list[str]:
        return [one.label for one in selections(read(tmp_path, f"{header}{names}\n{line}{cells}\n", label=wanted)) if one]

    assert labels("Annotation\tSpecies", "\twren") == ["wren"], "an empty Annotation is in every table of Raven"
    assert labels("Annotation\tSpecies", "song\twren") == ["song"]
    assert labels("Annotation\tSpecies", "song\twren", "Species") == ["wren"]
    assert labels("Bicho", "wren") == ["wren"], "the only column of words"
    with pytest.raises(TableError, match=r"no column that is known to hold labels\. Name one with --label; its columns: Sel"):
        labels("Bicho\tWho", "wren\tme")
    with pytest.raises(TableError, match=r"no column 'Specie'. Did you mean 'Species'\? Its columns: Selection, View"):
        labels("Annotation\tSpecies", "song\twren", "Specie")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty: it has 0 bytes"),
        (b"  \n", "it is empty: it has 3 bytes"),
        (b"RIFF\0\0\0\0", "is not text"),
        (b"Dear diary\n", "it holds no selections that are known: its first line is 'Dear diary'. Expected a Raven"),
        (b"recording,start_s,label\na,1,b\n", "no selections that are known"),
        (b"recording,start_s,end_s,label,source\na.wav,0,3,wren,a.txt\n", "a table of clips as 'injerto clips' writes them"),
        (b'recording,start_s,end_s,label\n"a.wav,1,2,wren\n', "opens a quote on line 1 or after, and never closes it"),
    ],
)
def test_files_that_hold_no_selections(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        read(tmp_path, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read: No such file"):
        read_annotations(tmp_path / "a.txt")

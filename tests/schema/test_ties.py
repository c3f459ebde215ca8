"""Names that tie rows for sure, names that are likely to, and names that must not be taken for groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from injerto.schema.facts import facts_of
from injerto.schema.schema import Input, Schema, Target
from injerto.schema.tie import Tie
from injerto.schema.ties import same_file, tie_in
from injerto.table.group_names import group_names
from injerto.table.table import Table

CLASSES = ("dog", "cat", "rain")
Named = Iterator[tuple[str, str]]


def found(rows: Named | list[tuple[str, str]], kind: str = "sound", **columns: Any) -> Tie | None:
    """The tie of files `f` with classes `y`."""
    names, labels = zip(*rows, strict=True)
    table = Table.of({"f": list(names), "y": list(labels), **columns})
    schema = Schema(targets={"y": Target(kind="class")}, inputs={"f": Input.model_validate({"kind": kind})})
    return tie_in(schema, table, facts_of(table))


def things(count: int = 30, each: int = 4) -> Iterator[tuple[int, int, str]]:
    """Recordings with segments; each has one class."""
    for thing in range(count):
        for segment in range(each):
            yield thing, segment, CLASSES[thing % 3]


SURE = {
    "freesound, class, occurrence, slice": (lambda t, s, y: f"fold1/{90000 + 37 * t}-{CLASSES.index(y)}-0-{s}.wav", "90000"),
    "fold, source, take": (lambda t, s, y: f"{t % 5}-{10000 + 37 * t}-{'ABCD'[s]}.ogg", "0-10000"),
    "xeno-canto and segment": (lambda t, s, y: f"XC{1000 + 37 * t}_{s:03d}.wav", "XC1000"),
    "segment in words": (lambda t, s, y: f"rec{t}_seg{s:02d}.wav", "rec0"),
    "folder of a recording": (lambda t, s, y: f"rec{t}/{s:04d}.wav", "rec0"),
    "folder of the class": (lambda t, s, y: f"{y}/XC{1000 + t}_{s}.wav", "XC1000"),
    "recorder, time and segment": (lambda t, s, y: f"site{t % 2}_20240501_{100000 + t}_{s:03d}.wav", "site0_20240501_100000"),
    "whale, encounter, photo": (lambda t, s, y: f"whale{t}_enc{s // 2}_{s % 2:02d}.jpg", "whale0"),
    "views": (lambda t, s, y: f"plant{t:03d}_{('left', 'right', 'top', 'front')[s]}.jpg", "plant000"),
    "Windows": (lambda t, s, y: f"clips\\XC{1000 + t}_{s}.wav", "XC1000"),
    "spaces": (lambda t, s, y: f"recording {t} - {s}.wav", "recording 0"),
}


@pytest.mark.parametrize("way", SURE)
def test_sure_names(way: str) -> None:
    name, first = SURE[way]
    rows = [(name(thing, segment, label), label) for thing, segment, label in things()]
    tie = found(rows)
    assert tie is not None and tie.sure, tie
    groups = group_names(tie.grouping, Table.of({"f": [file for file, _ in rows]}))
    assert groups[0] == first
    assert groups.n_unique() == 30 and groups.unique_counts().to_list() == [4] * 30
    assert "120 of 120 names in 'f'" in tie.reason and f"'{first}'" in tie.reason
    assert "all of them have the 'y' of their group" in tie.reason


NEVER = {
    "running number": lambda n, y: f"w_{n}.jpg",
    "number alone": lambda n, y: f"photos/{n:04d}.jpg",
    "camera": lambda n, y: f"DSC_{n:04d}.JPG",
    "class and number": lambda n, y: f"{y}_{n // 3:03d}.jpg",
    "folder per class": lambda n, y: f"{y}/{n // 3:03d}.jpg",
    "class code and number": lambda n, y: f"{CLASSES.index(y)}/{n // 3}.png",
    "photo host": lambda n, y: f"{y}/{1030023514 + 7919 * n}_{2654435761 * n % 2**32:08x}.jpg",
    "synset and number": lambda n, y: f"n{2085620 + n % 30}_{(n * 7919) % 20011}.jpg",
    "fold and number": lambda n, y: f"fold{n % 5}/{n:04d}.wav",
    "year and number": lambda n, y: f"2011_{n:06d}.jpg",
    "days": lambda n, y: f"IMG-202405{n % 28 + 1:02d}-WA{n:04d}.jpg",
    "hashes": lambda n, y: f"{2654435761 * n % 2**32:08x}.png",
    "train and val": lambda n, y: f"{('train', 'val')[n % 5 == 0]}/{n}.jpg",
}


@pytest.mark.parametrize("way", NEVER)
def test_names_that_tie_nothing(way: str) -> None:
    assert found([(NEVER[way](n, CLASSES[n % 3]), CLASSES[n % 3]) for n in range(120)], "image") is None


def test_a_speaker_is_proposed_lightly() -> None:
    people = ("george", "lucas", "nicolas", "theo", "jackson")
    rows = [(f"{CLASSES.index(y)}_{person}_{take}.flac", y) for y in CLASSES for person in people for take in range(10)]
    tie = found(rows)
    assert tie is not None and not tie.sure and not tie.heavy
    assert "150 of 150" in tie.reason and "(5 groups in all)" in tie.reason
    speaker = [name.split("_")[1] for name, _ in rows]
    beside = found(rows, speaker=speaker)
    assert beside is not None and beside.grouping.options == "--group speaker"


def test_labels_that_differ_within_a_recording_make_it_likely() -> None:
    tie = found([(f"XC{1000 + 37 * thing}_{segment}.wav", CLASSES[segment % 3]) for thing, segment, _ in things()])
    assert tie is not None and not tie.sure and tie.heavy


def test_a_number_within_the_class_is_likely_at_most() -> None:
    tie = found([(f"{label}_{thing // 3}_{segment}.wav", label) for thing, segment, label in things(60)])
    assert tie is not None and not tie.sure and tie.heavy


def test_breeds_are_no_recordings() -> None:
    breeds = [f"{a}{b}" for a in ("abys", "beng", "birm", "siam") for b in ("ian", "ese", "oon")]
    tie = found([(f"{breed}_{n}.jpg", CLASSES[place % 3]) for place, breed in enumerate(breeds) for n in range(8)], "image")
    assert tie is not None and not tie.sure and not tie.heavy


def test_a_recording_for_each_class_cannot_divide_the_rows() -> None:
    labels = [f"species {n}" for n in range(12)]
    tie = found([(f"XC{1000 + 37 * n}_{segment}.wav", label) for n, label in enumerate(labels) for segment in range(5)])
    assert tie is None or not tie.sure


def test_few_slips_of_labels_hide_nothing() -> None:
    rows = [(f"XC{1000 + thing}_{segment}.wav", label) for thing, segment, label in things(60)]
    rows[0] = (rows[0][0], "cat")
    tie = found(rows)
    assert tie is not None and tie.sure and "99.6% of them" in tie.reason


def test_the_column_that_says_the_same_is_named() -> None:
    rows = [(f"XC{1000 + thing}_{segment}.wav", label) for thing, segment, label in things()]
    tie = found(rows, recording=[thing for thing, _, _ in things()])
    assert tie is not None and tie.grouping.options == "--group recording" and tie.reason.startswith("'recording' says")


@pytest.mark.parametrize(("labels", "sure"), [("one", True), ("mixed", False)])
def test_bursts(labels: str, sure: bool) -> None:
    rows = []
    for thing, shot, label in things(30, 3):
        rows.append(
            (f"IMG_20240501_{10 + thing // 10}{thing % 10 * 5:02d}{shot * 4:02d}.jpg", label if sure else CLASSES[shot])
        )
    tie = found(rows, "image")
    assert tie is not None and tie.sure is sure and tie.grouping.seconds == 10
    assert "at most 10 seconds after another (30 groups in all)" in tie.reason


def test_photos_minutes_apart_are_no_bursts() -> None:
    rows = [(f"IMG_20240501_{10 + n // 30}{n % 30 * 2:02d}00.jpg", CLASSES[n % 3]) for n in range(90)]
    assert found(rows, "image") is None


def test_numbers_have_no_labels_to_bear_a_tie_out() -> None:
    names = [f"XC{1000 + 37 * thing}_{segment}.wav" for thing, segment, _ in things()]
    table = Table.of({"f": names, "y": [row / 7 for row in range(120)]})
    schema = Schema(targets={"y": Target(kind="number")}, inputs={"f": Input(kind="sound")})
    tie = tie_in(schema, table, facts_of(table))
    assert tie is not None and not tie.sure and tie.heavy


def test_sounds_that_stand_in_several_rows() -> None:
    def tied(files: int) -> Tie | None:
        rows = [(f"{'abcdefghijklmnopqrst'[n]}.wav", CLASSES[n % 3]) for n in range(files) for _ in range(3)]
        table = Table.of({"f": [name for name, _ in rows], "y": [label for _, label in rows]})
        schema = Schema(targets={"y": Target(kind="class")}, inputs={"f": Input(kind="sound")})
        return same_file(schema, table, facts_of(table))

    tie = tied(12)
    assert tie is not None and tie.sure and tie.reason == "12 files of 12 in 'f' stand in several rows, such as 'a.wav' in 3."
    assert tied(6) is None  # too few to say anything of others

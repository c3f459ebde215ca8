"""Labels that may be wrong as a person reads them: by hand for every kind of target, and what all kinds have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from injerto.artifact.suspects import suspects_table
from injerto.evidence import label_doubts as listing
from injerto.evidence.label_doubts import Judged, Room, label_doubts
from injerto.evidence.wrong_labels import DOUBTS, class_doubts, number_doubts, several_doubts
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.report.galleries import galleries_of
from injerto.schema.schema import Input, Target
from injerto.table.corrected import corrected
from injerto.table.table import Table
from made_media import sound, tone

TITLE, NONE = "Labels that may be wrong", "No label was doubted."
N = 60
FRAME = pl.DataFrame(
    {
        "site": ["pond" if row % 2 else "wood" for row in range(N)],
        "kind": ["frog" if row % 2 else "newt" for row in range(N)],
        "heard": ["frog;rain" if row % 2 else "rain" for row in range(N)],
        "mass_g": [10.0 + row % 2 + row / 100 for row in range(N)],
    }
)
KINDS = {"kind": "class", "heard": "classes", "mass_g": "number"}
WRONG = {"kind": "newt", "heard": "rain", "mass_g": 110.07}
"""What row 7 says."""
INPUTS = {"site": Input(kind="category")}


def head_of(name: str, frame: pl.DataFrame = FRAME) -> VectorHead:
    kind = KINDS[name]
    return HEADS[kind](name, Target.model_validate({"kind": kind})).fit(Table.of(frame).column(name))


def told(head: VectorHead) -> np.ndarray:
    """Answers (N,...) by who knows what is right, and is surer of the rows that are made wrong than of the others."""
    column = head.column(Table.of(FRAME))
    if head.kind == "number":
        return head.truth(column).value.numpy() + np.where(np.arange(N) % 3 == 0, 0.01, -0.01)
    right = head.encode(column).value.numpy()
    shares = np.eye(head.outputs)[right] if head.kind == "class" else right
    sure = np.where((np.arange(N) % 4 == 1) | (np.arange(N) == 7), 0.95, 0.9)[:, None]
    return np.asarray(np.where(shares > 0, sure, 1 - sure))


def listed(name: str, room: Room | None = None) -> tuple[list[dict[str, Any]], int]:
    frame = FRAME.with_columns(pl.Series(name, [WRONG[name] if row == 7 else cell for row, cell in enumerate(FRAME[name])]))
    head = head_of(name)
    return label_doubts(head, Table.of(frame), INPUTS, Judged(np.arange(N), told(head), ["elders"] * N), room or Room())


@pytest.mark.parametrize("name", KINDS)
def test_the_wrong_label_is_found_named_and_corrected_whatever_its_kind(name: str) -> None:
    found, count = listed(name)
    assert count == len(found) == 1
    one = found[0]
    assert (one["row"], one["file"], one["judge"], one["label"]) == (7, "", "elders", str(WRONG[name]))
    assert one["values"] == [["site", "pond"]] and one["pictures"] == [] and "sounds" not in one
    assert json.loads(json.dumps(one)) == one
    table = suspects_table({name: {"label_doubts": found}})
    given = Table.of(
        FRAME.with_columns(pl.Series(name, [WRONG[name] if row == 7 else cell for row, cell in enumerate(FRAME[name])]))
    )
    right = Table.of(table.with_columns(corrected=pl.lit(str(FRAME[name][7]))))
    fresh, changed = corrected(given, right)
    assert changed == 1 and fresh.frame.equals(FRAME)
    (shown,) = [
        gallery for gallery in galleries_of(KINDS[name], {"worst": [], "label_doubts": found}) if gallery.title == TITLE
    ]
    assert str(WRONG[name]) in shown.cards[0].words and one.get("missing", [one["suggested"]])[0] in shown.cards[0].words


def test_every_kind_with_a_column_of_labels_has_a_list() -> None:
    assert set(DOUBTS) == set(KINDS.values())


def test_class_by_hand() -> None:
    head = head_of("kind")  # frog, newt
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.1, 0.9], [0.1, 0.9], [0.8, 0.2]])
    found = class_doubts(head, np.array([0, 0, 0, 1, 1, 1]), chances)  # on average 0.667 for each
    assert [(one.place, one.suggested, one.chance) for one in found] == [(2, "newt", 0.2), (5, "frog", 0.2)]


def test_several_by_hand() -> None:
    head = head_of("heard")  # frog, rain
    labels = np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 1], [0, 1]])
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.1, 0.9], [0.8, 0.05]])
    missing, frog = several_doubts(head, labels, chances)
    assert (frog.place, frog.suggested, frog.too_many, frog.missing) == (2, "rain", ["frog"], [])
    assert frog.chance == pytest.approx(0.1)
    assert (missing.place, missing.suggested, missing.too_many, missing.missing) == (5, "frog", ["rain"], ["frog"])
    assert missing.chance == pytest.approx(0.05)  # that rain was heard; 0.2 that no frog was


def test_a_row_that_should_have_no_label_gets_a_cell_that_says_so() -> None:
    head = head_of("heard")
    labels = np.array([[1, 0], [1, 0], [1, 0], [0, 0], [0, 0]])
    (found,) = several_doubts(head, labels, np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.1], [0.2, 0.1], [0.1, 0.1]]))
    assert (found.suggested, found.too_many) == (";", ["frog"])
    said = head.encode(Table.of({"heard": [";", None]}).column("heard"))
    assert said.known.tolist() == [True, False] and said.value[0].tolist() == [0, 0]


def test_numbers_by_hand() -> None:
    found = number_doubts(head_of("mass_g"), np.array([1.0, 2.0, 3.0, 9.0]), np.array([1.5, 2.5, 2.5, 4.0]))
    assert [(one.place, one.suggested, one.times, one.typical) for one in found] == [(3, "4", 10.0, 0.5)]


def test_rows_without_a_label_are_not_looked_at_and_rows_keep_their_numbers() -> None:
    frame = FRAME.with_columns(
        kind=pl.Series([None if row < 5 else WRONG["kind"] if row == 7 else cell for row, cell in enumerate(FRAME["kind"])])
    )
    head = head_of("kind")
    part = np.arange(0, N)[::-1].copy()
    who = [f"judge {row}" for row in part]
    found, _ = label_doubts(head, Table.of(frame), INPUTS, Judged(part, told(head)[::-1], who), Room())
    assert [(one["row"], one["judge"]) for one in found] == [(7, "judge 7")]


def test_a_list_has_an_end_and_the_count_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    monkeypatch.setattr(listing, "SHOWN", 2)
    head, labels = head_of("kind"), ["newt" if row % 4 == 1 else cell for row, cell in enumerate(FRAME["kind"])]
    table = Table.of(FRAME.with_columns(kind=pl.Series(labels)))
    found, count = label_doubts(head, table, INPUTS, Judged(np.arange(N), told(head), ["elders"] * N), Room())
    assert (len(found), count) == (3, 15)
    assert ["values" in one for one in found] == [True, True, False]
    evidence = {"worst": [], "label_doubts": found, "label_judge": {"words": "Judged.", "found": count}}
    (shown,) = [one for one in galleries_of("class", evidence) if one.title == TITLE]
    assert len(shown.cards) == 2 and "15 labels are doubted. suspects.csv lists the first 3." in shown.caption


def test_without_doubts_the_report_says_who_looked() -> None:
    evidence = {"worst": [], "label_doubts": [], "label_judge": {"words": "60 rows were judged.", "found": 0}}
    (shown,) = galleries_of("number", evidence)
    assert (shown.cards, shown.caption) == ([], f"60 rows were judged. {NONE}")
    (left,) = galleries_of("classes", {"worst": [], "label_judge": {"words": "The budget was used up."}})
    assert left.caption == "The budget was used up."
    assert galleries_of("class", {"worst": []}) == []


@pytest.fixture
def clips(tmp_path: Path) -> Table:
    for row in range(N):
        (tmp_path / f"{row}.wav").write_bytes(sound(tone(1.0, 16_000, 300.0 + 30 * row), 16_000))
    labels = ["newt" if row in (7, 9) else cell for row, cell in enumerate(FRAME["kind"])]
    frame = FRAME.with_columns(kind=pl.Series(labels), clip=pl.Series([f"{row}.wav" for row in range(N)]))
    (tmp_path / "9.wav").write_bytes(b"no sound")
    return Table.of(frame, folder=tmp_path)


def test_sounds_have_players_while_there_is_room_and_a_file_that_cannot_be_read_has_none(clips: Table) -> None:
    head, inputs = head_of("kind"), {"clip": Input(kind="sound")}
    judged = Judged(np.arange(N), told(head), ["elders"] * N)
    room = Room()
    found, _ = label_doubts(head, clips, inputs, judged, room)
    (heard,) = [one for one in found if one["row"] == 7]
    (broken,) = [one for one in found if one["row"] == 9]
    (one,) = heard["sounds"]
    assert one["picture"].startswith("data:image/png;base64,") and one["sound"].startswith("data:audio/mpeg;base64,")
    assert room.left == listing.MOST_PLAYED - len(one["picture"]) - len(one["sound"])
    assert heard["file"] == "7.wav" and "sounds" not in broken
    (shown,) = galleries_of("class", {"worst": [], "label_doubts": found})
    card = next(card for card in shown.cards if card.row == 7)
    assert f'src="{one["sound"]}"></audio>' in card.pictures[0]
    found, _ = label_doubts(head, clips, inputs, judged, Room(0))
    assert [one.get("sounds", [{}])[0].get("sound") for one in found] == [None, None]  # to be looked at, not played

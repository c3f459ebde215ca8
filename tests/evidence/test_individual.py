"""Evidence of individuals: counts by hand, rows in their order, look-alikes by name and picture."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from injerto.evidence.individual import LOOKALIKES, RULE, WORST, individual_evidence
from injerto.evidence.lookalikes import lookalike_cards
from injerto.evidence.told import LookAlike
from injerto.heads.answer_layout import CHANCES, CODES, NEW, PROBABILITY, RANK, WIDTH
from injerto.heads.decision import Decision

NAN = float("nan")
NAMES = ["Ann", "Bob", "Cid", "Dot", "Eve", "Fay"]


def state(new: bool = True) -> dict[str, Any]:
    """A decision that speaks from 0.9 on, as it has only two known photos and two new ones to go by."""
    truth = torch.tensor([0, 1, -1, -1]) if new else torch.tensor([0, 1, 0, 1])
    decision = Decision().fit(torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.2, 0.1], [0.1, 0.2]]), truth, torch.zeros(4))
    return {"individuals": NAMES, "decision": json.loads(json.dumps(decision.state()))}


def answer(new: float, rank: float, chance: float, chances: list[float], codes: list[int]) -> np.ndarray:
    row = np.zeros(WIDTH)
    row[:4] = NAN
    row[[NEW, RANK, PROBABILITY]] = new, rank, chance
    row[CODES] = -1
    row[CODES.start : CODES.start + len(codes)] = codes
    row[CHANCES.start : CHANCES.start + len(chances)] = chances
    return row


TRUTH = np.array([1, 1, 1, 0, 0])
ANSWER = np.stack(
    [
        answer(0.02, 1, 0.97, [0.95, 0.02], [1, 0]),  # rightly Bob
        answer(0.05, 2, 0.04, [0.91, 0.04], [2, 3]),  # Cid, but it is Dot
        answer(0.94, 37, 0.01, [0.03, 0.01, 0.01, 0.005, 0.005], [0, 1, 2, 3, 4]),  # called new
        answer(0.97, NAN, NAN, [0.02], [5]),  # rightly new
        answer(0.45, NAN, NAN, [0.5, 0.05], [5, 4]),  # cannot tell
    ]
)


def test_what_is_said_is_counted_by_what_is_true() -> None:
    shown, _ = individual_evidence(state(), TRUTH, ANSWER)
    assert shown["said"] == [
        {"truth": "in the gallery", "rows": 3, "right": 1, "wrong": 1, "new": 1, "cannot_tell": 0},
        {"truth": "new", "rows": 2, "right": 0, "wrong": 0, "new": 1, "cannot_tell": 1},
    ]
    assert shown["limits"] == {"known_from": 0.9, "new_from": 0.9, "checked": False}
    assert "could not be measured" in shown["words"]
    json.dumps(shown, allow_nan=False)


def test_chances_of_being_new_are_gathered_by_kind() -> None:
    shown, _ = individual_evidence(state(), TRUTH, ANSWER)
    steps = {step["from"]: (step["known"], step["new"]) for step in shown["newness"] if step["known"] or step["new"]}
    third = pytest.approx(1 / 3, abs=1e-4)
    assert steps == {0.0: (third, 0), 0.05: (third, 0), 0.9: (third, 0), 0.95: (0, 0.5), 0.45: (0, 0.5)}
    assert individual_evidence(state(new=False), TRUTH, ANSWER)[0]["newness"] == []


def test_the_best_name_is_as_sure_as_it_is_right() -> None:
    shown, _ = individual_evidence(state(), TRUTH, ANSWER)
    # 0.95 / 0.98 and 0.91 / 0.95 sure, if nobody is new; new rows have no say in this
    assert shown["reliability"][-1] == {
        "rows": 2,
        "said": pytest.approx((0.95 / 0.98 + 0.91 / 0.95) / 2, abs=1e-4),
        "happened": 0.5,
    }
    assert sum(step["rows"] for step in shown["reliability"]) == 3
    assert shown["rejection"][-1] == {"coverage": 1.0, "error": 0.6}


def test_the_chance_of_being_new_is_gathered_with_half_of_the_weight_for_each_kind() -> None:
    """Three known rows count 5/6 each, two new ones 5/4: 0.94 and 0.97 stand together."""
    shown, _ = individual_evidence(state(), TRUTH, ANSWER)
    said, happened = (5 / 6 * 0.94 + 5 / 4 * 0.97) / (5 / 6 + 5 / 4), (5 / 4) / (5 / 6 + 5 / 4)
    assert shown["reliability_new"] == [
        {"rows": 2, "said": 0.035, "happened": 0.0},
        {"rows": 1, "said": 0.45, "happened": 1.0},
        {"rows": 2, "said": pytest.approx(said, abs=1e-4), "happened": pytest.approx(happened, abs=1e-4)},
    ]
    assert individual_evidence(state(), TRUTH[:3], ANSWER[:3])[0]["reliability_new"] == []


def test_the_worst_are_wrong_and_give_least_to_what_is_true() -> None:
    _, rows = individual_evidence(state(), TRUTH, ANSWER)
    assert [(row.index, row.truth, row.answer) for row in rows["worst"]] == [
        (2, "an individual of the gallery, number 37 in the list", "a new individual 94%"),
        (1, "Dot", "Cid 91%"),
        (4, "a new individual", "cannot tell; likeliest Fay 50%"),
    ]
    assert rows["rule"] == []
    assert rows["worst"][1].lookalikes == (LookAlike("Cid", 0.91), LookAlike("Dot", 0.04, right=True))
    assert len(rows["worst"][0].lookalikes) == LOOKALIKES


def test_the_rule_is_chosen_evenly_from_best_to_worst() -> None:
    shares = np.random.default_rng(0).permutation(80) / 80
    many = np.stack([answer(0.0, 1, share, [share], [0]) for share in shares])
    _, rows = individual_evidence(state(), np.ones(80), many)
    assert rows["worst"] == []  # all are named rightly
    assert [round(80 * shares[row.index]) for row in rows["rule"]] == [74, 64, 54, 44, 34, 24, 14, 4]
    assert (RULE, WORST) == (8, 12)


def test_a_row_that_nobody_could_be_compared_with_is_told() -> None:
    shown, rows = individual_evidence(state(), np.array([0]), answer(0.5, NAN, NAN, [], [])[None])
    assert (rows["worst"], shown["said"][0]["cannot_tell"]) == ([], 1)


def test_look_alikes_get_their_pictures() -> None:
    row = {"row": 7, "pictures": ["old"], "lookalikes": [{"name": "Ann", "probability": 0.5, "right": True}, {"name": "Bob"}]}

    def gallery(number: int, name: str) -> bytes | None:
        return f"{number} {name}".encode() if name == "Ann" else None

    (plain,) = lookalike_cards([row], gallery)
    assert [one["picture"] for one in plain["lookalikes"]] == ["data:image/jpeg;base64,NyBBbm4=", ""]
    assert plain["lookalikes"][0]["right"] is True
    assert plain["pictures"] == ["old"]
    (upright,) = lookalike_cards([row], gallery, query=lambda number: b"own")
    assert upright["pictures"] == ["data:image/jpeg;base64,b3du"]
    assert row["pictures"] == ["old"]
    assert lookalike_cards([{"row": 1, "pictures": []}], gallery, query=lambda number: None)[0]["pictures"] == []

"""The head of individuals: who is learned, and what is said of vectors in the plane."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from injerto.errors import TrainingError
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.heads import individual as module
from injerto.heads.answer_layout import (
    AVERAGE_PRECISION,
    CHANCES,
    CODES,
    NEW,
    PROBABILITY,
    RANK,
    SHOWN,
    SQUARES,
    WIDTH,
    answers,
)
from injerto.heads.decision import Decision
from injerto.heads.individual import IndividualHead
from injerto.schema.schema import Target
from injerto.table.table import Table
from made_gallery import at_angles, plane

NAN = math.nan


def seen(names: list[Any], **columns: list[Any]) -> Table:
    """Rows without files: their digests are not known."""
    photos = [f"{row}.png" for row in range(len(names))]
    return Table.of(pl.DataFrame({"photo": photos, "who": names, **columns}, strict=False), folder=Path("nowhere"))


def head_of(table: Table, gallery: Gallery | None = None) -> IndividualHead:
    target = Target(kind="individual", photo="photo", sighting="day", flank="side")
    head = IndividualHead("who", target)
    head.fit(head.column(table))
    if gallery is not None:
        head.gallery = gallery
    return head


def sure() -> Decision:
    """One that has seen known individuals and new ones, which are far from everybody."""
    scores = torch.tensor([[0.9, 0.1, 0.0], [0.1, 0.8, 0.0], [0.0, 0.2, 0.9], [0.1, 0.2, 0.1], [0.0, 0.1, 0.2]]).repeat(20, 1)
    truth = torch.tensor([0, 1, 2, -1, -1]).repeat(20)
    return Decision().fit(scores, truth, torch.arange(100))


def test_everybody_has_a_centre_and_another_in_a_mirror() -> None:
    head = head_of(seen(["Luna", "Sol", "Luna", None, ""])).graft(width=4)
    assert head.classes_ == [("Luna", None), ("Sol", None)]
    assert head.known_individuals == ["Luna", "Sol"]
    assert head.centres.shape == (4, 4)
    vectors = torch.randn(3, 4)
    cosines = head(vectors)
    assert cosines.shape == (3, 4)
    torch.testing.assert_close(cosines, head(7 * vectors))
    torch.testing.assert_close(head(head.centres)[0, 0], torch.tensor(1.0))


def test_each_flank_is_learned_by_itself() -> None:
    head = head_of(seen(["Luna", "Luna", "Sol"], side=["left", "right", None]))
    assert head.classes_ == [("Luna", "left"), ("Luna", "right"), ("Sol", None)]
    labels = head.encode(head.column(seen(["Luna", "Luna", "Sol", "Luna", "Mar"], side=["right", "left", None, None, "left"])))
    assert labels.value.tolist() == [[1, -1], [0, -1], [2, -1], [-1, -1], [-1, -1]]
    assert labels.known.tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("names", "message"),
    [(["Luna", "Luna", None], "has only 'Luna' among the 3 training rows"), ([None, " "], "has no name at all among the 2")],
)
def test_one_individual_is_not_enough(names: list[Any], message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        head_of(seen(names))


def test_two_sides_of_one_individual_are_not_enough() -> None:
    with pytest.raises(TrainingError, match="has only 'Luna'"):
        head_of(seen(["Luna", "Luna"], side=["left", "right"]))


def test_the_second_of_two_flanks_is_turned_round() -> None:
    table = seen(["Luna", "Sol", "Sol"], side=["left", "right", None])
    head = head_of(table)
    turned = head.turned_round(table)
    assert turned is not None
    assert turned.tolist() == [False, True, False]
    assert head.turned_round(seen(["Luna"])) is None
    assert head_of(seen(["Luna", "Sol"], side=["left", "left"])).turned_round(table) is None
    assert head_of(seen(["a", "b", "c"], side=["left", "right", "front"])).turned_round(table) is None


def test_true_is_who_has_a_photo_that_may_be_compared() -> None:
    gallery = plane(["Luna", "Sol", "Sol"], [0, 80, 90], sighting=["dawn", "dawn", "noon"])
    head = head_of(seen(["Luna", "Sol"]), gallery)
    column = head.column(seen(["Luna", "Luna", "Sol", "Mar", None], day=["dawn", "noon", "dawn", "noon", "noon"]))
    truth = head.truth(column)
    assert truth.value[:4].tolist() == [0, 1, 1, 0]
    assert truth.known.tolist() == [True, True, True, True, False]
    assert head.strange(column).to_list() == ["Mar"]


def test_answers_of_vectors_by_hand() -> None:
    gallery = plane(["Luna", "Sol", "Mar"], [0, 60, 90])
    head = head_of(seen(["Luna", "Sol", "Mar"]), gallery)
    head.decision = sure()
    table = seen(["Luna", "Mar", "Stranger", None])
    found = head.placed(at_angles(5, 50, 180, 5), table)
    assert found.shape == (4, WIDTH)
    scores, codes = head.scores(at_angles(5), head_asked(head, table, 1))
    chances = head.decision.probabilities(scores)[0]
    assert codes.tolist() == [[0, 1, 2]]
    assert head.gallery.individuals == ["Luna", "Mar", "Sol"]
    assert found[0, NEW].item() == pytest.approx(chances[-1].item())
    assert found[:, RANK].tolist() == pytest.approx([1, 2, NAN, NAN], nan_ok=True)
    assert found[0, PROBABILITY].item() == pytest.approx((chances[0] / chances[:-1].sum()).item())
    assert found[:, AVERAGE_PRECISION].tolist() == pytest.approx([1, 1 / 2, NAN, NAN], nan_ok=True)
    assert found[0, SQUARES].item() == pytest.approx((chances[:-1] / chances[:-1].sum()).square().sum().item())
    assert found[0, CODES].tolist() == [0, 2, 1] + [-1] * (SHOWN - 3)
    assert found[0, CHANCES][:3].tolist() == pytest.approx(chances[torch.tensor([0, 2, 1])].tolist())
    assert found[0, CHANCES][3:].isnan().all()
    assert found[2, NEW] > found[0, NEW]
    assert head.placed(torch.empty(0, 2), table.take(np.arange(0))).shape == (0, WIDTH)


def test_before_calibration_the_usual_scale_speaks_and_what_it_leaves_is_new() -> None:
    head = head_of(seen(["Luna", "Sol"]), plane(["Luna", "Sol", "Mar"], [0, 60, 90]))
    head.decision = sure()
    table = seen(["Luna", "Stranger"])
    found = head.placed_plain(at_angles(5, 180), table)
    scores, _ = head.scores(at_angles(5, 180), head_asked(head, table, 2))
    closed = (20 * scores.double()).softmax(dim=1)
    assert found[:, NEW].tolist() == pytest.approx((1 - closed.amax(dim=1)).tolist())
    assert found[0, PROBABILITY].item() == pytest.approx(closed[0, 0].item())
    assert found[0, SQUARES].item() == pytest.approx(closed[0].square().sum().item())
    assert found[0, NEW] != head.placed(at_angles(5, 180), table)[0, NEW]
    head.gallery = Gallery.empty(2)
    assert head.placed_plain(at_angles(5), seen(["Luna"]))[0, [NEW, SQUARES]].tolist() == pytest.approx([0.5, NAN], nan_ok=True)


def head_asked(head: IndividualHead, table: Table, count: int) -> Any:
    return module.asked_in(head.column(table)).take(np.arange(count))


def test_answers_as_columns() -> None:
    head = head_of(seen(["Luna", "Sol", "Mar"]), plane(["Luna", "Sol", "Mar"], [0, 90, 180]))
    head.decision = sure()
    columns = head.decode(head.placed(at_angles(1, 270), seen([None, None])))
    assert list(columns)[:5] == ["who", "who_decision", "who_new", "who_1", "who_1_probability"]
    assert len(columns) == 3 + 2 * SHOWN
    assert columns["who"].to_list() == ["Luna", None]
    assert columns["who_decision"].to_list() == ["known", "new"]
    assert columns["who_1"][0] == "Luna"
    assert columns["who_4"].to_list() == [None, None]
    assert columns["who_4_probability"].to_list() == [None, None]


def test_equals_share_their_places() -> None:
    """Three are equally likely: whoever is asked for stands at the second place, in the middle of the three."""
    even = torch.tensor([[0.2, 0.2, 0.2, 0.1, 0.3]], dtype=torch.float64).repeat(4, 1)
    found = answers(even, torch.arange(4).expand(4, -1), torch.tensor([0, 2, 3, -1]), torch.full((4,), 0.5))
    assert found[:, RANK].tolist() == pytest.approx([2, 2, 4, NAN], nan_ok=True)
    assert found[:, PROBABILITY].tolist() == pytest.approx([0.2 / 0.7, 0.2 / 0.7, 0.1 / 0.7, NAN], nan_ok=True)
    assert found[:, AVERAGE_PRECISION].tolist() == pytest.approx([0.5, 0.5, 0.5, NAN], nan_ok=True)


def test_who_may_not_be_compared_has_no_rank() -> None:
    found = answers(
        torch.tensor([[0.0, 0.6, 0.4]], dtype=torch.float64), torch.arange(2)[None], torch.tensor([0]), torch.tensor([NAN])
    )
    assert found[0, [RANK, PROBABILITY]].isnan().all()
    assert found[0, CODES][:2].tolist() == [1, -1]


def test_the_baseline_says_how_often_each_was_photographed() -> None:
    head = head_of(seen(["Luna", "Sol"]), plane(["Luna", "Luna", "Luna", "Sol"], [0, 1, 2, 90])).graft(width=1)
    found = head.placed(head.baseline(2), seen(["Luna", "Sol"]))
    assert found[:, NEW].tolist() == [0.5, 0.5]
    assert found[:, PROBABILITY].tolist() == pytest.approx([3 / 4, 1 / 4])
    assert found[:, RANK].tolist() == [1, 2]
    assert found[:, AVERAGE_PRECISION].isnan().all()


def test_an_empty_gallery_knows_nobody() -> None:
    head = head_of(seen(["Luna", "Sol"]), Gallery.empty(2))
    found = head.placed(at_angles(0), seen(["Luna"]))
    assert found[0, CODES].tolist() == [-1] * SHOWN
    assert head.decode(found)["who"].to_list() == [None]
    assert head.decode(found)["who_1"].to_list() == [None]


def test_very_many_are_looked_up_by_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    head = head_of(seen(["Luna", "Sol"]), plane(["Luna", "Sol", "Mar"], [0, 60, 90]))
    head.decision = sure()
    table = seen(["Luna", "Mar"])
    every = head.placed(at_angles(5, 80), table)
    monkeypatch.setattr(module, "MOST_RANKED", 2)
    torch.testing.assert_close(head.placed(at_angles(5, 80), table), every, equal_nan=True)


def test_state_survives_json() -> None:
    head = head_of(seen(["Luna", "Luna", "Sol"], side=["left", "right", "left"]))
    head.decision = sure()
    again = IndividualHead("who", head.options).restore(json.loads(json.dumps(head.state())))
    assert (again.classes_, again.flanks_) == (head.classes_, head.flanks_)
    scores = torch.tensor([[0.5, 0.3, 0.1]])
    assert torch.equal(again.decision.probabilities(scores), head.decision.probabilities(scores))
    head.gallery = plane(["b", "a"], [0, 1])
    assert head.told() == {"individuals": ["a", "b"]}


def test_photos_of_a_sighting_are_scored_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody, or of very many those near any photo: who is not near one counts there as the farthest that is."""
    head = head_of(seen(["Luna", "Sol"]))
    head.gallery = plane(["Luna", "Mar", "Sol"], [0, 60, 120])
    queries, nothing = at_angles(0, 40), Asked.nothing(2)
    scores, codes = head.together(queries, nothing)
    assert codes.tolist() == [0, 1, 2]
    torch.testing.assert_close(scores, head.gallery.scores(queries, nothing).mean(dim=0))
    monkeypatch.setattr(module, "MOST_RANKED", 1)
    monkeypatch.setattr(module, "NEAREST", 1)
    few, who = head.together(queries, nothing)
    assert who.tolist() == [0, 1]  # Luna is nearest to the first photo, Mar to the second
    first, second = (math.cos(math.radians(degrees)) for degrees in (0, 20))
    assert few.tolist() == pytest.approx([(first + second) / 2] * 2, abs=1e-3)


def test_a_sighting_that_may_be_compared_with_nobody_has_no_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    head = head_of(seen(["Luna", "Sol"]))
    head.gallery = plane(["Luna", "Sol"], [0, 90], sighting=["dawn", "dawn"])
    monkeypatch.setattr(module, "MOST_RANKED", 1)
    scores, who = head.together(at_angles(0), Asked(["dawn"], [None], [None]))
    assert len(scores) == len(who) == 0

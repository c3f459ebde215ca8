"""How well photos are ranked, by numbers worked by hand, and who has a photo to be found at all."""

import pytest
import torch

from injerto.gallery import precision
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.gallery.precision import admits, average_precision
from made_gallery import asked, at_angles, digest, plane


def test_average_precision_by_hand():
    gallery = plane(["Luna", "Sol", "Luna", "Sol", "Luna"], [0, 10, 20, 30, 40])
    # From 0 degrees Luna's stand 1st, 3rd and 5th; from 32 degrees, where the order is Sol Luna Luna Sol Luna, 2nd, 3rd, 5th.
    found = average_precision(gallery.index, at_angles(0, 32), asked(2), ["Luna", "Luna"])
    assert found.tolist() == pytest.approx([(1 + 2 / 3 + 3 / 5) / 3, (1 / 2 + 2 / 3 + 3 / 5) / 3])
    assert found.dtype == torch.float64


@pytest.mark.parametrize(
    ("names", "angles", "expected"),
    [
        (["Luna", "Sol", "Sol", "Sol"], [0, 0, 0, 0], 1 / 4),  # a network to which all photos are one knows nothing
        (["Sol", "Sol", "Luna", "Luna", "Luna"], [0, 5, 10, 10, 10], 3 / 5),
        (["Luna", "Luna", "Sol", "Luna"], [0, 10, 10, 20], (1 + 2 / 3 + 3 / 4) / 3),
    ],
)
def test_photos_of_equal_cosine_are_taken_at_once(names: list[str], angles: list[float], expected: float):
    found = average_precision(plane(names, angles).index, at_angles(-1), asked(), ["Luna"])
    assert found.item() == pytest.approx(expected)


def test_photos_left_out_do_not_count_as_right_or_wrong():
    gallery = plane(
        ["Luna", "Luna", "Sol", "Sol", "Luna", "Sol", "Luna"],
        [0, 1, 2, 3, 4, 5, 6],
        sighting=["dawn", None, "dawn", None, None, None, None],
        flank=[None, "left", None, "right", None, None, None],
    )
    query = at_angles(-1)
    whole = average_precision(gallery.index, query, asked(), ["Luna"])
    assert whole.item() == pytest.approx((1 + 1 + 3 / 5 + 4 / 7) / 4)
    known = Asked(["dawn"], [digest("5.jpg")], ["right"])  # Sol 3, Luna 4 and Luna 6 are left
    assert average_precision(gallery.index, query, known, ["Luna"]).item() == pytest.approx((1 / 2 + 2 / 3) / 2)
    known = Asked(["dawn"], [digest("0.jpg")], ["left"])  # Luna 1, Luna 4, Sol 5 and Luna 6; 0 is left out for two reasons
    assert average_precision(gallery.index, query, known, ["Luna"]).item() == pytest.approx((1 + 1 + 3 / 4) / 3)


def test_each_query_has_its_own_photos_left_out():
    gallery = plane(["Luna", "Sol", "Luna"], [0, 10, 20], sighting=["dawn", "noon", "dusk"], flank=["left", None, "right"])
    every = Asked([None, "dawn", "noon", None, None], [None, None, None, digest("2.jpg"), None], [None] * 4 + ["right"])
    found = average_precision(gallery.index, at_angles(0, 0, 0, 0, 0), every, ["Luna"] * 5)
    assert found.tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 2, 1, 1, 1 / 2])


def test_nan_where_there_is_nothing_to_rank():
    gallery = plane(["Luna", "Sol"], [0, 90], sighting=["dawn", "noon"])
    queries = at_angles(0, 0, 0, 0)
    queries[3, 1] = torch.nan
    every = Asked(["dawn", None, None, None], [None] * 4, [None] * 4)
    found = average_precision(gallery.index, queries, every, ["Luna", None, "Mar", "Luna"])
    assert found.isnan().tolist() == [True] * 4
    assert average_precision(Gallery.empty(2).index, at_angles(0), asked(), ["Luna"]).isnan().tolist() == [True]


def test_a_figure_for_benchmarks_is_not_worked_out_for_very_many(monkeypatch: pytest.MonkeyPatch):
    gallery = plane(["Luna", "Sol"], [0, 90])
    monkeypatch.setattr(precision, "MOST_COSINES", 3)
    assert average_precision(gallery.index, at_angles(0), asked(), ["Luna"]).tolist() == [1]
    assert average_precision(gallery.index, at_angles(0, 0), asked(2), ["Luna", "Luna"]).isnan().all()


@pytest.mark.parametrize(
    ("known", "name", "there"),
    [
        ({}, "Luna", True),
        ({}, "Mar", False),
        ({}, None, False),
        ({"sighting": "dawn"}, "Luna", True),
        ({"sighting": "dawn", "digest": digest("1.jpg")}, "Luna", False),
        ({"sighting": "dawn", "flank": "left"}, "Luna", False),
        ({"sighting": "dawn", "flank": "right", "digest": digest("0.jpg")}, "Luna", True),
        ({"flank": "front"}, "Luna", False),
        ({"sighting": "noon"}, "Sol", False),
        ({"sighting": "noon"}, "Luna", True),
        ({"flank": "front"}, "Sol", True),
    ],
)
def test_who_has_a_photo_that_may_answer(known: dict[str, str], name: str | None, there: bool):
    gallery = plane(["Luna", "Luna", "Sol"], [0, 10, 90], sighting=["dawn", None, "noon"], flank=["left", "right", None])
    assert admits(gallery.index, asked(**known), [name]).tolist() == [there]


def test_queries_of_all_kinds_at_once_are_admitted_as_one_by_one():
    gallery = plane(["Luna", "Luna", "Sol"], [0, 10, 90], sighting=["dawn", None, "noon"], flank=["left", "right", None])
    every = Asked(["dawn", "dawn", "noon", None], [None, None, None, digest("2.jpg")], ["left", "right", None, "front"])
    assert admits(gallery.index, every, ["Luna", "Luna", "Sol", "Sol"]).tolist() == [False, True, False, False]


def test_an_empty_gallery_admits_nobody():
    assert admits(Gallery.empty(2).index, asked(2), ["Luna", None]).tolist() == [False, False]
    assert admits(plane(["Luna"], [0]).index, asked(0), []).shape == (0,)

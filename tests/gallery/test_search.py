"""Search by numbers worked by hand: who is nearest, what is left out, and that nothing left out speaks through the mean."""

from math import cos, radians

import numpy as np
import pytest
import torch

from injerto.errors import GalleryError
from injerto.gallery import search as search_module
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.gallery.search import first_best
from made_gallery import asked, at_angles, clustered, digest, photos, plane


def degrees(angle: float) -> float:
    return cos(radians(angle))


def test_nearest_photo_centre_and_score_by_hand():
    gallery = plane(["Luna", "Luna", "Sol"], [0, 60, 90])
    found = gallery.search(at_angles(10), asked(), 2)
    assert found.codes.tolist() == [[0, 1]]
    assert found.photo.tolist() == [[0, 2]]
    assert found.nearest[0].tolist() == pytest.approx([degrees(10), degrees(80)], abs=1e-3)
    assert found.centre[0].tolist() == pytest.approx([degrees(20), degrees(80)], abs=1e-3)  # Luna's mean lies at 30 degrees
    assert gallery.scores(at_angles(10), asked())[0].tolist() == pytest.approx(found.scores[0].tolist(), abs=1e-6)


def test_the_best_score_comes_first_not_the_nearest_photo():
    gallery = plane(["Luna", "Luna", "Sol"], [0, 150, 20])
    found = gallery.search(at_angles(5), asked(), 2)
    assert [gallery.individuals[code] for code in found.codes[0]] == ["Sol", "Luna"]
    assert found.nearest[0, 1] > found.nearest[0, 0]


@pytest.mark.parametrize(
    ("known", "admitted"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"sighting": "dawn"}, ["c", "d"]),
        ({"sighting": "dusk"}, ["a", "b", "c", "d"]),
        ({"digest": digest("2.jpg")}, ["a", "b", "d"]),
        ({"flank": "left"}, ["a", "c", "d"]),
        ({"flank": "front"}, ["c", "d"]),
        ({"flank": " left ", "sighting": " dawn\n"}, ["c", "d"]),
        ({"flank": " ", "sighting": " "}, ["a", "b", "c", "d"]),
        ({"flank": "left", "sighting": "dawn", "digest": digest("3.jpg")}, ["c"]),
    ],
)
def test_photos_of_the_same_sighting_the_same_bytes_or_another_flank_do_not_answer(known, admitted):
    gallery = plane(
        ["a", "b", "c", "d"],
        [0, 10, 20, 30],
        sighting=["dawn", "dawn", "noon", None],
        flank=["left", "right", None, None],
    )
    found = gallery.search(at_angles(0), asked(**known), 4)
    shown = [gallery.individuals[code] for code in found.codes[0].tolist() if code >= 0]
    assert shown == admitted
    assert found.codes[0, len(admitted) :].tolist() == [-1] * (4 - len(admitted))
    assert found.photo[0, len(admitted) :].tolist() == [-1] * (4 - len(admitted))
    assert found.nearest[0, len(admitted) :].isnan().all()
    scores = gallery.scores(at_angles(0), asked(**known))[0]
    assert [name for name, score in zip(gallery.individuals, scores, strict=True) if score > -np.inf] == admitted


def test_an_empty_sighting_is_no_sighting():
    gallery = plane(["a", "b"], [0, 10], sighting=[None, ""])
    assert gallery.search(at_angles(0), asked(), 2).codes.tolist() == [[0, 1]]


def test_a_photo_left_out_does_not_speak_through_the_mean():
    gallery = plane(["Luna", "Luna", "Sol"], [0, 60, 90], sighting=["dawn", "noon", "noon"])
    found = gallery.search(at_angles(0), asked(sighting="dawn"), 2)
    assert found.nearest[0, 0].item() == pytest.approx(degrees(60), abs=1e-3)
    assert found.centre[0, 0].item() == pytest.approx(degrees(60), abs=1e-3)  # not 30 degrees, where the whole mean lies
    both = gallery.search(
        at_angles(0), Asked(["dawn"], [digest("0.jpg")], [None]), 1
    )  # left out for two reasons, taken off once
    assert both.centre.item() == pytest.approx(degrees(60), abs=1e-3)


def test_the_other_flank_does_not_speak_through_the_mean():
    gallery = plane(["Luna", "Luna", "Luna"], [0, 60, 20], flank=["left", "right", None])
    found = gallery.search(at_angles(0), asked(flank="right"), 1)
    assert found.centre.item() == pytest.approx(degrees(40), abs=1e-3)
    assert found.nearest.item() == pytest.approx(degrees(20), abs=1e-3)
    assert found.photo.item() == 2


def test_queries_of_all_kinds_at_once_answer_as_one_by_one(monkeypatch):
    names, vectors = clustered(12, 6, 8)
    generator = np.random.default_rng(0)
    flank = generator.choice(np.array(["left", "right", None]), len(names)).tolist()
    sighting = [
        None if draw > 9 else f"{name} {draw}" for name, draw in zip(names, generator.integers(0, 12, len(names)), strict=True)
    ]
    frame = photos(names, flank=flank, sighting=sighting)
    gallery = Gallery.empty(8).added(frame, vectors).gallery
    every = Asked(sighting, frame["digest"].to_list(), flank)
    together = gallery.search(gallery.vectors, every, 5)
    monkeypatch.setattr(search_module, "BLOCK_BYTES", 4 * len(names) * 3)  # three queries a block
    for found in (gallery.search(gallery.vectors, every, 5), by_hand(gallery, every, 5)):
        assert torch.equal(found.codes, together.codes)
        assert torch.equal(found.photo, together.photo)
        assert torch.allclose(found.nearest, together.nearest, atol=1e-5, equal_nan=True)
        assert torch.allclose(found.centre, together.centre, atol=1e-5, equal_nan=True)


def by_hand(gallery: Gallery, every: Asked, count: int):
    """The rule as it is told, photo by photo."""
    from injerto.gallery.search import empty_ranking

    ranking = empty_ranking(len(every), count)
    rows = gallery.photos.to_dicts()
    for place in range(len(every)):
        found = []
        for code, name in enumerate(gallery.individuals):
            mine = [
                row
                for row, photo in enumerate(rows)
                if photo["individual"] == name
                and (photo["sighting"] is None or photo["sighting"] != every.sightings[place])
                and photo["digest"] != every.digests[place]
                and (photo["flank"] is None or every.flanks[place] is None or photo["flank"] == every.flanks[place])
            ]
            if mine:
                cosines = gallery.vectors[mine] @ gallery.vectors[place]
                centre = torch.nn.functional.normalize(gallery.vectors[mine].mean(dim=0), dim=0) @ gallery.vectors[place]
                found.append((code, cosines.max(), centre, mine[int(cosines.argmax())]))
        found.sort(key=lambda one: -float(one[1] + one[2]))
        for column, (code, nearest, centre, photo) in enumerate(found[:count]):
            ranking.codes[place, column] = code
            ranking.nearest[place, column] = nearest
            ranking.centre[place, column] = centre
            ranking.photo[place, column] = photo
    return ranking


def test_an_empty_gallery_knows_nobody():
    found = Gallery.empty(2).search(at_angles(0, 1), asked(2), 3)
    assert found.codes.tolist() == [[-1] * 3] * 2
    assert Gallery.empty(2).scores(at_angles(0, 1), asked(2)).shape == (2, 0)
    assert plane(["a"], [0]).search(torch.zeros(0, 2), Asked.nothing(0), 3).codes.shape == (0, 3)


def test_queries_that_do_not_fit_are_refused():
    with pytest.raises(GalleryError, match=r"1 queries need vectors of shape \(1, 2\); these have \(1, 3\)"):
        plane(["a"], [0]).search(torch.zeros(1, 3), asked(), 1)
    with pytest.raises(GalleryError, match="vector of query 1 holds values that are no numbers"):
        plane(["a"], [0]).scores(torch.tensor([[1.0, 0.0], [float("nan"), 1.0]]), asked(2))
    with pytest.raises(ValueError, match="2 sightings, 1 digests and 1 flanks"):
        Asked(["a", "b"], ["x"], [None])


def test_first_best_takes_the_first_of_equals():
    which = np.array([0, 0, 0, 1])
    assert first_best(np.array([7, 8, 9, 4]), which, np.array([1.0, 2.0, 2.0, -np.inf])).tolist() == [8, 4]

"""A gallery grows and shrinks by its verbs; nothing is lost without a word."""

import pytest
import torch

from injerto.errors import GalleryError
from injerto.gallery import gallery as gallery_module
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from made_gallery import asked, at_angles, clustered, digest, photos, plane


def test_added_photos_are_there_with_all_columns():
    change = Gallery.empty(2).added(photos(["Luna", "Sol"], sighting=["dawn", " "]), at_angles(0, 90))
    assert change.photos == 2
    assert change.notes == change.problems == []
    assert change.gallery.individuals == ["Luna", "Sol"]
    row = change.gallery.photos.row(1, named=True)
    assert row["sighting"] is None
    assert row["flank"] is None
    assert row["thumbnail"] is None
    assert row["added"].count("-") == 2
    assert row["origin"] == ""
    assert torch.allclose(change.gallery.vectors, torch.eye(2), atol=1e-6)


def test_a_gallery_is_not_changed_by_its_verbs():
    gallery = plane(["Luna"], [0])
    gallery.added(photos(["Sol"], ["b"]), at_angles(9))
    gallery.renamed("Luna", "Sol")
    gallery.removed(["Luna"])
    assert gallery.individuals == ["Luna"]
    assert len(gallery) == 1


def test_vectors_come_to_length_one_rounded_as_they_are_stored():
    gallery = Gallery.empty(2).added(photos(["a"]), torch.tensor([[3.0, 1.0]])).gallery
    assert torch.equal(gallery.vectors, gallery.vectors.half().float())
    assert gallery.vectors[0].tolist() == pytest.approx([0.9487, 0.3162], abs=5e-4)


def test_names_are_one_spelling_for_the_machine():
    gallery = Gallery.empty(2).added(photos([" Zoe\u0308", "Zo\u00eb "]), at_angles(0, 1)).gallery
    assert gallery.individuals == ["Zo\u00eb"]


def test_the_same_photo_of_the_same_individual_is_passed_over_and_told():
    change = plane(["Luna"], [0]).added(photos(["Luna", "Luna"], ["0.jpg", "new.jpg"]), at_angles(0, 5))
    assert change.photos == 1
    assert change.problems == []
    assert change.notes == ["1 photo is in the gallery already and passed over: 0.jpg."]


def test_the_same_photo_of_another_individual_is_refused_and_told():
    change = plane(["Luna"], [0]).added(photos(["Sol", "Sol"], ["0.jpg", "new.jpg"]), at_angles(0, 90))
    assert change.photos == 1
    assert change.gallery.photos["individual"].to_list() == ["Luna", "Sol"]
    assert len(change.problems) == 1
    assert "'0.jpg' of 'Sol' is in the gallery as one of 'Luna' and was not added again" in change.problems[0]
    assert "injerto gallery rename MODEL Luna Sol" in change.problems[0]


def test_one_photo_twice_in_a_table_enters_once():
    frame = photos(["Luna", "Luna", "Sol"], ["a", "a", "a"])
    change = Gallery.empty(2).added(frame, at_angles(0, 0, 0))
    assert change.photos == 1
    assert "1 photo is in the gallery already" in change.notes[0]
    assert "'a' of 'Sol' is in the gallery as one of 'Luna'" in change.problems[0]


def test_a_photo_without_a_name_or_digest_is_told():
    frame = photos([None, "  ", "Sol"], ["a", "b", "c"]).with_columns(digest=None)
    change = Gallery.empty(2).added(frame, at_angles(0, 1, 2))
    assert change.photos == 0
    assert ["names no individual" in change.problems[0], "names no individual" in change.problems[1]] == [True, True]
    assert "'c' of 'Sol' has no digest" in change.problems[2]


def test_two_spellings_are_kept_apart_and_told():
    change = plane(["Luna", "Sol"], [0, 90]).added(photos(["luna.", "Sol"], ["x", "y"]), at_angles(1, 91))
    assert change.photos == 2
    assert len(change.problems) == 1
    assert "'Luna' and 'luna.' differ only in case or punctuation" in change.problems[0]
    assert "rename MODEL luna. Luna" in change.problems[0]
    again = change.gallery.added(photos(["Sol"], ["z"]), at_angles(92))
    assert again.problems == []  # said once, when the spelling entered


@pytest.mark.parametrize(
    ("frame", "vectors", "words"),
    [
        (photos(["a"]).drop("digest"), at_angles(0), "need the columns individual, photo, digest; missing: digest"),
        (photos(["a"], flnk=["left"]), at_angles(0), "no column 'flnk'. Did you mean 'flank'"),
        (photos(["a"]), at_angles(0, 1), r"1 photos need vectors of shape \(1, 2\); these have \(2, 2\)"),
        (photos(["a"]), torch.tensor([[float("nan"), 1.0]]), "vector of photo 0 has no direction"),
        (photos(["a"]), torch.zeros(1, 2), "vector of photo 0 has no direction"),
    ],
)
def test_what_does_not_fit_is_refused(frame, vectors, words):
    with pytest.raises(GalleryError, match=words):
        Gallery.empty(2).added(frame, vectors)


def test_individuals_and_photos_are_removed_by_name_and_by_digest():
    gallery = plane(["Luna", "Luna", "Sol", "Mar"], [0, 1, 90, 180])
    assert gallery.removed(["1.jpg"]).gallery.photos["photo"].to_list() == ["0.jpg", "2.jpg", "3.jpg"]
    change = gallery.removed(["Luna", "2.jpg", digest("3.jpg")[:8].upper()])
    assert change.photos == 4
    assert len(change.gallery) == 0
    assert change.notes == ["No photo is left of Luna, Mar, Sol."]
    assert gallery.removed([]).photos == 0


def test_a_mistyped_name_removes_nothing_and_gets_the_nearest():
    gallery = plane(["Luna", "Sol"], [0, 90])
    with pytest.raises(GalleryError, match=r"no individual and no photo 'Lnua'. Did you mean 'Luna'\?"):
        gallery.removed(["Sol", "Lnua"])
    with pytest.raises(GalleryError, match=r"Did you mean '1.jpg'\?"):
        gallery.removed(["1.jpgg"])


def test_a_photo_name_of_several_individuals_asks_for_the_digest():
    frame = photos(["Luna", "Sol"], ["a", "b"], photo="same.jpg")
    gallery = Gallery.empty(2).added(frame, at_angles(0, 90)).gallery
    with pytest.raises(
        GalleryError, match=rf"several individuals. .*: {digest('a')[:16]} \(Luna\), {digest('b')[:16]} \(Sol\)"
    ):
        gallery.removed(["same.jpg"])
    assert gallery.removed([digest("b")[:16]]).gallery.individuals == ["Luna"]


def test_renamed():
    change = plane(["Luna", "Luna", "Sol"], [0, 1, 90]).renamed(" Luna ", "Estrella")
    assert change.photos == 2
    assert change.gallery.individuals == ["Estrella", "Sol"]
    assert change.notes == change.problems == []


def test_a_new_name_that_is_an_old_one_spelled_otherwise_is_told():
    assert "'Sol' and 'sol'" in plane(["Luna", "Sol"], [0, 90]).renamed("Luna", "sol").problems[0]
    assert plane(["Luna"], [0]).renamed("Luna", "luna").problems == []


def test_two_names_of_one_individual_are_joined_and_so_is_their_centre():
    change = plane(["Luna", "Sol"], [0, 90]).renamed("Sol", "Luna")
    assert change.gallery.individuals == ["Luna"]
    assert change.notes == ["'Sol' and 'Luna' are one individual now, 'Luna'."]
    assert change.gallery.search(at_angles(45), asked(), 1).centre.item() == pytest.approx(1, abs=1e-3)


def test_the_nearest_photo_of_one_individual():
    gallery = plane(["Luna", "Sol", "Luna", "Luna"], [0, 50, 70, 40])
    assert gallery.nearest(at_angles(50), asked(), "Luna") == 3  # Sol's is nearer, but not Luna's
    assert gallery.nearest(3 * at_angles(66).half(), asked(), "Luna") == 2
    assert gallery.nearest(at_angles(0), asked(), "Sol") == 1
    assert gallery.nearest(at_angles(0), asked(), "Mar") is None
    assert Gallery.empty(2).nearest(at_angles(0), asked(), "Luna") is None


def test_the_nearest_photo_is_one_that_may_answer():
    gallery = plane(["Luna", "Luna", "Luna"], [0, 20, 60], sighting=["dawn", None, None], flank=[None, "left", None])
    assert gallery.nearest(at_angles(0), asked(), "Luna") == 0
    assert gallery.nearest(at_angles(0), asked(sighting="dawn"), "Luna") == 1
    assert gallery.nearest(at_angles(0), asked(sighting="dawn", flank="right"), "Luna") == 2
    assert gallery.nearest(at_angles(0, 58), asked(2), "Luna") == 0
    assert gallery.nearest(at_angles(0, 58), Asked(["dawn", None], [None] * 2, [None] * 2), "Luna") == 2
    only = plane(["Luna"], [0], sighting=["dawn"])
    assert only.nearest(at_angles(0), asked(sighting="dawn"), "Luna") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Lna", "x", r"no individual 'Lna'. Did you mean 'Luna'\?"),
        ("Luna", " ", "cannot be given an empty name"),
        ("Luna", "Luna ", "is called so already"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused(old, new, words):
    with pytest.raises(GalleryError, match=words):
        plane(["Luna"], [0]).renamed(old, new)


def test_merged_galleries_join_names_and_pass_over_photos_that_both_have():
    ours = plane(["Luna", "Sol"], [0, 90])
    theirs = Gallery.empty(2).added(photos(["Luna", "Luna", "Mar"], ["0.jpg", "b", "c"]), at_angles(0, 3, 200))
    change = ours.merged(theirs.gallery)
    assert change.photos == 2
    assert change.gallery.individuals == ["Luna", "Mar", "Sol"]
    assert change.notes == [
        "In both galleries, and taken for the same: Luna.",
        "1 photo is in the gallery already and passed over: 0.jpg.",
    ]


def test_a_gallery_of_another_network_is_refused():
    other = Gallery.empty(2, made_by="b")
    with pytest.raises(GalleryError, match=r"made by another network: .* injerto gallery add MODEL TABLE"):
        Gallery.empty(2, made_by="a").merged(other)
    with pytest.raises(GalleryError, match="made by another network"):
        Gallery.empty(3, made_by="b").merged(other)


def test_a_large_gallery_gets_cells_and_keeps_every_photo_with_its_vector(monkeypatch):
    monkeypatch.setattr(gallery_module, "LARGE", 200)
    names, vectors = clustered(40, 10, 16)
    frame = photos(names)
    gallery = Gallery.empty(16).added(frame[:150], vectors[:150]).gallery
    assert gallery.cells is None
    gallery = gallery.added(frame[150:], vectors[150:]).gallery
    assert gallery.cells is not None
    assert gallery.cells.sizes.sum() == len(gallery) == 400
    before = {photo: vector for photo, vector in zip(frame["photo"], vectors.half().tolist(), strict=True)}
    for photo, vector in zip(gallery.photos["photo"], gallery.vectors.tolist(), strict=True):
        assert vector == pytest.approx(before[photo], abs=1e-3)
    fewer = gallery.removed(["animal 00003"]).gallery
    assert fewer.cells is not None
    assert fewer.cells.sizes.sum() == len(fewer) == 390
    assert gallery.removed(gallery.individuals[:35]).gallery.cells is None

"""Cells answer as exact search does, for nearly all queries, and hold every photo once."""

import pytest
import torch

from injerto.gallery import cells as cells_module
from injerto.gallery import gallery as gallery_module
from injerto.gallery.asked import Asked
from injerto.gallery.cells import Cells, arranged
from injerto.gallery.gallery import Gallery
from made_gallery import clustered, photos


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Gallery:
    """2,000 photos in cells of about 22, of which a query looks into 8."""
    monkeypatch.setattr(gallery_module, "LARGE", 1000)
    monkeypatch.setattr(cells_module, "LOOKED_INTO", 8)
    monkeypatch.setattr(cells_module, "LEAST_PHOTOS", 50)
    names, vectors = clustered(400, 5, 64)
    sightings = [f"{name} {row % 5 // 2}" for row, name in enumerate(names)]
    flanks = ["left" if row % 3 else None for row in range(len(names))]
    return Gallery.empty(64).added(photos(names, sighting=sightings, flank=flanks), vectors).gallery


def asked_of(gallery: Gallery) -> Asked:
    return Asked(*(gallery.photos[name].to_list() for name in ("sighting", "digest", "flank")))


def test_cells_find_what_exact_search_finds_with_the_same_scores(large: Gallery):
    assert large.cells is not None
    every = asked_of(large)
    near, exact = (large.search(large.vectors, every, 3, exact=exact) for exact in (False, True))
    same = near.codes[:, 0] == exact.codes[:, 0]
    assert same.float().mean() > 0.97
    assert torch.equal(near.photo[same, 0], exact.photo[same, 0])
    assert torch.allclose(near.nearest[same, 0], exact.nearest[same, 0], atol=1e-5)
    assert torch.allclose(near.centre[same, 0], exact.centre[same, 0], atol=1e-5)
    assert (near.scores.diff(dim=1) <= 0).all()


def test_every_individual_can_be_had_from_cells(large: Gallery):
    found = large.search(large.vectors[:2], Asked.nothing(2), 400)
    exact = large.search(large.vectors[:2], Asked.nothing(2), 400, exact=True)
    assert torch.allclose(found.scores, exact.scores, atol=1e-5)


def test_a_query_whose_cells_are_left_out_looks_further(large: Gallery):
    one = Asked([None], [None], ["right"])  # two thirds of the photos say left
    found = large.search(large.vectors[:1], one, 200)
    assert (found.codes >= 0).sum() == (large.search(large.vectors[:1], one, 200, exact=True).codes >= 0).sum()


def test_new_photos_go_to_cells_without_training_until_there_are_twice_as_many(large: Gallery):
    names, vectors = clustered(400, 5, 64, seed=1)
    more = photos(names, [f"more {row}" for row in range(len(names))])
    assert large.cells is not None
    grown = large.added(more[:500], vectors[:500]).gallery
    assert grown.cells is not None
    assert torch.equal(grown.cells.centres, large.cells.centres)
    assert grown.cells.learned_from == 2000
    doubled = grown.added(more[500:], vectors[500:]).gallery
    assert doubled.cells is not None
    assert doubled.cells.learned_from == 4000
    assert len(doubled.cells.centres) > len(large.cells.centres)


def test_rows_lie_in_the_order_of_their_cell():
    vectors = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    before = Cells(vectors[:2], torch.tensor([0, 0]), 3)
    cells, order = arranged(vectors, before)
    assert order.tolist() == [0, 2, 1, 3]
    assert cells.sizes.tolist() == [2, 2]
    assert cells.ends.tolist() == [0, 2, 4]
    assert cells.kept(torch.tensor([0, 2, 3]).numpy()).sizes.tolist() == [1, 2]


def test_the_same_vectors_give_the_same_cells():
    _, vectors = clustered(30, 10, 8)
    first, second = arranged(vectors, None), arranged(vectors, None)
    assert torch.equal(first[0].centres, second[0].centres)
    assert torch.equal(first[1], second[1])

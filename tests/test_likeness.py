"""How alike vectors are, by hand: cosines, and maps whose places may lie a little elsewhere."""

import pytest
import torch
from torch import Tensor

from injerto.likeness import COSINE, Likeness

SIDE, DEPTH = 3, 2


def as_map(tells: dict[tuple[int, int], tuple[float, float, float]], side: int = SIDE) -> Tensor:
    """One row of a map: at (row, column) a descriptor of two numbers, and how much it tells; elsewhere nothing is told."""
    places = torch.zeros(side, side, DEPTH)
    for at, (x, y, told) in tells.items():
        places[at] = torch.tensor([x, y]) / (x * x + y * y) ** 0.5 * told**0.5
    return places.flatten()


def by_hand(likeness: Likeness, photo: Tensor, query: Tensor) -> float:
    def asked(mine: Tensor, other: Tensor) -> float:
        total = 0.0
        for i in range(likeness.side**2):
            told = float(mine[i] @ mine[i])
            if told == 0:
                continue
            best = max(
                float(torch.nn.functional.cosine_similarity(mine[i], other[j], dim=0))
                for j in range(likeness.side**2)
                if max(abs(i // likeness.side - j // likeness.side), abs(i % likeness.side - j % likeness.side))
                <= likeness.reach
            )
            total += told * best
        return total

    mine, other = (row.unflatten(0, (likeness.side**2, -1)) for row in (photo, query))
    return (asked(mine, other) + asked(other, mine)) / 2


def unit(count: int, seed: int) -> Tensor:
    rows = torch.randn(count, SIDE * SIDE * DEPTH, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(rows, dim=1)


def test_without_a_side_it_is_the_cosine() -> None:
    photos, queries = unit(4, 0), unit(3, 1)
    torch.testing.assert_close(COSINE.between(photos, queries), photos @ queries.T)
    torch.testing.assert_close(COSINE.pairs(photos[:3], queries), (photos[:3] * queries).sum(dim=1))


@pytest.mark.parametrize("reach", [0, 1, 2])
def test_the_formula_by_hand(reach: int) -> None:
    likeness, photos, queries = Likeness(SIDE, reach), unit(3, 0), unit(2, 1)
    found = likeness.between(photos, queries)
    for row in range(3):
        for column in range(2):
            assert float(found[row, column]) == pytest.approx(by_hand(likeness, photos[row], queries[column]), abs=1e-5)
    torch.testing.assert_close(found.T, likeness.between(queries, photos))
    torch.testing.assert_close(likeness.pairs(photos[:2], queries), found[:2].diagonal())


def test_a_mark_that_lies_within_reach_is_found_and_no_other() -> None:
    here, there = as_map({(0, 0): (1, 0, 1.0)}), as_map({(1, 1): (1, 0, 1.0)})
    near, far = Likeness(SIDE, 1), Likeness(SIDE, 0)
    assert float(near.between(here[None], there[None])) == pytest.approx(1.0)
    assert float(far.between(here[None], there[None])) == pytest.approx(0.0, abs=1e-6)
    assert float(near.between(here[None], here[None])) == pytest.approx(1.0)


def test_what_tells_more_counts_more() -> None:
    query = as_map({(0, 0): (1, 0, 0.9), (2, 2): (0, 1, 0.1)})
    strong, weak = as_map({(0, 0): (1, 0, 1.0)}), as_map({(2, 2): (0, 1, 1.0)})
    likeness = Likeness(SIDE, 0)
    assert float(likeness.between(strong[None], query[None])) > float(likeness.between(weak[None], query[None]))


def test_centres_are_compared_like_photos_and_none_with_nobody() -> None:
    likeness, photos, queries = Likeness(SIDE, 1), unit(3, 0), unit(2, 1)
    lengths = torch.tensor([1.0, 2.0, 3.0])
    torch.testing.assert_close(
        likeness.to_centres(photos * lengths[:, None], lengths, queries), likeness.between(photos, queries)
    )
    torch.testing.assert_close(COSINE.to_centres(photos * lengths[:, None], lengths, queries), photos @ queries.T)
    assert likeness.between(photos[:0], queries).shape == (0, 2)
    assert likeness.pairs(photos[:0], queries[:0]).shape == (0,)


def test_many_photos_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    likeness, photos, queries = Likeness(SIDE, 1), unit(7, 0), unit(2, 1)
    whole = likeness.between(photos, queries)
    monkeypatch.setattr("injerto.likeness._BLOCK", 1)
    torch.testing.assert_close(likeness.between(photos, queries), whole)

"""Near-duplicates among very many photos, each held against its likest: nearly all are found that comparing all finds."""

from __future__ import annotations

import numpy as np
import pytest

from injerto.table import near_duplicates, near_pictures
from injerto.table.alike_pictures import SIDE
from injerto.table.near_duplicates import alike_pairs

OWN, COPIES = 1500, 150
SMOOTH = np.exp(-np.square((np.arange(SIDE)[:, None] - np.linspace(0, SIDE - 1, 7)) / 4))


def pictures(seed: int = 0) -> np.ndarray:
    """OWN pictures of blots, and COPIES of the first of them, moved by a pixel, lighter and with grain."""
    random = np.random.default_rng(seed)
    own = 128 + 40 * np.einsum("yi,nij,xj->nyx", SMOOTH, random.normal(size=(OWN, 7, 7)), SMOOTH)
    copies = np.roll(own[:COPIES], 1, axis=2) * random.uniform(1, 1.2, (COPIES, 1, 1))
    return (np.concatenate([own, copies + random.normal(0, 1, copies.shape)])).astype(np.float32)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "MANY", 100)


def planted(first: np.ndarray, second: np.ndarray) -> int:
    """How many copies are told with what they are of."""
    return int(((second - first) == OWN).sum())


def test_copies_are_found_as_when_all_are_compared(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made = pictures()
    near = alike_pairs(made)
    monkeypatch.setattr(near_duplicates, "MANY", 10**9)
    every = alike_pairs(made)
    assert planted(*near[:2]) >= 0.98 * planted(*every[:2]) > 0.9 * COPIES
    assert set(zip(*(part.tolist() for part in near[:2]), strict=True)) <= set(
        zip(*(part.tolist() for part in every[:2]), strict=True)
    )


def test_each_pair_once_lower_first_likest_first(many: None) -> None:
    found = near_pictures.near_pairs(pictures(), least_coarse=0.7, least_spanned=0.9)
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert (found.first < found.second).all()
    assert (np.diff(found.spanned) <= 0).all()


def test_the_same_pictures_give_the_same_pairs(many: None) -> None:
    one, other = alike_pairs(pictures()), alike_pairs(pictures())
    for here, there in zip(one, other, strict=True):
        np.testing.assert_array_equal(here, there)


def test_pictures_without_their_like_have_no_pairs(many: None) -> None:
    first, _, _ = alike_pairs(pictures()[:OWN])
    assert len(first) == 0


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_have_no_pairs(count: int) -> None:
    """As where no photo of a table can be read."""
    assert [len(part) for part in alike_pairs(pictures()[:count])] == [0, 0, 0]


def test_a_burst_is_one_group(many: None) -> None:
    """Thirty frames of one scene are more than each is held against, and yet hang together."""
    random = np.random.default_rng(1)
    frames = pictures()[:1] + random.normal(0, 1, (30, SIDE, SIDE)).astype(np.float32)
    made = np.concatenate([pictures()[:OWN], frames.astype(np.float32)])
    first, second, _ = alike_pairs(made)
    groups = near_duplicates.groups_of_pairs(len(made), first, second)
    assert len(set(groups[OWN:].tolist())) == 1 and groups[OWN] >= 0


def test_few_are_laid_over_each_other_where_none_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what is enough, only as long as one in ten is the same."""
    monkeypatch.setattr(near_duplicates, "_PART", 10)
    monkeypatch.setattr(near_duplicates, "_ROUND", 20)
    made = pictures()
    strangers = np.arange(200), np.arange(200) + 300
    twins = np.arange(100), np.arange(100) + OWN
    both = (np.concatenate(pair) for pair in zip(twins, strangers, strict=True))
    assert len(near_duplicates._likenesses(made, *strangers, enough=30)) == 40
    assert len(near_duplicates._likenesses(made, *both, enough=30)) == 120
    assert len(near_duplicates._likenesses(made, *strangers, enough=200)) == 200

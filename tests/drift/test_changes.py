"""What changed in a column, by hand and against other libraries, for every kind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from injerto.drift import ANSWER_CHANGES, CHANGES
from injerto.drift.change import Change, Sides
from injerto.drift.files import auc, crossed
from injerto.drift.levels import OTHERS, one_hot, psi
from injerto.drift.number import bars, kolmogorov_smirnov
from injerto.drift.shuffles import Shuffles
from injerto.features import FEATURES
from injerto.features.vocabulary import MISSING
from injerto.reference.answers import ANSWER_CELLS


def changed(kind: str, before: torch.Tensor, after: torch.Tensor, **more: object) -> Change:
    shuffles = Shuffles.of(np.arange(len(before)), np.arange(len(after)), most=499)
    return CHANGES[kind](Sides(before, after, shuffles, **more))  # type: ignore[index, arg-type]


def test_every_kind_has_its_test() -> None:
    assert CHANGES.keys() == FEATURES.keys()
    assert ANSWER_CHANGES.keys() == ANSWER_CELLS.keys()


def test_kolmogorov_smirnov_by_counting() -> None:
    random = np.random.default_rng(0)
    values = random.integers(0, 8, 40).astype(float)
    drawn = random.random((5, 40)) < 0.4
    for rows, found in zip(drawn, kolmogorov_smirnov(values, drawn), strict=True):
        expected = max(abs((values[rows] <= at).mean() - (values[~rows] <= at).mean()) for at in range(8))
        assert found == pytest.approx(expected, abs=1e-6)


def test_numbers_that_moved() -> None:
    generator = torch.Generator().manual_seed(0)
    before, after = torch.randn(300, generator=generator), torch.randn(200, generator=generator)
    same = changed("number", before, after, centre=100.0, scale=10.0)
    assert same.p is not None and same.p > 0.05
    moved = changed("number", before, after + 0.5, centre=100.0, scale=10.0)
    assert moved.p is not None and moved.p <= 0.01
    assert moved.difference > same.difference
    assert moved.figures["moved_sd"] == pytest.approx(0.5, abs=0.25)
    assert moved.figures["median_after"] - moved.figures["median_before"] == pytest.approx(5, abs=2.5)
    assert moved.words.startswith("middle 99.89 before, 106.1 now")
    assert sum(share.before for share in moved.shares) == pytest.approx(1)


def test_numbers_that_lack_are_a_change_by_themselves() -> None:
    generator = torch.Generator().manual_seed(0)
    before, after = torch.randn(100, generator=generator), torch.randn(100, generator=generator)
    after[:40] = torch.nan
    found = changed("number", before, after)
    assert found.p is not None and found.p <= 0.02
    assert (found.figures["missing_before"], found.figures["missing_after"]) == (0.0, pytest.approx(0.4))
    assert "empty 0.0% before, 40.0% now" in found.words
    gone = changed("number", before, torch.full((100,), torch.nan))
    assert gone.words == "empty in every row"
    assert gone.p is not None and gone.p <= 0.02
    assert gone.difference > 0.9


def test_bars_of_one_value() -> None:
    (only,) = bars(np.ones(4), np.ones(3), 0.0, 1.0)
    assert (only.before, only.after) == (1.0, 1.0)


def test_levels_whose_shares_changed() -> None:
    names = ["UNKNOWN", "MISSING", "wood", "pond", "shore"]
    before = torch.tensor([2] * 60 + [3] * 30 + [4] * 10).int()
    assert changed("category", before, before[::2], names=names).p == 1.0
    found = changed("category", before, torch.tensor([2] * 20 + [3] * 10 + [4] * 20).int(), names=names)
    assert found.p is not None and found.p <= 0.01
    assert found.figures["distance"] == pytest.approx(0.3)
    assert found.words.startswith("shore 10.0% before, 40.0% now")
    unseen = changed("category", before, torch.zeros(50).int(), names=names)
    assert unseen.difference > 0.95 and unseen.size == "large"
    assert unseen.words.startswith("UNKNOWN 0.0% before, 100.0% now")
    empty = changed("category", before, torch.full((50,), MISSING).int(), names=names)
    assert "MISSING 0.0% before, 100.0% now" in empty.words


def test_of_several_levels_the_largest_change_counts() -> None:
    names = ["UNKNOWN", "MISSING", "fox", "owl"]
    before = torch.tensor([[2, 3], [2, -1]] * 40).int()
    found = changed("categories", before, torch.tensor([[2, 3]] * 40).int(), names=names)
    assert found.figures["distance"] == pytest.approx(0.5)
    assert found.p is not None and found.p <= 0.01


def test_rare_levels_are_gathered() -> None:
    ids = np.concatenate([np.repeat(np.arange(250), 2), [0]])[:, None]
    ones, names = one_hot(ids, [f"level {number}" for number in range(250)])
    assert ones.shape == (501, 201)
    assert names[-1] == OTHERS
    assert (ones.sum(axis=1) == 1).all()


def test_psi_by_hand() -> None:
    value = psi(np.array([0.5, 0.5]), np.array([0.25, 0.75]), 10**7, 10**7)
    assert value == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5), abs=1e-5)
    assert np.isfinite(psi(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 5, 5))


def test_files_that_are_others_are_told() -> None:
    generator = torch.Generator().manual_seed(0)
    before, after = torch.randn(80, 20, generator=generator), torch.randn(60, 20, generator=generator)
    same = changed("image", before, after)
    assert same.p is not None and same.p > 0.05
    assert same.figures["auc"] == pytest.approx(0.5, abs=0.15)
    other = changed("sound", before, after + 0.5)
    assert other.p is not None and other.p <= 0.01
    assert other.figures["auc"] > 0.8
    assert "a classifier tells a new file from a training one" in other.words


def test_equal_files_are_no_change() -> None:
    same = changed("image", torch.ones(30, 4), torch.ones(20, 4))
    assert same.figures["auc"] == 0.5
    assert (same.difference, same.p) == (0.0, 1.0)


def test_scores_come_from_files_of_other_groups() -> None:
    generator = torch.Generator().manual_seed(1)
    shuffles = Shuffles.of(np.repeat(np.arange(10), 3), np.repeat(np.arange(10), 3), most=9)
    scoring = crossed(torch.randn(60, 5, generator=generator), shuffles)
    own = torch.from_numpy(shuffles.unit[:, None] == shuffles.unit[None])
    assert (scoring[own] == 0).all()
    assert scoring.sum(dim=1).abs().max() < 1e-4  # labels that are all the same say nothing


def test_auc_is_that_of_sklearn() -> None:
    random = np.random.default_rng(0)
    scores, drawn = random.integers(0, 6, (4, 30)).astype(float), random.random((4, 30)) < 0.3
    expected = [roc_auc_score(rows, row) for rows, row in zip(drawn, scores, strict=True)]
    assert auc(scores, drawn).tolist() == pytest.approx(expected)


def test_dates_are_told_and_not_tested() -> None:
    days = torch.arange(19_000, 19_100).double()
    found = changed("date", days, torch.cat([days[:50], days[:50] + 365]))
    assert found.p is None
    assert found.figures["outside"] == pytest.approx(0.5)
    assert found.figures["first_before"] == "2022-01-08"
    assert "50.0% outside of the training span" in found.words
    assert changed("date", days, torch.full((3,), torch.nan).double()).words == "empty in every row"

"""Fisher's discriminant against its definition, and what it makes of features that tell nothing."""

import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from torch import Tensor

from injerto.learning import discriminant as module
from injerto.learning.discriminant import discriminant

WIDTH = 6


def clouds(centres: list[list[float]], each: int = 60, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Points around `centres`, wide along the first axis, and whose they are."""
    generator = torch.Generator().manual_seed(seed)
    codes = torch.arange(len(centres)).repeat_interleave(each)
    noise = torch.randn(len(codes), len(centres[0]), generator=generator)
    noise[:, 0] *= 3
    return torch.tensor(centres)[codes] + noise, codes


def vectors(features: Tensor, codes: Tensor, width: int = WIDTH) -> Tensor:
    torch.manual_seed(0)
    found = discriminant(features.clone(), codes, width)
    return features @ found.weight.T + found.bias


def test_two_individuals_lie_apart_in_one_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between them there is one direction, that of S_w^-1 (m_1 - m_0); without shrinkage it is Fisher's own."""
    monkeypatch.setattr(module, "SHRINKAGE", 0.0)
    monkeypatch.setattr(module, "_telling", lambda features, *_: torch.ones(features.shape[1]))
    features, codes = clouds([[0.0, 0.0], [2.0, 2.0]], each=400)
    torch.manual_seed(0)
    found = discriminant(features.clone(), codes, WIDTH)
    values = features.double().numpy()
    apart = np.concatenate([values[codes == code] - values[codes == code].mean(axis=0) for code in (0, 1)])
    wanted = np.linalg.solve(apart.T @ apart, values[codes == 1].mean(axis=0) - values[codes == 0].mean(axis=0))
    direction = found.weight[0].double().numpy()
    cosine = direction @ wanted / np.linalg.norm(direction) / np.linalg.norm(wanted)
    assert abs(cosine) == pytest.approx(1, abs=2e-3)


def test_three_individuals_are_told_apart_as_scikit_learn_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHRINKAGE", 0.0)
    monkeypatch.setattr(module, "_telling", lambda features, *_: torch.ones(features.shape[1]))
    features, codes = clouds([[0.0, 0.0, 0.0], [2.0, 3.0, 0.0], [0.0, 2.0, 4.0]], each=300)
    ours = vectors(features, codes).double().numpy()[:, :2]
    theirs = LinearDiscriminantAnalysis(solver="eigen").fit(features.numpy(), codes.numpy()).transform(features.numpy())
    for column in range(2):
        assert abs(np.corrcoef(ours[:, column], theirs[:, column])[0, 1]) == pytest.approx(1, abs=5e-3)


def test_the_vectors_are_those_of_the_features_before_they_were_used_up() -> None:
    features, codes = clouds([[0.0, 0.0, 0.0], [2.0, 3.0, 0.0], [0.0, 2.0, 4.0]])
    torch.manual_seed(0)
    found = discriminant(features.clone(), codes, WIDTH)
    torch.testing.assert_close(found.vectors, features @ found.weight.T + found.bias, atol=1e-4, rtol=1e-4)


def test_directions_beyond_those_there_are_stay_empty() -> None:
    features, codes = clouds([[0.0, 0.0], [2.0, 2.0]])
    torch.manual_seed(0)
    found = discriminant(features.clone(), codes, WIDTH)
    assert found.weight.shape == (WIDTH, 2)
    assert not found.weight[2:].any()
    assert not found.bias[2:].any()


def test_a_feature_that_tells_nothing_counts_for_nothing() -> None:
    """The first column differs no more between individuals than within, the third is the same everywhere."""
    features, codes = clouds([[0.0, 0.0, 7.0], [0.0, 5.0, 7.0], [0.0, 10.0, 7.0]])
    features[:, 2] = 7
    for code in range(3):  # not by chance either
        features[codes == code, 0] -= features[codes == code, 0].mean()
    torch.manual_seed(0)
    weight = discriminant(features.clone(), codes, WIDTH).weight
    assert weight[:, 1].abs().max() > 0.1
    assert weight[:, 0].abs().max() == pytest.approx(0, abs=1e-6)
    assert weight[:, 2].abs().max() == pytest.approx(0, abs=1e-6)
    assert weight.isfinite().all()


def test_fewer_photos_than_numbers_of_each() -> None:
    features, codes = torch.randn(8, 500, generator=torch.Generator().manual_seed(0)), torch.arange(4).repeat_interleave(2)
    features += 5 * torch.nn.functional.one_hot(codes, 500)
    found = torch.nn.functional.normalize(vectors(features, codes), dim=1)
    cosines = found @ found.T
    same = codes[:, None] == codes
    off = ~torch.eye(8, dtype=torch.bool)
    assert cosines.isfinite().all()
    assert cosines[same & off].min() > cosines[~same].max()


def test_codes_need_not_be_without_gaps() -> None:
    features, codes = clouds([[0.0, 0.0], [2.0, 2.0]])
    assert torch.equal(vectors(features, codes), vectors(features, 7 + 5 * codes))


def test_every_individual_has_one_photo() -> None:
    """Nothing shows what stays the same: it must not fall over all the same."""
    features = torch.randn(5, 10, generator=torch.Generator().manual_seed(0))
    assert vectors(features, torch.arange(5)).isfinite().all()


def test_photos_that_are_all_the_same_tell_nothing() -> None:
    torch.manual_seed(0)
    found = discriminant(torch.full((6, 4), 3.0), torch.arange(3).repeat(2), WIDTH)
    assert not found.weight.any()
    assert not found.bias.any()

"""scikit-learn's own checks of every estimator."""

from collections.abc import Iterator

import pytest
import torch
from sklearn.base import BaseEstimator
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

from injerto.backbones.backbone import Backbone
from injerto.backbones.networks import build
from injerto.sklearn import EntityEmbedding, GraftClassifier, GraftRegressor, PhotoFeatures, SoundFeatures, file_features

# What takes time is fitting two hundred networks; a few large steps each show the same manners.
BRIEFLY = {"epochs": 10, "learning_rate": 0.05}


@pytest.fixture(autouse=True)
def random_weights(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No weights on disk are needed: the checks feed numbers, which are no files."""
    made: dict[str, Backbone] = {}
    monkeypatch.setattr(file_features, "_loaded", lambda name, file: made.setdefault(name, build(name).eval()))
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path_factory.mktemp("cache")))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # tables of thirty rows
    yield
    torch.set_num_threads(threads)


@pytest.mark.slow
@parametrize_with_checks(
    [
        GraftClassifier(**BRIEFLY),
        GraftRegressor(**BRIEFLY),
        EntityEmbedding(**BRIEFLY),
    ]
)
@pytest.mark.filterwarnings("ignore:Left out of X")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning")
def test_what_is_trained_passes_scikit_learns_checks(estimator: BaseEstimator, check):
    check(estimator)


@parametrize_with_checks(
    [
        PhotoFeatures(on_error="nan"),
        SoundFeatures(on_error="nan"),
        SoundFeatures(on_error="nan", clip_seconds=1.0),
    ]
)
def test_what_is_frozen_passes_scikit_learns_checks(estimator: BaseEstimator, check):
    check(estimator)


@pytest.mark.parametrize("transformer", [PhotoFeatures(), SoundFeatures()])
def test_files_that_must_be_readable_are_not_checked_with_numbers(transformer: BaseEstimator):
    with pytest.warns(SkipTestWarning, match="_skip_test"):
        check_estimator(transformer)


def test_tags_say_what_is_taken():
    for estimator in (GraftClassifier(), GraftRegressor(), EntityEmbedding(), PhotoFeatures(), SoundFeatures()):
        tags = estimator.__sklearn_tags__()
        assert tags.input_tags.allow_nan
        assert tags.input_tags.string
        assert not tags.input_tags.sparse
    assert not PhotoFeatures().__sklearn_tags__().requires_fit
    assert SoundFeatures().__sklearn_tags__().requires_fit
    assert not SoundFeatures(clip_seconds=2.0).__sklearn_tags__().requires_fit

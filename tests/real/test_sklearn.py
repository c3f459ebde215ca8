"""Real photos through a scikit-learn pipeline."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from injerto.backbones import weights
from injerto.sklearn import PhotoFeatures
from injerto.table.table import Table

PHOTOS = Path(__file__).parents[3] / "shared" / "data" / "ants_bees"


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos of ants and bees are not on this machine")
@pytest.mark.skipif(weights.find("efficientnet_lite0") is None, reason="run: injerto backbones get efficientnet_lite0")
def test_ants_and_bees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path))
    table = Table.read(PHOTOS)
    some = table.take(np.arange(0, len(table), 4)).frame
    pipeline = make_pipeline(PhotoFeatures(folder=PHOTOS), StandardScaler(), LogisticRegression(C=0.01))
    scores = cross_val_score(pipeline, some.select("file"), some["class"].to_numpy(), cv=3, error_score="raise")
    assert scores.mean() > 0.9

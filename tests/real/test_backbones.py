"""Pretrained weights on real photos and sounds: they see what they should, and the fast engines see the same."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch.nn import functional

from injerto.backbones import weights
from injerto.backbones.backbone import Backbone
from injerto.backbones.engines import EngineName
from injerto.backbones.frozen import extract
from injerto.backbones.suited import suited
from injerto.features.image import ImageFeature
from injerto.features.sound import SoundFeature
from injerto.schema.schema import Input
from injerto.table.column import Column

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def shared_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INJERTO_WEIGHTS", os.pathsep.join([str(weights.folder()), str(DATA / "weights")]))


def loaded(name: str) -> Backbone:
    if weights.find(name) is None:
        pytest.skip(f"the weights of {name} are not on this machine: injerto backbones get {name}")
    return weights.load(name)


@pytest.fixture(scope="module")
def insects() -> Column:
    if not (DATA / "ants_bees").exists():
        pytest.skip("the real data ants_bees is not on this machine")
    names = sorted(str(path.relative_to(DATA / "ants_bees")) for path in (DATA / "ants_bees").glob("*/*.jpg"))
    return Column("photo", pl.Series("photo", names), DATA / "ants_bees", np.arange(len(names)))


def kinds(insects: Column) -> np.ndarray:
    return np.array([name.split("/")[0] for name in insects.values])


def accuracy(vectors: torch.Tensor, labels: np.ndarray, folds: StratifiedKFold) -> float:
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    return float((cross_val_predict(probe, vectors.numpy(), labels, cv=folds) == labels).mean())


@pytest.mark.slow
def test_a_probe_tells_ants_from_bees(insects: Column) -> None:
    feature = suited(ImageFeature("photo", Input(kind="image")))
    found = extract(feature, insects, loaded("efficientnet_lite0"), engine="torch")
    assert found.readable.all()
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    assert accuracy(found.values, kinds(insects), folds) > 0.93


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_fast_engines_see_what_plain_torch_sees(insects: Column, engine: EngineName) -> None:
    if engine == "openvino":
        pytest.importorskip("openvino", reason="the extra 'fast' is not installed")
    backbone = loaded("efficientnet_lite0")
    feature = suited(ImageFeature("photo", Input(kind="image")))
    some = insects.take(np.arange(0, len(insects), 20))
    plain = extract(feature, some, backbone, engine="eager").values
    fast = extract(feature, some, backbone, engine=engine).values
    assert functional.cosine_similarity(fast, plain).min() > 0.99


@pytest.mark.parametrize("name", ["aisfx", "logmel_lite0", "mn04"])
def test_clips_of_one_sound_are_nearer_than_others(name: str) -> None:
    table = DATA / "esc10" / "clips.csv"
    if not table.exists():
        pytest.skip("the real data esc10 is not on this machine")
    frame = pl.read_csv(table).filter(pl.col("sound").is_in(["rain", "dog_bark", "dog", "crying_baby"]))
    frame = frame.group_by("sound", maintain_order=True).head(6)
    column = Column("clip", frame["clip"], table.parent, np.arange(len(frame)))
    feature = suited(SoundFeature("clip", Input(kind="sound", backbone=name))).fit(column)
    vectors = extract(feature, column, loaded(name), engine="torch").values
    centred = functional.normalize(vectors - vectors.mean(dim=0))
    likeness = centred @ centred.T - 2 * torch.eye(len(frame))
    nearest = frame["sound"].gather(likeness.argmax(dim=1).numpy())
    assert (nearest == frame["sound"]).mean() > 0.75  # by chance 0.3 to 0.5

"""What scikit-learn's own checks do not look at: mixed columns, files, pipelines, searches, groups, saving."""

import pickle
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from media_columns import photos, sounds
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import injerto
from injerto.backbones.backbone import Backbone
from injerto.backbones.networks import build
from injerto.errors import ColumnError, SchemaError, TableError
from injerto.sklearn import EntityEmbedding, GraftClassifier, GraftRegressor, PhotoFeatures, SoundFeatures, file_features

SITES = ["pond", "lake", "moor", "heath"]


@pytest.fixture(scope="module")
def backbones() -> dict[str, Backbone]:
    torch.manual_seed(0)
    return {name: build(name).eval() for name in ("efficientnet_lite0", "logmel_lite0", "aisfx")}


@pytest.fixture(autouse=True)
def no_weights_on_disk(backbones: dict[str, Backbone], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(file_features, "_loaded", lambda name, file: backbones[name])
    monkeypatch.setenv("INJERTO_CACHE", str(tmp_path / "cache"))
    # The statistics of random weights describe nothing, and 8 bits are laid out by them.
    monkeypatch.setenv("INJERTO_ENGINE", "eager")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def visits(rows: int = 80, seed: int = 0) -> pd.DataFrame:
    """Numbers, categories, dates and truths, with holes; the index is a named one, as after a merge."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "mass_g": random.normal(50, 10, rows).round(1),
            "site": random.choice(SITES, rows),
            "day": pd.date_range("2024-03-01", periods=rows),
            "ringed": random.random(rows) < 0.5,
        },
        index=pd.Index(np.arange(rows)[::-1] + 100, name="visit"),
    )
    frame.loc[frame.index[:4], "mass_g"] = np.nan
    frame.loc[frame.index[4:7], "site"] = None
    return frame


def habitat(frame: pd.DataFrame) -> pd.Series:
    return frame["site"].isin(["pond", "lake"]).map({True: "wet", False: "dry"}).rename("habitat")


def test_a_dataframe_of_mixed_columns():
    frame = visits()
    model = GraftClassifier(learning_rate=0.02).fit(frame, habitat(frame))
    assert {name: item.kind for name, item in model.artifact_.schema.inputs.items()} == {
        "mass_g": "number",
        "site": "category",
        "day": "date",
        "ringed": "category",
    }
    assert list(model.artifact_.schema.targets) == ["habitat"]
    assert model.classes_.tolist() == ["dry", "wet"]
    assert model.feature_names_in_.tolist() == frame.columns.tolist()
    assert model.score(frame, habitat(frame)) > 0.9
    assert model.predict_proba(frame).sum(axis=1) == pytest.approx(1)


def test_libraries_of_dataframes_and_arrays_of_objects_agree():
    frame = visits()[["mass_g", "site"]]
    options = {"epochs": 3, "kinds": {"mass_g": "number", "site": "category"}}
    as_pandas = GraftClassifier(**options).fit(frame, habitat(frame)).predict_proba(frame)
    others = pl.from_pandas(frame)
    as_polars = GraftClassifier(**options).fit(others, pl.Series(habitat(frame).to_numpy())).predict_proba(others)
    options["kinds"] = {"x0": "number", "x1": "category"}
    as_lists = GraftClassifier(**options).fit(frame.to_numpy().tolist(), habitat(frame).tolist())
    assert (as_pandas == as_polars).all()
    assert (as_pandas == as_lists.predict_proba(frame.to_numpy())).all()


def test_numbers_in_an_array_are_numbers_whatever_they_look_like():
    counter = np.arange(40)[:, None]
    model = GraftRegressor().fit(counter, counter[:, 0] * 2.5 + 1)
    assert model.artifact_.schema.inputs["x0"].kind == "number"
    assert model.score(counter, counter[:, 0] * 2.5 + 1) > 0.8
    categories = GraftRegressor(kinds={"x0": "category"}, epochs=2).fit(counter % 5, counter[:, 0])
    assert categories.artifact_.schema.inputs["x0"].kind == "category"


def test_columns_left_out_are_named():
    frame = visits().assign(name=[f"bird {row}" for row in range(80)])
    with pytest.warns(UserWarning, match=r"Left out of X: 'name': 80 different texts .* say its kind in `kinds`"):
        model = GraftClassifier(epochs=2).fit(frame, habitat(frame))
    assert "name" not in model.artifact_.schema.inputs
    assert len(model.predict(frame)) == 80


def test_the_same_seed_gives_the_same_model_and_another_another():
    frame = visits()
    fitted = [
        GraftClassifier(epochs=2, random_state=state).fit(frame, habitat(frame)).predict_proba(frame)
        for state in (3, 3, 4, np.random.RandomState(3))
    ]
    assert (fitted[0] == fitted[1]).all()
    assert not (fitted[0] == fitted[2]).all()
    assert not (fitted[0] == fitted[3]).all()


def test_what_is_saved_answers_the_same(tmp_path: Path):
    frame = visits()
    model = GraftClassifier(epochs=4).fit(frame, habitat(frame))
    again = injerto.load(model.model_.save(tmp_path / "habitat.model")).predict(frame).answers
    assert (again["habitat_probability_wet"].to_numpy() == model.predict_proba(frame)[:, 1]).all()
    assert (pickle.loads(pickle.dumps(model)).predict_proba(frame) == model.predict_proba(frame)).all()


@pytest.mark.parametrize("labels", [[3, 7], [True, False], [1.0, 2.0], ["a", "b"], [-1, 1]])
def test_classes_come_back_as_they_were(labels: list[object]):
    frame = visits()
    y = np.array([labels[found == "wet"] for found in habitat(frame)])
    model = GraftClassifier(epochs=24, learning_rate=0.05).fit(frame, y)
    assert model.classes_.dtype == model.predict(frame).dtype == y.dtype
    assert set(model.predict(frame).tolist()) <= set(labels)
    assert model.score(frame, y) > 0.9


def test_groups_stay_together_inside_fit():
    frame = visits()
    groups = np.repeat(np.arange(16), 5)
    model = GraftClassifier(epochs=2).fit(frame, habitat(frame), groups=groups)
    tune = set(groups[model.artifact_.rows.tune])
    assert tune
    assert not tune & set(groups[model.artifact_.rows.train])
    assert len(model.artifact_.rows.test) == 0
    assert model.n_features_in_ == 4
    assert len(model.predict(frame)) == 80


def test_cross_validation_by_groups():
    frame = visits(160)[["mass_g", "site"]]
    groups = np.repeat(np.arange(8), 20)
    model = GraftClassifier(epochs=12, learning_rate=0.05)
    scores = cross_val_score(model, frame, habitat(frame), groups=groups, cv=GroupKFold(2), error_score="raise")
    assert scores.mean() > 0.85


def test_a_grid_search_in_a_pipeline():
    random = np.random.default_rng(0)
    X = random.normal(size=(60, 3))
    y = X[:, 0] * 3 + random.normal(scale=0.1, size=60)
    search = GridSearchCV(
        make_pipeline(StandardScaler(), GraftRegressor(learning_rate=0.01, random_state=1)),
        {"graftregressor__epochs": [1, 15]},
        cv=2,
        error_score="raise",
    ).fit(X, y)
    assert search.best_params_["graftregressor__epochs"] == 15
    assert search.best_score_ > 0.5


def test_learned_rows_of_categories():
    frame = visits(200)[["site"]]
    wet = frame["site"].isin(["pond", "lake"])
    embedding = EntityEmbedding(epochs=20, learning_rate=0.02, width=4).set_output(transform="pandas").fit(frame, wet)
    rows = embedding.transform(pd.DataFrame({"site": ["pond", "lake", "moor", "tundra", None]}))
    assert rows.columns.tolist() == [f"site_{place}" for place in range(4)]
    pond, lake, moor, unknown, missing = rows.to_numpy()
    assert np.linalg.norm(pond - lake) < np.linalg.norm(pond - moor) / 2
    names = embedding.levels_["site"]
    assert names[:2] == ["UNKNOWN", "MISSING"]
    assert set(names[2:]) == set(SITES)
    for name, row in {"pond": pond, "UNKNOWN": unknown, "MISSING": missing}.items():
        assert (embedding.lookups_["site"][names.index(name)] == row).all()


def test_learned_rows_feed_another_model():
    frame = visits(200)
    height = (
        frame["site"].map({"pond": 1.0, "lake": 2.0, "moor": 3.0, "heath": 4.0}).fillna(0) + frame["mass_g"].fillna(50) / 100
    )
    columns = ColumnTransformer([("site", EntityEmbedding(), ["site", "ringed"])])
    pipeline = make_pipeline(columns, Ridge(alpha=1e-3)).fit(frame, height)
    assert pipeline.score(frame, height) > 0.9
    assert pipeline[0].get_feature_names_out()[[0, -1]].tolist() == ["site__site_0", "site__ringed_1"]


def test_photo_features(tmp_path: Path):
    files = photos(tmp_path, 3)
    frame = pd.DataFrame({"left": [*files, None], "right": [files[0], *files]})
    found = PhotoFeatures(folder=tmp_path).transform(frame)
    assert found.shape == (4, 2 * 1280)
    assert found.dtype == np.float32
    assert np.isnan(found[3, :1280]).all()
    assert (found[0, :1280] == found[0, 1280:]).all()
    assert (found[1, :1280] == found[2, 1280:]).all()
    assert (PhotoFeatures(folder=tmp_path).fit_transform(frame.to_numpy())[:3] == found[:3]).all()
    named = PhotoFeatures(folder=tmp_path).set_output(transform="polars").fit_transform(frame)
    assert (named.columns[0], named.columns[-1]) == ("left_0", "right_1279")


def test_sound_features_learn_how_long_to_listen(tmp_path: Path):
    frame = pl.DataFrame({"call": sounds(tmp_path, [0.6, 0.8, 0.7])})
    features = SoundFeatures(folder=tmp_path, backbone="logmel_lite0").fit(frame)
    assert features.clip_seconds_ == 0.8
    given = SoundFeatures(folder=tmp_path, backbone="logmel_lite0", clip_seconds=0.8)
    assert (features.transform(frame) == given.transform(frame)).all()
    assert features.get_feature_names_out()[-1] == "call_1279"


def test_files_that_cannot_be_read(tmp_path: Path):
    files = photos(tmp_path, 2)
    (tmp_path / "note.jpg").write_text("not a photo")
    frame = pd.DataFrame({"photo": [*files, "note.jpg", "gone.jpg"]})
    with pytest.raises(TableError, match=r"row 2, photo: note.jpg: .*row 3, photo: gone.jpg: no such file.*on_error='nan'"):
        PhotoFeatures(folder=tmp_path).transform(frame)
    found = PhotoFeatures(folder=tmp_path, on_error="nan").transform(frame)
    assert np.isnan(found).all(axis=1).tolist() == [False, False, True, True]
    with pytest.raises(ValueError, match="on_error must be 'raise' or 'nan', not 'skip'"):
        PhotoFeatures(on_error="skip").fit(frame)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"kinds": {"mas_g": "number"}}, ColumnError, "no column 'mas_g'. Did you mean 'mass_g'"),
        ({"kinds": {"mass_g": "photo"}}, SchemaError, "'photo' is not a kind of input. Did you mean 'image'"),
        ({"mode": "fast"}, SchemaError, "GraftClassifier: 'training.mode'"),
        ({"tune_share": 2.0}, SchemaError, "split.tune_share"),
    ],
)
def test_wrong_options(options: dict[str, object], error: type[Exception], words: str):
    frame = visits()
    with pytest.raises(error, match=words):
        GraftClassifier(**options).fit(frame, habitat(frame))


def test_wrong_data():
    frame = visits()
    y = habitat(frame)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        GraftClassifier().fit(frame, y[:5])
    with pytest.raises(ValueError, match=r"2 sample\(s\) .* minimum of 3 is required by GraftClassifier"):
        GraftClassifier().fit(frame[:2], y[:2])
    with pytest.raises(ValueError, match=r"0 feature\(s\)"):
        GraftClassifier().fit(frame[[]], y)
    with pytest.raises(ValueError, match="needs at least 2 classes in y, but there is one class only: 'wet'"):
        GraftClassifier().fit(frame, ["wet"] * 80)
    with pytest.raises(ValueError, match=r"must differ by more than spaces.*'wet', 'wet '"):
        GraftClassifier().fit(frame, ["wet", "wet "] * 40)
    with pytest.raises(ValueError, match="could not convert string to float"):
        GraftRegressor().fit(frame, y)
    with pytest.raises(SchemaError, match="3 in every row"):
        GraftRegressor().fit(frame, [3.0] * 80)


def test_a_row_whose_photo_is_gone_is_not_answered(
    tmp_path: Path, backbones: dict[str, Backbone], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(import_module("injerto.train_rows"), "load", lambda name: backbones[name])
    files = photos(tmp_path, 12)
    (tmp_path / files[5]).write_bytes(b"")
    frame = pd.DataFrame({"photo": files})
    y = [0, 1] * 6
    with pytest.warns(UserWarning, match=r"Nothing was learned from some rows: row 5, photo: 5.png: zero bytes"):
        model = GraftClassifier(folder=tmp_path).fit(frame, y)
    assert model.artifact_.schema.inputs["photo"].kind == "image"
    assert len(model.predict(frame[:5])) == 5
    with pytest.raises(TableError, match=r"Some rows cannot be answered: row 5, photo: 5.png: zero bytes"):
        model.predict(frame)


def test_probe_on_vectors_of_photos(tmp_path: Path):
    frame = pl.DataFrame({"photo": photos(tmp_path, 8)})
    y = np.array([0, 1] * 4)
    pipeline = make_pipeline(PhotoFeatures(folder=tmp_path), StandardScaler(), LogisticRegression())
    assert pipeline.fit(frame, y).score(frame, y) == 1


def test_promises_are_asked_of_the_model_behind_the_estimator() -> None:
    """`predict` of scikit-learn answers every row; the other door says of which it cannot tell."""
    frame = visits(400)
    fitted = GraftClassifier(epochs=3, tune_share=0.4).fit(frame, habitat(frame))
    found = fitted.model_.predict(frame, max_error=0.3).answers
    assert set(found[f"{fitted.target_}_decision"]) <= {"answered", "cannot tell"}
    assert len(fitted.predict(frame)) == len(found) == 400

"""Rows of files and table columns: a probe answers from the files, the body corrects it."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

import injerto
from columns import column
from injerto.backbones.networks import build
from injerto.backbones.suited import suited
from injerto.examples import examples_of
from injerto.features.declared import features_of
from injerto.features.sound import SoundFeature
from injerto.heads import HEADS
from injerto.learning.multipliers import parameter_groups
from injerto.model import Model
from injerto.network import Batch, Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from small import photo_folder


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, injerto.Table]:
    """Leaves whose photo tells red from green, with a category that tells nothing and one photo cell that is empty."""
    table = injerto.Table.read(photo_folder(tmp_path_factory.mktemp("leaves"), each=20))
    sides = np.random.default_rng(0).choice(["left", "right"], size=len(table))
    files = [None if row == 3 else file for row, file in enumerate(table.frame["file"])]
    frame = table.frame.with_columns(pl.Series("side", sides), pl.Series("file", files))
    whole = injerto.Table.of(frame, folder=table.folder)
    return injerto.train(whole, "class", inputs=["side:category", "file:image"], mode="probe", seed=2), whole


def test_the_row_is_at_least_as_good_as_its_photo(mixed: tuple[Model, injerto.Table]) -> None:
    model, table = mixed
    assert model.evaluate(table).targets["class"].figures["accuracy"] >= 0.9


def test_an_empty_photo_cell_is_answered_from_the_rest(mixed: tuple[Model, injerto.Table]) -> None:
    model, table = mixed
    found = model.predict(table)
    assert len(found.ledger) == 0
    assert found.answers["class"].null_count() == 0


def test_the_probe_was_fitted_and_kept_by_the_refit(mixed: tuple[Model, injerto.Table]) -> None:
    network = mixed[0].network
    assert list(network.probe_heads) == ["class"]
    assert network.probe_heads["class"].convolve.weight.detach().abs().sum() > 0


def test_outputs_given_for_the_probe_stand_in_for_it(mixed: tuple[Model, injerto.Table]) -> None:
    model, table = mixed
    network = model.network
    examples = examples_of(network, table, cache=model.cache, progress=Silent())
    batch = examples.batch(torch.arange(8))
    with torch.no_grad():
        own = network.probe_heads["class"](network.probe_inputs(network.embed_files(batch), batch))[:, 0]
        given = Batch(batch.scalars, batch.vectors, probed={"class": own + 2.0})
        torch.testing.assert_close(network(given)["class"], network(batch)["class"] + 2.0)


def test_every_parameter_outside_the_backbone_is_in_one_group(mixed: tuple[Model, injerto.Table]) -> None:
    network = mixed[0].network
    grouped = [id(one) for group in parameter_groups(network, {}, 1.0, backbone=True) for one in group.parameters]
    assert sorted(grouped) == sorted(id(one) for one in network.parameters())


def test_a_saved_model_answers_the_same(mixed: tuple[Model, injerto.Table], tmp_path: Path) -> None:
    model, table = mixed
    again = injerto.load(model.save(tmp_path / "leaves.model"))
    assert again.predict(table).answers.equals(model.predict(table).answers)


def test_networks_side_by_side_have_the_same_say() -> None:
    features = [suited(feature) for feature in features_of({"clip": Input(kind="sound", backbone="aisfx+logmel_lite0")})]
    head = HEADS["number"]("size", Target(kind="number"))
    network = Network(features, [head], {name: build(name) for name in ("aisfx", "logmel_lite0")})
    generator = torch.Generator().manual_seed(0)
    energies = []
    for embedder in network.media.values():
        vectors = torch.randn(50, embedder.width, generator=generator) * embedder.width
        embedder.standardise(vectors)
        energies.append(embedder.from_vector(vectors).square().sum(dim=1).mean().item())
    assert energies == pytest.approx([(512 + 1280) / 2] * 2, rel=1e-4)


def test_a_row_without_a_sound_is_trusted() -> None:
    """It has nothing that could be strange; what else the row holds must not be doubted for it."""
    declared = features_of({"clip": Input(kind="sound", backbone="small_cnn")})
    (feature,) = [suited(one).fit(column([None], name="clip")) for one in declared]
    assert isinstance(feature, SoundFeature)
    head = HEADS["class"]("kind", Target(kind="class")).fit(column(["a", "b"], name="kind"))
    network = Network([feature], [head], {"small_cnn": build("small_cnn")}).eval()
    assert network.familiarity is not None
    usual = torch.randn(40, 256, generator=torch.Generator().manual_seed(0)) * 0.1 + 1
    network.familiarity.fit(usual, torch.arange(40) % 5, noise=-usual[:3])
    vectors = torch.stack([usual[0], -usual[0], torch.full((256,), torch.nan)])
    trust = network.trust(Batch({}, vectors={"file0": vectors}))
    assert trust is not None
    assert trust[1] < 0.05
    assert trust[2] == 1
    raw = Batch({}, raw={"file0": torch.zeros(2, feature.samples)}, empty={"file0": torch.tensor([True, False])})
    assert network.hears(raw).tolist() == [False, True]

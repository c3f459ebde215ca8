"""Maps worked by hand on a head of known weights, and the checks that a map must pass."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch

from injerto.artifact.artifact import Artifact
from injerto.backbones.lattice import Lattice
from injerto.examples import examples_of
from injerto.explain.asked import ASKED, Asked
from injerto.explain.erase import erased_photo, erased_sound
from injerto.explain.maps import carried_back, grad_cam, own_map, slopes
from injerto.explain.sanity import Part, area, deletion, randomised, rank_correlation
from injerto.network import Batch, Network
from injerto.progress import Silent
from injerto.table.table import Table
from made_everything import everything, model_of

PARTS: tuple[Part, ...] = ("head", "backbone", "all")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return everything(tmp_path_factory.mktemp("everything"), rows=12)


def asked(artifact: Artifact, table: Table, row: int = 0) -> tuple[Network, str, torch.Tensor, Batch, Asked]:
    """The network, its only block of files, the file of a row, the row, and what is answered."""
    network = artifact.network
    assert isinstance(network, Network)
    examples = examples_of(network, table, cache=None, progress=Silent())
    batch = examples.batch(torch.tensor([row]))
    (key,) = network.media
    feature = next(block.features[0] for block in network.blocks if block.key == key)
    head = next(iter(network.targets.values()))
    with torch.no_grad():
        one = ASKED[head.kind].of(head, head.answer(network(batch)[head.name]))
    return network, key, feature.read(feature.column(table), row), batch, one


@pytest.mark.parametrize("target", ["species", "tags", "age"])
def test_the_mean_of_the_heads_own_map_is_what_the_file_adds(table: Table, target: str) -> None:
    network, key, pixels, batch, one = asked(model_of(table, ["photo"], [target]), table)
    with torch.no_grad():
        places = network.media[key].backbone.map(pixels[None])
        vector = places.mean(dim=(2, 3))
        average = network.media[key].mean[None]
        whole, plain = (one.score(network(Batch({}, {key: values}))[target]) for values in (vector, average))
    own = own_map(network, key, places[0], batch, one)
    assert own.shape == (2, 2)
    torch.testing.assert_close(own.mean(), (whole - plain)[0], rtol=1e-3, atol=1e-4)


def test_grad_cam_by_hand(table: Table) -> None:
    network, key, pixels, batch, one = asked(model_of(table, ["photo"], ["species"]), table)
    embedder = network.media[key]
    with torch.no_grad():
        places = embedder.backbone.map(pixels[None])
        weight = network.targets["species"].convolve.weight[:, :, 0, 0]
        own = (weight[one.place] - weight.mean(dim=0)) / embedder.scale / places[0, 0].numel()
        expected = (own[:, None, None] * places[0]).sum(dim=0).relu()
    found = grad_cam(places[0], slopes(network, key, places, batch, one)[0])
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-6)


def test_beside_table_columns_the_probes_weights_make_the_map(table: Table) -> None:
    network, key, pixels, batch, one = asked(model_of(table, ["photo", "mass", "site"], ["age"]), table)
    with torch.no_grad():
        places = network.media[key].backbone.map(pixels[None])
        probe = network.probe_heads["age"].convolve.weight[0, :, 0, 0]
        scaled = network.media[key].map(pixels[None])[0]
        expected = (probe[:, None, None] * scaled).sum(dim=0) * network.targets["age"].std_
    torch.testing.assert_close(own_map(network, key, places[0], batch, one), expected, rtol=1e-3, atol=1e-3)


def test_what_is_carried_back_through_means_adds_up(table: Table) -> None:
    network, key, samples, batch, one = asked(model_of(table, ["call"], ["age"]), table)
    with torch.no_grad():
        grid = network.media[key].backbone.grid(samples[None])
    slope = slopes(network, key, grid, batch, one)[0]
    back = carried_back(grid[0], slope)
    assert back.shape == grid.shape[2:]
    torch.testing.assert_close(back.mean(), (grid[0] * slope).sum())


@pytest.mark.parametrize("column", ["photo", "call"])
def test_random_weights_destroy_the_map(table: Table, column: str) -> None:
    model = model_of(table, [column], ["species"], pixels=128)
    others = {(part, seed): randomised(model.network, part, seed) for part in PARTS for seed in range(2)}
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    for row in range(3):
        network, key, file, batch, one = asked(model, table, row)
        true = by_place(network, key, file, batch, one)
        assert rank_correlation(true, by_place(deepcopy(network), key, file, batch, one)) > 0.999
        for (part, _), other in others.items():
            found[part].append(rank_correlation(true, by_place(other, key, file, batch, one)))
    for part, own in found.items():
        assert abs(np.nanmean(own)) < 0.4, part


def by_place(network: Network, key: str, file: torch.Tensor, batch: Batch, one: Asked) -> np.ndarray:
    with torch.no_grad():
        grid = network.media[key].backbone.grid(file[None])
    return carried_back(grid[0], slopes(network, key, grid, batch, one)[0]).numpy()


def test_deleting_what_counts_first_beats_random_orders() -> None:
    pixels = torch.zeros(3, 8, 8, dtype=torch.uint8)
    pixels[:, :4, :4] = 200  # one of four places is bright, and only brightness counts
    true = np.array([1.0, 0.0, 0.0, 0.0])

    def value(gone: np.ndarray) -> float:
        return float(erased_photo(pixels, gone, (2, 2)).max()) / 200

    first = deletion(value, np.argsort(-true, kind="stable"), 4)
    np.testing.assert_allclose(first, [1, 0.25, 0.25, 0.25, 0.25])
    last = deletion(value, np.array([3, 2, 1, 0]), 4)
    np.testing.assert_allclose(last, [1, 1, 1, 1, 0.25])
    assert area(first) < area(last)


def test_a_tone_is_gone_where_its_places_are_erased_and_only_there() -> None:
    rate_hz = 8000
    time = np.arange(rate_hz * 2) / rate_hz
    low, high = np.sin(2 * np.pi * 500 * time), np.sin(2 * np.pi * 3000 * time)
    samples = torch.from_numpy((low + high).astype(np.float32))
    lattice = Lattice(np.array([[0.0, 1.0], [1.0, 2.1]]), np.array([[0.0, 1500.0], [1500.0, 4001.0]]))
    gone = np.array([False, False, True, False])  # high, in the first second
    left = erased_sound(samples, gone, lattice, rate_hz).numpy()
    inner = slice(rate_hz // 4, 3 * rate_hz // 4)
    np.testing.assert_allclose(left[inner], low[inner], atol=0.02)
    np.testing.assert_allclose(left[rate_hz + inner.start : rate_hz + inner.stop], samples.numpy()[rate_hz:][inner], atol=0.02)
    np.testing.assert_allclose(erased_sound(samples, np.zeros(4, bool), lattice, rate_hz), samples, atol=1e-4)


def test_a_place_that_overlaps_one_that_stays_is_not_erased() -> None:
    samples = torch.randn(8000, generator=torch.Generator().manual_seed(0))
    lattice = Lattice(np.array([[-1.0, 2.0], [-1.0, 2.0]]), np.array([[0.0, 4001.0]]))
    np.testing.assert_allclose(erased_sound(samples, np.array([True, False]), lattice, 8000), samples, atol=1e-4)
    assert erased_sound(samples, np.array([True, True]), lattice, 8000).abs().max() == 0

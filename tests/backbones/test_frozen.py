import time
from pathlib import Path

import numpy as np
import pytest
import torch
from media_columns import column_of, photos, sounds
from torch import nn

from injerto.backbones import engines, openvino_engine
from injerto.backbones.backbone import Backbone
from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import EagerEngine, EngineName, TorchEngine, engine_of
from injerto.backbones.frozen import Vectors, extract
from injerto.backbones.networks import build
from injerto.errors import BackboneError
from injerto.features.image import ImageFeature
from injerto.features.sound import SoundFeature
from injerto.schema.schema import Input
from injerto.table.column import Column


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    """Random weights, batch-norm statistics from random photos so that the features are not all zero."""
    torch.manual_seed(0)
    network = build("efficientnet_lite0")
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = None
    with torch.no_grad():
        network.train().vector(torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8))
    return network.eval()


@pytest.fixture
def feature() -> ImageFeature:
    return ImageFeature("media", Input(kind="image")).suit("efficientnet_lite0", 32)


def look(feature: ImageFeature, column: Column, backbone: Backbone, **options: object) -> Vectors:
    return extract(feature, column, backbone, **{"engine": "torch", **options})  # type: ignore[arg-type]


@pytest.fixture
def whole_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines in float32: random weights magnify rounding. tests/real has what half the bits cost with real ones."""
    monkeypatch.setattr(engines, "best_bits", lambda: "float32")
    monkeypatch.setattr(openvino_engine, "best_bits", lambda: "float32")


def close(one: torch.Tensor, two: torch.Tensor) -> bool:
    return torch.allclose(one, two, rtol=1e-3, atol=1e-3)


def cosine(one: torch.Tensor, two: torch.Tensor) -> float:
    return float(nn.functional.cosine_similarity(one, two).min())


@pytest.mark.usefixtures("whole_bits")
def test_vectors_are_those_of_the_plain_network(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    column = column_of(photos(tmp_path, 19), tmp_path)
    with torch.no_grad():
        expected = backbone.vector(feature.encode(column))
    plain = look(feature, column, backbone, engine="eager")
    assert close(plain.values, expected)
    fast = look(feature, column, backbone)
    assert close(fast.values, expected)
    assert fast.computed == 19
    assert fast.readable.all()
    assert len(fast.ledger) == 0


def test_what_cannot_be_read_is_listed_and_costs_its_row_only(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone
) -> None:
    names = photos(tmp_path, 3)
    (tmp_path / "text.jpg").write_text("no photo")
    (tmp_path / "nothing.jpg").write_bytes(b"")
    cells = [names[0], "missing.jpg", None, "text.jpg", names[1], "nothing.jpg", names[2]]
    found = look(feature, column_of(cells, tmp_path, first_row=100), backbone)
    assert found.readable.tolist() == [True, False, False, False, True, False, True]
    assert found.empty.tolist() == [False, False, True, False, False, False, False]
    assert found.values.isnan().any(dim=1).tolist() == [False, True, True, True, False, True, False]
    assert [(entry.row, entry.column, entry.file) for entry in found.ledger] == [
        (101, "media", "missing.jpg"),
        (103, "media", "text.jpg"),
        (105, "media", "nothing.jpg"),
    ]
    assert [entry.reason.split(":")[0] for entry in found.ledger] == ["no such file", "not a picture", "zero bytes"]


def test_a_column_without_any_file(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    found = look(feature, column_of([None, None], tmp_path), backbone)
    assert found.values.shape == (2, 1280)
    assert found.values.isnan().all()
    assert found.computed == 0


def test_copies_are_computed_once_and_bad_copies_listed_each(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    one, two = photos(tmp_path, 2)
    (tmp_path / "copy.png").write_bytes((tmp_path / one).read_bytes())
    (tmp_path / "bad1.jpg").write_bytes(b"the same rubbish")
    (tmp_path / "bad2.jpg").write_bytes(b"the same rubbish")
    found = look(feature, column_of([one, two, "copy.png", one, "bad1.jpg", "bad2.jpg"], tmp_path), backbone)
    assert found.computed == 2
    assert torch.equal(found.values[0], found.values[2])
    assert torch.equal(found.values[0], found.values[3])
    assert not torch.equal(found.values[0], found.values[1])
    assert [entry.file for entry in found.ledger] == ["bad1.jpg", "bad2.jpg"]
    assert found.readable.tolist() == [True] * 4 + [False] * 2


@pytest.mark.parametrize("engine", ["torch", "exact", "eager"])
def test_a_vector_does_not_depend_on_its_neighbours(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone, engine: EngineName
) -> None:
    names = photos(tmp_path, 21)
    together = look(feature, column_of(names, tmp_path), backbone, engine=engine).values
    alone = [look(feature, column_of([name], tmp_path), backbone, engine=engine).values for name in (names[0], names[20])]
    assert torch.equal(torch.cat(alone), together[[0, 20]])
    backwards = look(feature, column_of(names[::-1], tmp_path), backbone, engine=engine).values
    assert torch.equal(backwards.flip(0), together)


def test_exact_is_float32(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    names = photos(tmp_path, 9)
    exact, plain = (look(feature, column_of(names, tmp_path), backbone, engine=engine).values for engine in ("exact", "eager"))
    assert float((exact - plain).abs().max()) < 1e-4 * float(plain.abs().max())


def test_bytes_structs_and_grey_levels_are_cells_too(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    (name,) = photos(tmp_path, 1)
    content = (tmp_path / name).read_bytes()
    with VectorCache(tmp_path / "cache") as cache:
        path = look(feature, column_of([name], tmp_path), backbone, cache=cache).values
        data = look(feature, column_of([content], tmp_path), backbone, cache=cache)
        struct = look(feature, column_of([{"bytes": content, "path": "x.png"}], tmp_path), backbone, cache=cache)
        grey = look(feature, column_of([" ".join(["7"] * 32 * 32)], tmp_path), backbone, cache=cache)
    assert torch.equal(path, data.values)
    assert torch.equal(path, struct.values)
    assert (data.computed, struct.computed, grey.computed) == (0, 0, 1)
    assert not grey.values.isnan().any()


def test_cached_vectors_are_the_same_bits_and_nothing_is_read(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = column_of([*photos(tmp_path, 11), None, "missing.png"], tmp_path)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)  # the files have settled
    with VectorCache(tmp_path / "cache") as cache:
        first = look(feature, column, backbone, cache=cache)
        monkeypatch.setattr("injerto.features.image.read_pixels", None)
        second = look(feature, column, backbone, cache=cache)
    assert (first.computed, second.computed) == (11, 0)
    assert torch.equal(first.values.nan_to_num(7), second.values.nan_to_num(7))
    assert second.readable.tolist() == first.readable.tolist()
    assert list(second.ledger) == list(first.ledger)


def test_the_cache_knows_file_transform_backbone_and_engine(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    names = photos(tmp_path, 2)
    column = column_of(names, tmp_path)
    with VectorCache(tmp_path / "cache") as cache:
        assert look(feature, column, backbone, cache=cache).computed == 2
        assert look(feature, column, backbone, cache=cache).computed == 0
        (tmp_path / names[0]).write_bytes((tmp_path / names[1]).read_bytes())  # another content under the old name
        changed = look(feature, column, backbone, cache=cache)
        assert changed.computed == 0
        assert torch.equal(changed.values[0], changed.values[1])
        larger = ImageFeature("media", Input(kind="image")).suit("efficientnet_lite0", 40)
        assert look(larger, column, backbone, cache=cache).computed == 1
        assert look(feature, column, backbone, cache=cache, engine="eager").computed == 1
        torch.manual_seed(3)
        assert look(feature, column, build("efficientnet_lite0"), cache=cache).computed == 1


def test_trouble_with_the_cache_is_said_and_costs_nothing_else(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone
) -> None:
    column = column_of(photos(tmp_path, 2), tmp_path)
    (tmp_path / "file").write_text("not a folder")
    found = look(feature, column, backbone, cache=VectorCache(tmp_path / "file"))
    assert found.readable.all()
    assert found.computed == 2


def test_threads_are_as_before_and_errors_reach_the_caller(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = column_of(photos(tmp_path, 30), tmp_path)
    before = torch.get_num_threads()
    look(feature, column, backbone)
    assert torch.get_num_threads() == before

    def broken(self: ImageFeature, cell: object, folder: Path, row: int | None) -> torch.Tensor:
        raise RuntimeError("a fault of the program, not of the file")

    monkeypatch.setattr(ImageFeature, "decode", broken)
    with pytest.raises(RuntimeError, match="a fault of the program"):
        look(feature, column, backbone)
    assert torch.get_num_threads() == before


@pytest.mark.usefixtures("whole_bits")
def test_the_folded_way_without_fused_operators(
    tmp_path: Path, feature: ImageFeature, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = column_of(photos(tmp_path, 3), tmp_path)
    plain = look(feature, column, backbone, engine="eager").values
    monkeypatch.setattr(engines, "fused_works", lambda: False)
    found = look(feature, column, backbone)
    assert found.engine.startswith("torch folded")
    assert close(found.values, plain)


@pytest.mark.usefixtures("whole_bits")
def test_openvino_agrees(tmp_path: Path, feature: ImageFeature, backbone: Backbone) -> None:
    pytest.importorskip("openvino", reason="the extra 'fast' is not installed")
    column = column_of(photos(tmp_path, 6), tmp_path)
    plain = look(feature, column, backbone, engine="eager").values
    found = look(feature, column, backbone, engine="openvino")
    assert close(found.values, plain)
    assert found.computed == 6


@pytest.mark.usefixtures("whole_bits")
def test_openvino_agrees_on_sounds(tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="the extra 'fast' is not installed")
    torch.manual_seed(0)
    network, column = build("small_cnn"), column_of(sounds(tmp_path, [0.3, 0.5, 0.7]), tmp_path)
    feature = SoundFeature("media", Input(kind="sound")).suit("small_cnn", 16_000).fit(column)
    plain = extract(feature, column, network, engine="eager")
    found = extract(feature, column, network, engine="openvino")
    assert close(found.values, plain.values)


def test_sounds(tmp_path: Path) -> None:
    torch.manual_seed(0)
    backbone = build("aisfx")
    column = column_of([*sounds(tmp_path, [0.3, 0.5, 0.7]), None], tmp_path)
    feature = SoundFeature("media", Input(kind="sound")).suit("aisfx", 44_100).fit(column)
    found = extract(feature, column, backbone, engine="torch")
    with torch.no_grad():
        expected = backbone.vector(feature.encode(column.take(np.arange(3))))
    assert cosine(found.values[:3], expected) > 0.99
    assert found.values[3].isnan().all()


def test_which_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert isinstance(engine_of("auto"), TorchEngine)
    assert engine_of("exact").name.endswith("float32")
    monkeypatch.setenv("INJERTO_ENGINE", "eager")
    assert isinstance(engine_of("auto"), EagerEngine)
    assert isinstance(engine_of("exact"), EagerEngine)
    assert isinstance(engine_of("torch"), TorchEngine)
    monkeypatch.setenv("INJERTO_ENGINE", "openvin")
    with pytest.raises(BackboneError, match=r"no engine 'openvin'. Did you mean 'openvino'\? Known are: auto, exact, eager"):
        engine_of("auto")
    monkeypatch.delenv("INJERTO_ENGINE")
    with pytest.raises(BackboneError, match="needs a GPU that torch can use"):
        engine_of("cuda").prepare(build("efficientnet_lite0"), torch.zeros(1))

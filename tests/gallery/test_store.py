"""A gallery in a folder: the same after reading, refused when it is not whole."""

from pathlib import Path

import polars as pl
import pytest
import torch
from safetensors.torch import load_file, save_file

from injerto.errors import ArtifactError
from injerto.gallery import gallery as gallery_module
from injerto.gallery import store
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.likeness import Likeness
from made_gallery import at_angles, clustered, photos


def some() -> Gallery:
    frame = photos(["Luna", "Luna", "Sol"], sighting=["dawn", None, "noon"], flank=[None, "left", "right"])
    frame = frame.with_columns(thumbnail=pl.Series([b"\xff\xd8small", None, b"x"]))
    return Gallery.empty(2, "network a").added(frame, at_angles(0, 60.3, 90)).gallery


def test_what_is_read_is_what_was_written(tmp_path: Path):
    before = some()
    store.write(before, tmp_path)
    after = store.read(tmp_path)
    assert after is not None
    assert after.photos.equals(before.photos)
    assert torch.equal(after.vectors, before.vectors)
    assert after.made_by == "network a"
    assert after.cells is None
    nothing = Asked.nothing(1)
    assert torch.equal(after.scores(at_angles(20), nothing), before.scores(at_angles(20), nothing))
    assert load_file(tmp_path / store.TENSORS)["vectors"].dtype == torch.float16
    modes = {(tmp_path / name).stat().st_mode for name in store.FILES}
    assert len(modes) == 1


def test_how_alike_photos_are_is_kept_and_must_fit(tmp_path: Path):
    gallery = Gallery.empty(8, "network a", Likeness(2, 1)).added(photos(["Luna", "Sol"]), torch.eye(8)[:2]).gallery
    store.write(gallery, tmp_path)
    after = store.read(tmp_path)
    assert after is not None
    assert after.likeness == Likeness(2, 1)
    queries, nothing = torch.eye(8)[2:4], Asked.nothing(2)
    assert torch.equal(after.scores(queries, nothing), gallery.scores(queries, nothing))
    # The first place of Luna's map is turned to what the query shows; Sol's has the other descriptor.
    assert gallery.scores(queries[:1], Asked.nothing(1))[0].tolist() == pytest.approx([1.0, 0.0], abs=1e-6)
    for side, reach in (("3", "1"), ("wide", "1"), ("2", "-1")):
        save_file(load_file(tmp_path / store.TENSORS), tmp_path / store.TENSORS, metadata={"side": side, "reach": reach})
        with pytest.raises(ArtifactError, match="no maps of the side it names"):
            store.read(tmp_path)


def test_a_folder_without_a_gallery_has_none(tmp_path: Path):
    assert store.read(tmp_path) is None


def test_an_empty_gallery_is_a_gallery(tmp_path: Path):
    store.write(Gallery.empty(7), tmp_path)
    found = store.read(tmp_path)
    assert found is not None
    assert (len(found), found.width) == (0, 7)


def test_cells_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gallery_module, "LARGE", 100)
    names, vectors = clustered(30, 5, 8)
    before = Gallery.empty(8).added(photos(names), vectors).gallery
    store.write(before, tmp_path)
    after = store.read(tmp_path)
    assert after is not None
    assert after.cells is not None
    assert before.cells is not None
    assert torch.equal(after.cells.centres, before.cells.centres)
    assert torch.equal(after.cells.sizes, before.cells.sizes)
    assert after.cells.learned_from == 150


@pytest.mark.parametrize("name", store.FILES)
def test_half_a_gallery_is_refused(tmp_path: Path, name: str):
    store.write(some(), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArtifactError, match=f"lacks its file {name}. Copy the whole folder again"):
        store.read(tmp_path)


@pytest.mark.parametrize("name", store.FILES)
def test_damage_is_said(tmp_path: Path, name: str):
    store.write(some(), tmp_path)
    (tmp_path / name).write_bytes(b"\x80\x04 not what it says it is")
    with pytest.raises(ArtifactError, match=r"The gallery in '.*' is damaged"):
        store.read(tmp_path)


VECTORS = some().vectors.half()
CELLS = {"cell_centres": torch.ones(1, 2), "cell_sizes": torch.tensor([3])}


@pytest.mark.parametrize(
    ("tensors", "facts", "words"),
    [
        ({"other": VECTORS}, {}, "holds no vectors in half precision"),
        ({"vectors": VECTORS.float()}, {}, "holds no vectors in half precision"),
        ({"vectors": VECTORS[:2].clone()}, {}, "2 vectors for 3 photos"),
        ({"vectors": VECTORS * 2}, {}, "not of length 1"),
        ({"vectors": VECTORS * float("nan")}, {}, "not of length 1"),
        ({"vectors": VECTORS, **CELLS, "cell_sizes": torch.tensor([4])}, {"learned_from": "3"}, "cells do not fit its photos"),
        ({"vectors": VECTORS, "cell_sizes": torch.tensor([3])}, {"learned_from": "3"}, "cells do not fit its photos"),
        ({"vectors": VECTORS, **CELLS}, {}, "do not say what they were learned from"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path, tensors, facts, words):
    store.write(some(), tmp_path)
    save_file(tensors, tmp_path / store.TENSORS, metadata=facts)
    with pytest.raises(ArtifactError, match=words):
        store.read(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame.drop("flank"), "has other columns than individual, photo"),
        (lambda frame: frame.with_columns(individual=pl.lit(None, pl.String)), "'individual' is empty in some rows"),
    ],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, change, words):
    store.write(some(), tmp_path)
    change(some().photos).write_parquet(tmp_path / store.PHOTOS)
    with pytest.raises(ArtifactError, match=words):
        store.read(tmp_path)

"""A long recording is read once for all its clips; a clip is found again by content and times."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from injerto.backbones import recall
from injerto.backbones.backbone import Backbone
from injerto.backbones.cache import VectorCache
from injerto.backbones.frozen import extract
from injerto.backbones.networks import build
from injerto.features.sound import SoundFeature
from injerto.schema.schema import Input
from injerto.table.column import Column
from injerto.table.table import Table

RATE_HZ = 44_100
OPTIONS = Input(kind="sound", start="start_s", end="end_s", clip_seconds=0.5)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    torch.manual_seed(0)
    return build("aisfx").eval()


@pytest.fixture
def feature() -> SoundFeature:
    state = {"backbone": "aisfx", "resolution": RATE_HZ, "clip_seconds": 0.5}
    return SoundFeature("file", OPTIONS).restore(state)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose content was read for its digest."""
    names: list[str] = []
    plain = recall.hashlib.file_digest

    def noted(file: object, kind: str) -> object:
        names.append(Path(file.name).name)  # type: ignore[attr-defined]
        return plain(file, kind)  # type: ignore[arg-type]

    monkeypatch.setattr(recall.hashlib, "file_digest", noted)
    return names


def clips(folder: Path, feature: SoundFeature, rows: list[tuple[str, float | None, float | None]]) -> Column:
    for number, name in enumerate(sorted({row[0] for row in rows})):
        if name != "none.wav" and not (folder / name).exists():
            noise = np.random.default_rng(number).normal(0, 0.1, 3 * RATE_HZ).astype(np.float32)
            soundfile.write(folder / name, noise, RATE_HZ)
    columns = dict(zip(("file", "start_s", "end_s"), map(list, zip(*rows, strict=True)), strict=True))
    return feature.column(Table.of(columns, folder=folder))


def test_clips_have_vectors_of_their_own_and_copies_share_them(
    tmp_path: Path, backbone: Backbone, feature: SoundFeature, hashed: list[str]
) -> None:
    rows = [("a.wav", 0.0, 0.5), ("a.wav", 1.0, 1.5), ("b.wav", 0.0, 0.5), ("a.wav", 1.0, 1.5), ("a.wav", 9.0, 9.5)]
    column = clips(tmp_path, feature, [*rows, ("none.wav", 0.0, 1.0), ("a.wav", None, None)])
    found = extract(feature, column, backbone, engine="torch")
    assert found.computed == 4
    assert torch.equal(found.values[1], found.values[3])
    assert not torch.equal(found.values[0], found.values[1])
    assert not torch.equal(found.values[0], found.values[2])
    assert found.readable.tolist() == [True] * 4 + [False] * 2 + [True]
    reasons = [(entry.row, entry.reason.split(":")[0]) for entry in found.ledger]
    assert reasons == [(4, "beyond the file"), (5, "no such file")]
    assert sorted(hashed) == ["a.wav", "b.wav"]


def test_a_known_recording_is_not_read_for_new_clips(
    tmp_path: Path, backbone: Backbone, feature: SoundFeature, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = clips(tmp_path, feature, [("a.wav", 0.0, 0.5), ("a.wav", 1.0, 1.5)])
    more = clips(tmp_path, feature, [("a.wav", 1.0, 1.5), ("a.wav", 2.0, 2.5), ("a.wav", 2.0, 2.50001)])
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)  # the file has settled
    with VectorCache(tmp_path / "cache") as cache:
        before = extract(feature, first, backbone, engine="torch", cache=cache)
        after = extract(feature, more, backbone, engine="torch", cache=cache)
    assert (before.computed, after.computed) == (2, 2)
    assert torch.equal(before.values[1], after.values[0])
    assert hashed == ["a.wav"]


def test_a_recording_that_changes_while_it_is_read_is_listed(
    tmp_path: Path, backbone: Backbone, feature: SoundFeature, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = clips(tmp_path, feature, [("a.wav", 0.0, 0.5)])
    plain = SoundFeature.decode

    def while_copying(self: SoundFeature, *words: object) -> Tensor:
        decoded = plain(self, *words)  # type: ignore[arg-type]
        (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes() + b"more")
        os.utime(tmp_path / "a.wav", (1, 1))
        return decoded

    monkeypatch.setattr(SoundFeature, "decode", while_copying)
    found = extract(feature, column, backbone, engine="torch")
    assert [entry.reason.split(":")[0] for entry in found.ledger] == ["changed while it was read"]

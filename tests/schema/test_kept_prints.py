"""Prints that are kept: what a killed run saw of files is not looked at again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

import injerto
from injerto.progress import Silent
from injerto.schema import kept_prints, twins
from injerto.schema.kept_prints import KeptPrints, packed, unpacked
from injerto.schema.twins import twins_in
from injerto.table.clip_print import ClipPrint, clip_print
from injerto.table.near_duplicates import photo_hash
from injerto.table.table import Table
from made_media import textured
from small import photo_folder


def clip(seed: int) -> ClipPrint | None:
    return clip_print(np.random.default_rng(seed).normal(size=16_000).astype(np.float32))


def test_prints_come_back_as_they_were() -> None:
    photos = [photo_hash(textured(seed=seed)) if seed != 2 else None for seed in range(5)]
    back = unpacked(packed(photos))
    assert [one is None for one in back] == [one is None for one in photos]
    assert all(np.array_equal(one, other) for one, other in zip(back, photos, strict=True) if one is not None)
    clips = [None, clip(1), clip(2), None, clip(3)]
    for one, other in zip(unpacked(packed(clips)), clips, strict=True):
        assert (one is None) == (other is None)
        if isinstance(one, ClipPrint) and other is not None:
            assert all(
                np.array_equal(a, b) and a.dtype == b.dtype
                for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
            )
    assert unpacked(packed([None, None])) == [None, None]


def test_a_run_that_stopped_looks_only_at_what_it_had_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_prints, "CHUNK", 4)
    monkeypatch.setattr(twins, "CHUNK", 4)
    table = Table.read(photo_folder(tmp_path / "leaves"))
    schema = injerto.declare(table, injerto.Wishes(targets=["class"]))
    whole = twins_in(schema, table, Silent())
    real, looked = twins.photo_hash, []

    def look(pixels: np.ndarray) -> np.ndarray | None:
        looked.append(1)
        if len(looked) == 11:
            raise KeyboardInterrupt
        return real(pixels)

    monkeypatch.setattr(twins, "photo_hash", look)
    with pytest.raises(KeyboardInterrupt):
        twins_in(schema, table, Silent(), tmp_path / "work")
    kept = sorted((tmp_path / "work").rglob("*.npz"))
    assert 1 <= len(kept) <= 2
    looked[:] = [1] * 20
    again = twins_in(schema, table, Silent(), tmp_path / "work")
    assert len(looked) - 20 == len(table) - 4 * len(kept)
    assert len(again) == len(whole)
    for one, other in zip(again, whole, strict=True):
        assert np.array_equal(one.first, other.first) and np.array_equal(one.second, other.second)


def test_pairs_that_were_found_are_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But among other photos they are, and where the file that has them is damaged."""
    monkeypatch.setattr(kept_prints, "CHUNK", 4)
    monkeypatch.setattr(twins, "CHUNK", 4)
    folder = photo_folder(tmp_path / "leaves")
    table = Table.read(folder)
    schema = injerto.declare(table, injerto.Wishes(targets=["class"]))
    whole = twins_in(schema, table, Silent(), tmp_path / "work")
    real, compared = twins.alike_pairs, []

    def pairs(pictures: np.ndarray, *, moved: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        compared.append(len(pictures))
        return real(pictures, moved=moved)

    monkeypatch.setattr(twins, "alike_pairs", pairs)
    again = twins_in(schema, table, Silent(), tmp_path / "work")
    assert compared == [] and len(again) == len(whole)
    assert all(np.array_equal(one.first, other.first) for one, other in zip(again, whole, strict=True))
    (kept,) = (tmp_path / "work").rglob(kept_prints.PAIRS)
    assert KeptPrints(kept.parent).pairs(np.arange(len(table) - 1)) is None
    kept.write_bytes(b"PK\x03\x04 torn")
    twins_in(schema, table, Silent(), tmp_path / "work")
    assert compared == [len(table)]


def test_pairs_of_many_sounds_are_those_of_few_and_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    folder = tmp_path / "calls"
    folder.mkdir()
    rows = ["file,name"]
    for number in range(12):
        samples = random.normal(size=16_000).astype(np.float32) * np.repeat(random.uniform(0.05, 0.3, 20), 800).astype(
            np.float32
        )
        for place, there in enumerate((samples, samples * 0.5) if number < 4 else (samples,)):
            soundfile.write(folder / f"{number}_{place}.wav", there, 16_000)
            rows.append(f"{number}_{place}.wav,{'ab'[number % 2]}")
    (folder / "calls.csv").write_text("\n".join(rows))
    table = Table.read(folder / "calls.csv")
    schema = injerto.declare(table, injerto.Wishes(targets=["name"]))
    (few,) = twins_in(schema, table, Silent())
    monkeypatch.setattr(kept_prints, "CHUNK", 4)
    monkeypatch.setattr(twins, "CHUNK", 4)
    monkeypatch.setattr(twins, "MANY", 3)
    (many,) = twins_in(schema, table, Silent(), tmp_path / "work")
    pairs = [set(zip(found.first.tolist(), found.second.tolist(), strict=True)) for found in (few, many)]
    assert pairs[0] == pairs[1] and len(pairs[0]) == 4

    def refuse(_: twins.ManyClips) -> None:
        raise AssertionError("looked for again")

    monkeypatch.setattr(twins.ManyClips, "pairs", refuse)
    (again,) = twins_in(schema, table, Silent(), tmp_path / "work")
    assert np.array_equal(again.first, many.first) and np.array_equal(again.likeness, many.likeness)


def test_what_is_damaged_is_looked_at_again_and_a_full_disk_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_prints, "CHUNK", 2)
    store = KeptPrints(tmp_path / "prints")
    store.keep(0, [None, photo_hash(textured())])
    found = store.chunk(0)
    assert found is not None and found[0] is None
    (tmp_path / "prints/00000.npz").write_bytes(b"PK half a file")
    assert store.chunk(0) is None and store.chunk(1) is None
    (tmp_path / "file").write_text("")
    KeptPrints(tmp_path / "file").keep(0, [None, None])  # no folder can be made there
    KeptPrints(None).keep(0, [None, None])
    assert KeptPrints(None).chunk(0) is None

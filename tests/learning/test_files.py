"""Batches of raw files for fine-tuning: clips are read as clips, empty cells are blank."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from injerto.examples import Examples
from injerto.features.sound import SoundFeature
from injerto.learning.files import FileSource
from injerto.network import Block
from injerto.schema.schema import Input
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from made_media import noise, sound


def test_clips_are_read_as_clips(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(sound(noise(3, 16_000), subtype="FLOAT"))
    table = Table.of({"file": ["a.wav", None, "a.wav"], "start_s": [1.0, 0.0, 2.5], "end_s": [1.5, 1.0, None]}, folder=tmp_path)
    feature = SoundFeature("file", Input(kind="sound", start="start_s", end="end_s")).suit("aisfx", 16_000)
    feature.fit(feature.column(table))
    examples = Examples({}, {}, np.ones(3, dtype=bool), Ledger())
    source = FileSource(table, [Block("file0", (feature,))], examples, augment=False)
    ((batch, _),) = source.batches(torch.tensor([2, 1, 0]), 3, training=True, seed=0)
    whole = torch.from_numpy(noise(3, 16_000))
    assert batch.empty["file0"].tolist() == [False, True, False]
    assert torch.equal(batch.raw["file0"][0], whole[40_000:])
    assert (batch.raw["file0"][1] == 0).all()
    assert torch.equal(batch.raw["file0"][2], whole[16_000:24_000])

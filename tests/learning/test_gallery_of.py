"""A gallery of photos in memory keeps of each what one of the same files would."""

import hashlib
import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import torch
from PIL import Image

from injerto.gallery.entries import entries_of
from injerto.heads.individual import IndividualHead
from injerto.learning.gallery_of import enrolled, gallery_of
from injerto.likeness import COSINE
from injerto.photos import Photos
from injerto.progress import Silent
from injerto.schema.schema import Target
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from made_gallery import at_angles


def test_named_rows_enter_as_they_do_from_files(tmp_path: Path):
    for name in "abc":
        Image.fromarray(np.full((20, 20, 3), ord(name), dtype=np.uint8)).save(tmp_path / f"{name}.png")
    frame = pl.DataFrame(
        {"whale": [7.0, None, 8.0], "file": ["a.png", "b.png", "c.png"], "trip": [1.0, 1.0, None], "side": [" left", "", None]}
    )
    table = Table.of(frame, folder=tmp_path)
    head = IndividualHead("whale", Target(kind="individual", photo="file", sighting="trip", flank="side", resolution=64))
    network = SimpleNamespace(head=head, marks=SimpleNamespace(likeness=COSINE), fingerprint=lambda: "network a")
    kept = {10 + row: torch.full((3, 30, 30), 100 + row, dtype=torch.uint8) for row in range(3)}
    photos = Photos(None, table.column("file"), np.ones(13, dtype=bool), Ledger(), kept)
    change = gallery_of(network, table, photos, torch.tensor([10, 11, 12]), at_angles(0, 45, 90))
    assert change.photos == 2
    assert change.notes == change.problems == []
    gallery = change.gallery
    assert gallery.made_by == "network a"
    assert torch.allclose(gallery.vectors, torch.eye(2), atol=1e-6)
    row = gallery.photos.row(0, named=True)
    assert (row["individual"], row["sighting"], row["flank"]) == ("7", "1", "left")
    assert row["digest"] == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert Image.open(io.BytesIO(row["thumbnail"])).size == (30, 30)
    files = entries_of(table, head.photo_columns, Silent()).photos[[0, 2]]
    assert gallery.photos.drop("thumbnail").equals(files.drop("thumbnail"))
    again = enrolled(gallery, network, table, photos, torch.tensor([10, 11, 12]), at_angles(0, 45, 90))
    assert again.notes == ["2 photos are in the gallery already and passed over: a.png, c.png."]

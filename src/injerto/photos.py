"""Rows as networks of whole photos take them: points and individuals are looked for in squares; bad files in the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from injerto.errors import MediaError
from injerto.features.whole_photo import WholePhotoFeature
from injerto.heads.head import Labels
from injerto.individual_network import IndividualNetwork
from injerto.network import PHOTO, Batch
from injerto.point_network import SOURCE, PointNetwork
from injerto.progress import Progress
from injerto.table.column import Column
from injerto.table.ledger import Ledger
from injerto.table.media import media_name
from injerto.table.table import Table

KEPT_BYTES = 3 * 1024**3
"""Photos are kept as the network sees them up to this many bytes; beyond it they are read again whenever they are needed."""
THREADS = 2


@dataclass
class Photos:
    """All rows of a table: which can be used, and their photos on request."""

    feature: WholePhotoFeature
    column: Column
    usable: np.ndarray
    """Rows (N,) bool whose photo could be read."""
    ledger: Ledger
    kept: dict[int, Tensor]
    source: Tensor | None = None
    """Ids (N,) of who placed the points; None where the model does not ask, or the table does not say."""
    labels: dict[str, Labels] = field(default_factory=dict)
    mirrored: np.ndarray | None = None
    """Rows (N,) bool whose photos are turned round, left to right; None where none are."""
    looks: dict[int, Tensor] = field(default_factory=dict)
    """What photos look like as a whole (2C,) to the network that answered of them, by row."""
    looked_by: PointNetwork | IndividualNetwork | None = None

    def batch(self, rows: Tensor) -> Batch:
        """The photos at `rows` (B,), which must be usable, as levels (B,3,S,S) uint8."""
        pixels = torch.stack([self._photo(row) for row in rows.tolist()])
        return Batch({} if self.source is None else {SOURCE: self.source[rows][:, None]}, raw={PHOTO: pixels})

    def remember(self, network: PointNetwork | IndividualNetwork, rows: Tensor, looks: Tensor) -> None:
        """Keep what photos at `rows` (B,) look like to `network`, (B,2C), until another network is asked."""
        if self.looked_by is not network:
            self.looks, self.looked_by = {}, network
        self.looks |= dict(zip(rows.tolist(), looks.cpu().unbind(), strict=True))

    def picture(self, row: int) -> Tensor:
        """The photo at `row`, (3,S,S) uint8 in its square, never turned round."""
        return self.kept[row] if row in self.kept else self.feature.read(self.column, row)

    def _photo(self, row: int) -> Tensor:
        pixels = self.picture(row)
        return pixels if self.mirrored is None or not self.mirrored[row] else pixels.flip(2)


def photos_of(network: PointNetwork | IndividualNetwork, table: Table, *, progress: Progress) -> Photos:
    """Read every photo of `table` once. *Raises* ColumnError when the column of photos is not in the table."""
    feature = network.photo
    column = feature.column(table)
    usable, ledger, kept = np.zeros(len(table), dtype=bool), Ledger(), dict[int, Tensor]()
    most = KEPT_BYTES // (3 * feature.resolution_**2)

    def read(row: int) -> tuple[int, Tensor | None, str]:
        if column.cell(row) is None:
            return row, None, "no file is named in this row"
        try:
            return row, feature.read(column, row), ""
        except MediaError as error:
            return row, None, error.reason

    with (
        progress.step(f"reading the photos of '{column.name}'", len(table)) as bar,
        ThreadPoolExecutor(column.readers(THREADS)) as pool,
    ):
        for row, pixels, reason in pool.map(read, range(len(table))):
            bar.advance()
            if pixels is None:
                cell = column.cell(row)
                ledger.add(column.row(row), column.name, "" if cell is None else media_name(cell), reason)
                continue
            usable[row] = True
            if len(kept) < most:
                kept[row] = pixels
    return photos_again(Photos(feature, column, usable, ledger, kept), network, table)


def photos_again(photos: Photos, network: PointNetwork | IndividualNetwork, table: Table) -> Photos:
    """`photos` of `table`, which were read for a network of the same size of square, as `network` takes them."""
    source = network.source
    ids = None if source is None or source.name not in table.columns else source.encode(source.column(table))
    return replace(photos, source=ids, labels={}, mirrored=network.mirrored(table), looks={}, looked_by=None)

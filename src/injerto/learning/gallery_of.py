"""A gallery from rows of a table: what a network sees in them, under their names."""

from __future__ import annotations

import torch
from torch import Tensor

from injerto.gallery.entries import entered
from injerto.gallery.gallery import Change, Gallery
from injerto.gallery.thumbnail import thumbnail
from injerto.heads.individual_column import asked_in
from injerto.individual_network import IndividualNetwork
from injerto.photos import Photos
from injerto.table.table import Table


def gallery_of(network: IndividualNetwork, table: Table, photos: Photos, rows: Tensor, vectors: Tensor) -> Change:
    """A gallery of the named rows of `table`, which are those at `rows` (n,) of `photos`, with their unit `vectors` (n,D)."""
    empty = Gallery.empty(vectors.shape[1], network.fingerprint(), network.marks.likeness)
    return enrolled(empty, network, table, photos, rows, vectors)


def enrolled(
    gallery: Gallery,
    network: IndividualNetwork,
    table: Table,
    photos: Photos,
    rows: Tensor,
    vectors: Tensor,
) -> Change:
    """`gallery` with the named rows of `table` as well."""
    head = network.head
    digests = asked_in(head.column(table)).digests
    thumbnails = [thumbnail(photos.picture(row).permute(1, 2, 0).numpy()) for row in rows.tolist()]
    found = entered(table, head.photo_columns, digests, thumbnails)
    named = found["individual"].is_not_null()
    places = torch.from_numpy(named.arg_true().to_numpy().copy()).long()
    return gallery.added(found.filter(named), vectors[places].clone())

"""A table of photos into a model's gallery: no training, only vectors of photos that it does not have yet."""

from __future__ import annotations

from dataclasses import replace

from injerto.artifact.artifact import Artifact
from injerto.errors import GalleryError
from injerto.gallery.accept import accept
from injerto.gallery.entries import PhotoColumns, entries_of
from injerto.gallery.gallery import Change, Gallery
from injerto.identify_vectors import columns_of, vectors_of
from injerto.progress import Progress
from injerto.table.table import Table
from injerto.table.words import words


def require_gallery(artifact: Artifact) -> Gallery:
    """The gallery of a model. *Raises* GalleryError when it keeps none."""
    if artifact.gallery is None:
        targets = ", ".join(f"'{name}' ({target.kind})" for name, target in artifact.schema.targets.items())
        raise GalleryError(f"This model answers {targets} and keeps no gallery; only a model of individuals does.")
    return artifact.gallery


def enlarge(artifact: Artifact, table: Table, *, individual: str | None, progress: Progress) -> Change:
    """The gallery of `artifact` with the photos of `table`; names stand in the column `individual`, or in the one of training.

    Every row is accounted for: entered, passed over with a note, refused with a problem, or in the ledger. *Raises*
    GalleryError when the model keeps no gallery, ColumnError when the table lacks a column.
    """
    gallery = require_gallery(artifact)
    columns = columns_of(artifact)
    if individual is not None:
        columns = replace(columns, individual=individual)
    entries = entries_of(_in_words(table, columns), columns, progress)
    accepted = accept(gallery.photos, entries.photos)
    if not len(accepted.rows):  # the network is not troubled for photos that are there already
        return Change(gallery, 0, entries.notes + accepted.notes, accepted.problems, entries.ledger)
    usable, vectors, unused = vectors_of(artifact, table.take(entries.rows[accepted.rows]), progress)
    change = gallery.added(entries.photos[accepted.rows[usable]], vectors)
    ledger = replace(entries.ledger, entries=sorted([*entries.ledger, *unused], key=lambda entry: entry.row))
    return replace(change, notes=entries.notes + accepted.notes, problems=accepted.problems, ledger=ledger)


def _in_words(table: Table, columns: PhotoColumns) -> Table:
    """`table` with names, sightings and flanks spelled as in training: a whole number with a decimal point is the same one."""
    names = [one for one in (columns.individual, columns.sighting, columns.flank) if one is not None and one in table.columns]
    return replace(table, frame=table.frame.with_columns(words(table.column(name).values).alias(name) for name in names))

"""Names as a person gives them to the rows of a gallery they mean."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from injerto.errors import GalleryError, did_you_mean
from injerto.gallery.photos import clean_name

_DIGEST_SIGNS = 8
_MOST_COMPARED = 20_000
"""Names among which the nearest to a mistyped one is looked for, which takes a second."""


def rows_named(photos: pl.DataFrame, names: Iterable[str]) -> np.ndarray:
    """The rows that `names` mean: all photos of an individual, a photo by its name, or by the beginning of its digest.

    *Raises* GalleryError when a name means nothing, or a photo's name means photos of several individuals.
    """
    found = [_rows(photos, name) for name in names]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _rows(photos: pl.DataFrame, name: str) -> np.ndarray:
    individual = np.flatnonzero((photos["individual"] == clean_name(name)).to_numpy())
    if len(individual):
        return individual
    photo = np.flatnonzero((photos["photo"] == name).fill_null(False).to_numpy())
    owners = photos[photo]
    if owners["individual"].n_unique() > 1:
        told = ", ".join(
            f"{digest[: _DIGEST_SIGNS * 2]} ({owner})" for owner, digest in owners.select("individual", "digest").iter_rows()
        )
        raise GalleryError(
            f"'{name}' is the name of photos of several individuals. Give the digest of the one you mean: {told}."
        )
    if len(photo):
        return photo
    if len(name) >= _DIGEST_SIGNS:
        digest = np.flatnonzero(photos["digest"].str.starts_with(name.lower()).to_numpy())
        if len(digest):
            return digest
    known = [*photos["individual"].unique().sort(), *photos["photo"].drop_nulls().unique().sort()]
    raise GalleryError(f"The gallery has no individual and no photo '{name}'.{did_you_mean(name, known[:_MOST_COMPARED])}")

"""The door to cells of photos and sounds: their bytes, pixels and samples, and whether one can be read at all."""

from __future__ import annotations

from typing import Literal

from injerto.errors import MediaError
from injerto.places.address import Place
from injerto.table.cell_bytes import is_media, media_bytes, media_name, media_path
from injerto.table.pixels import read_pixels
from injerto.table.samples import read_samples, sound_duration

__all__ = ["is_media", "media_bytes", "media_name", "media_path", "probe", "read_pixels", "read_samples", "sound_duration"]

_ANY_RATE_HZ = 16_000


def probe(cell: object, folder: Place, kind: Literal["image", "sound"], *, row: int | None = None) -> MediaError | None:
    """Read one cell in full, as training would: the error that training would meet, or None."""
    try:
        if kind == "image":
            read_pixels(cell, folder, row=row)
        else:
            read_samples(cell, folder, rate_hz=_ANY_RATE_HZ, row=row)
    except MediaError as error:
        return error
    return None

"""Small pictures of photos for the report, as text that stands in the page itself."""

from __future__ import annotations

import io

from PIL import Image

from injerto.errors import MediaError
from injerto.evidence.addresses import data_address
from injerto.places.address import Place
from injerto.table.pixels import read_pixels

SIDE = 160
"""Pixels of the longer side where nothing else is wanted."""


def photo(cell: object, folder: Place, side: int = SIDE) -> str:
    """A photo as the address of a small JPEG, `side` pixels long, or nothing when it cannot be read (the ledger says why)."""
    try:
        pixels = read_pixels(cell, folder, shortest=side)
    except MediaError:
        return ""
    picture = Image.fromarray(pixels)
    picture.thumbnail((side, side))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return address(buffer.getvalue())


def address(jpeg: bytes) -> str:
    """A JPEG as the address of a picture that stands in the page."""
    return data_address("image/jpeg", jpeg)

"""A photo cell to pixels: upright, three channels, eight bits, whatever the file was."""

from __future__ import annotations

import math

import numpy as np
import simplejpeg

from injerto.errors import MediaError
from injerto.places.address import Place
from injerto.table.cell_bytes import is_grey_levels, media_bytes, media_name
from injerto.table.jpeg_scans import refuse_scans
from injerto.table.orientation import orientation_of_jpeg, upright
from injerto.table.picture import decode_picture, refuse_bomb
from injerto.table.reduced import part_of

_HARMLESS = ("extraneous bytes", "Invalid SOS parameters", "unknown JFIF revision", "Unknown Adobe color transform")
"""What the decoder warns of in files that some cameras write: nothing of the picture is lost, and every viewer shows it."""


def read_pixels(cell: object, folder: Place, *, shortest: int | None = None, row: int | None = None) -> np.ndarray:
    """A photo as (H,W,3) uint8, turned upright as its EXIF block says.

    With `shortest`, a JPEG may come smaller and faster, its shorter side never below `shortest` (see `table/reduced.py`); the
    caller resizes the rest, and gets what resizing the full photo gives to within about one grey level.
    Of an animation the first frame is taken; transparent places become white, the page that cut-outs are drawn for;
    16-bit levels are scaled from 0-65535 to 0-255.

    *Raises* MediaError with the row, the file and the reason.
    """
    try:
        content = media_bytes(cell, folder)
        return _levels(content) if is_grey_levels(cell) else decode(content, shortest=shortest)
    except MediaError as error:
        raise MediaError(error.reason, file=media_name(cell), row=row) from error


def decode(content: bytes, *, shortest: int | None = None) -> np.ndarray:
    """The bytes of a picture file to (H,W,3) uint8. *Raises* MediaError with a reason but no place."""
    if content[:3] != b"\xff\xd8\xff":
        return decode_picture(content, shortest=shortest)
    refuse_scans(content)
    return _jpeg(content, shortest)


def _jpeg(content: bytes, shortest: int | None) -> np.ndarray:
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
    except ValueError:
        return decode_picture(content, shortest=shortest)  # a rare layout, or damage that Pillow has better words for
    if colours in ("CMYK", "YCCK"):
        return decode_picture(content, shortest=shortest)
    refuse_bomb(width, height, len(content))
    part = part_of(width, height, shortest)
    # Asked for exactly the size that this part has, the decoder has no smaller one to choose.
    least = (-(-height // part), -(-width // part)) if part > 1 else (0, 0)
    try:
        pixels = simplejpeg.decode_jpeg(content, min_height=least[0], min_width=least[1])
    except ValueError as slip:
        if any(words in str(slip) for words in _HARMLESS):
            # Pillow passes over these and still sees when the file ends too early.
            return decode_picture(content, shortest=shortest)
        reason = "truncated JPEG" if "Premature end" in str(slip) else "damaged JPEG"
        raise MediaError(f"{reason}: {slip}") from slip
    return upright(pixels, orientation_of_jpeg(content))


def _levels(content: bytes) -> np.ndarray:
    """Grey levels 0-255 between spaces, row after row of a square picture."""
    try:
        levels = np.array(content.split(), dtype=np.int64)
    except ValueError as slip:
        raise MediaError("damaged grey levels: not all are whole numbers") from slip
    side = math.isqrt(len(levels))
    if side * side != len(levels):
        raise MediaError(f"damaged grey levels: {len(levels)} numbers make no square picture")
    if levels.min() < 0 or levels.max() > 255:
        raise MediaError(f"damaged grey levels: from {levels.min()} to {levels.max()}, expected 0 to 255")
    return np.repeat(levels.astype(np.uint8).reshape(side, side, 1), 3, axis=2)

"""Which way up a photo is: the orientation in its EXIF block, and the turn that undoes it."""

from __future__ import annotations

import struct

import numpy as np

_TAG = 0x0112
_SEARCH_BYTES = 262_144
_MOST_ENTRIES = 512


def orientation_of_jpeg(content: bytes) -> int:
    """The orientation, 1 to 8, in a JPEG file; 1 (upright) where none is given."""
    start = content.find(b"Exif\0\0", 0, _SEARCH_BYTES)
    return orientation_of_exif(content[start : start + _SEARCH_BYTES]) if start >= 0 else 1


def orientation_of_exif(block: bytes) -> int:
    """The orientation in an EXIF block. A damaged block says 1: it is no reason to refuse the photo.

    *Source*: EXIF 2.3, section 4.6; TIFF 6.0, section 2.
    """
    tiff = block[6:] if block.startswith(b"Exif\0\0") else block
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (place,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, place)
        for entry in range(min(count, _MOST_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, place + 2 + 12 * entry)
            if tag == _TAG and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Pixels (H,W,...) as they were seen when the photo was taken."""
    turns = {
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.swapaxes(0, 1),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: p[::-1, ::-1].swapaxes(0, 1),
        8: lambda p: np.rot90(p, 1),
    }
    return np.ascontiguousarray(turns[orientation](pixels)) if orientation in turns else pixels

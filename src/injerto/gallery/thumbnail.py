"""A photo as a small JPEG that is kept beside its vector, and as an address that a page shows it by."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

LONGEST = 160
"""Pixels of the longer side: enough to compare two animals by eye, about 5 KB a photo."""
QUALITY = 80


def thumbnail(pixels: np.ndarray) -> bytes:
    """Pixels (H,W,3) uint8 as the bytes of a JPEG whose longer side has at most `LONGEST` pixels."""
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    picture.thumbnail((LONGEST, LONGEST))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def data_uri(jpeg: bytes | None) -> str:
    """The address of a thumbnail that stands in the page itself; nothing where there is none."""
    return "" if jpeg is None else "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")

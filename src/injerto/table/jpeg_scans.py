"""How often a JPEG goes over its picture: a progressive one a dozen times, one made to keep a machine busy some thousands."""

from __future__ import annotations

import re
import struct

from injerto.errors import MediaError

MOST_SCANS = 100
"""As libtiff has it. Encoders write up to some 20; each costs the time of the whole picture, and takes 30 bytes of the file."""

_SCAN = b"\xff\xda"
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""In the bytes of a scan, 0xFF stands before a zero or a restart and nothing else (ITU-T T.81, B.1.1.5)."""


def refuse_scans(content: bytes) -> None:
    """*Raises* MediaError for a JPEG of more than MOST_SCANS scans."""
    if content.count(_SCAN) > MOST_SCANS:  # else there cannot be more; what follows the picture may hold these bytes by chance
        scans = _scans(content)
        if scans > MOST_SCANS:
            raise MediaError(f"damaged JPEG: {scans} scans of one picture; encoders write up to 20, and {MOST_SCANS} are read")


def _scans(content: bytes) -> int:
    """Scans (SOS) from the first marker to the end of the picture (EOI)."""
    scans, found = 0, _NEXT_MARKER.search(content, 2)
    while found is not None and content[found.end() - 1] != 0xD9:
        place = found.end()
        scans += content[place - 1] == _SCAN[1]
        if place + 2 > len(content):
            break
        found = _NEXT_MARKER.search(content, place + struct.unpack_from(">H", content, place)[0])
    return scans

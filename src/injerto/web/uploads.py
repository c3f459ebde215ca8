"""Files as they come over the wire: bytes, or base64 in JSON. No text is ever taken for a path."""

from __future__ import annotations

import binascii
import io
import re
from base64 import b64decode

from PIL import Image

from injerto.errors import MediaError
from injerto.table.cell_bytes import NOWHERE
from injerto.table.picture_size import picture_size
from injerto.table.quiet import quiet
from injerto.table.sniff import what_is
from injerto.table.sound_source import OpenSound
from injerto.web.limits import Limits

PICTURES = ("JPEG", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "PPM", "JPEG2000")
"""Formats that are decoded within this process. Others that Pillow knows run a program, such as Ghostscript for EPS."""
_DATA = re.compile(r"data:[\w.+-]*/?[\w.+-]*(;[\w=.+-]+)*;base64,")


def bytes_of(cell: object) -> bytes:
    """The content of a cell of files: bytes of a form, or text in base64, with or without `data:...;base64,` before it.

    *Raises* MediaError.
    """
    if isinstance(cell, bytes):
        content = cell
    elif isinstance(cell, str):
        head = _DATA.match(cell[:200])
        try:
            content = b64decode("".join(cell[head.end() if head else 0 :].split()), validate=True)
        except (binascii.Error, ValueError) as slip:
            raise MediaError(
                "not base64: a file comes as its bytes, in base64 within JSON or as a file of a form; paths are not opened"
            ) from slip
    else:
        raise MediaError(f"not a file: {type(cell).__name__} where the content of a file in base64 is wanted")
    if not content:
        raise MediaError("zero bytes")
    return content


def require_picture(content: bytes, limits: Limits) -> None:
    """*Raises* MediaError for what is no picture of a format in PICTURES, or has too many pixels. Reads the header alone."""
    if content[:3] != b"\xff\xd8\xff":
        with quiet():
            try:
                Image.open(io.BytesIO(content), formats=PICTURES).close()
            except Image.DecompressionBombError as slip:
                raise MediaError(f"too large: more than {limits.pixels:,} pixels") from slip
            except Exception as slip:  # damaged headers make Pillow raise almost anything
                what = what_is(content)
                raise MediaError("not a picture that is taken here" + (f": it is {what}" if what else "")) from slip
    size = picture_size(content, NOWHERE)
    if size.width * size.height > limits.pixels:
        raise MediaError(f"too large: {size.width} x {size.height} pixels; at most {limits.pixels:,} are taken")


def require_sound(content: bytes, limits: Limits) -> None:
    """*Raises* MediaError for what is no sound, or is too long, told by its header."""
    with OpenSound(content) as sound:
        if sound.rate_hz <= 0 or sound.frames > limits.sound_seconds * sound.rate_hz:
            seconds = sound.frames / max(sound.rate_hz, 1)
            raise MediaError(f"too long: {seconds:,.0f} s; at most {limits.sound_seconds:,g} s are taken")
        if sound.frames * sound.channels > limits.most_samples:
            raise MediaError(f"too large: {sound.frames:,} samples in {sound.channels} channels")

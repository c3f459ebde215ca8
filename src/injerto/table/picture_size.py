"""How large a photo is as it is stored, and which way up, from its header alone."""

from __future__ import annotations

import io
import math
import struct
from dataclasses import dataclass
from typing import BinaryIO

import simplejpeg
from PIL import TiffImagePlugin

from injerto.errors import MediaError
from injerto.places.address import Place
from injerto.places.opened import open_bytes
from injerto.table.cell_bytes import file_slips, is_grey_levels, media_bytes, media_name, media_path, path_of
from injerto.table.orientation import orientation_of_exif, orientation_of_jpeg
from injerto.table.picture import open_picture, refuse_bomb
from injerto.table.quiet import quiet

_JPEG = b"\xff\xd8\xff"
_HEAD_BYTES = 524_288
"""Of a JPEG: as far as its orientation is looked for when it is decoded."""
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_ORIENTATION = 256, 257, 274
_PNG_FIRST_CHUNK = 8
_EXIF_BYTES = 65_536
"""Of an EXIF block: the orientation stands at its head, and a JPEG holds no more."""


@dataclass(frozen=True)
class PictureSize:
    """Width and height in pixels as stored, before any turn, and the EXIF orientation from 1 (upright) to 8."""

    width: int
    height: int
    orientation: int = 1


def picture_size(cell: object, folder: Place, *, row: int | None = None) -> PictureSize:
    """The size of a photo as stored; nothing but its header is read, so damage farther on is not seen.

    A cell is what `read_pixels` takes: a path from `folder`, bytes, a `{bytes, path}` struct, or grey levels as text, whose
    picture is square. Of a photo with orientation 5 to 8, `read_pixels` gives width and height changed over.

    *Raises* MediaError with the row, the file and the reason.
    """
    try:
        path = path_of(cell)
        if path is None:
            content = media_bytes(cell, folder)
            return _size_of_levels(content) if is_grey_levels(cell) else _size(io.BytesIO(content))
        place = media_path(path, folder)
        with file_slips():
            file = open_bytes(place)
        with file:
            return _size(file)
    except MediaError as error:
        raise MediaError(error.reason, file=media_name(cell), row=row) from error


def _size(file: BinaryIO) -> PictureSize:
    with file_slips():
        head = file.read(len(_JPEG))
        if head == _JPEG:
            head += file.read(_HEAD_BYTES - len(head))
    if not head:
        raise MediaError("zero bytes")
    if head.startswith(_JPEG):
        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(head)
        except ValueError:
            pass  # a rare layout, a header longer than the head, or damage that Pillow has better words for
        else:
            refuse_bomb(width, height, file.seek(0, io.SEEK_END))
            return PictureSize(width, height, orientation_of_jpeg(head))
    file.seek(0)
    with quiet():
        image = open_picture(file)
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            return _size_of_tiff(image)
        block = image.info.get("exif", b"")
    if image.format == "PNG" and not block:
        block = _late_exif(file)
    return PictureSize(*image.size, orientation_of_exif(block) if isinstance(block, bytes) else 1)


def _size_of_tiff(image: TiffImagePlugin.TiffImageFile) -> PictureSize:
    """From its tags: what Pillow calls the size of a TIFF is the size after the turn."""
    orientation = image.tag_v2.get(_TIFF_ORIENTATION, 1)
    upright = not isinstance(orientation, int) or not 1 <= orientation <= 8
    return PictureSize(int(image.tag_v2[_TIFF_WIDTH]), int(image.tag_v2[_TIFF_HEIGHT]), 1 if upright else orientation)


def _late_exif(file: BinaryIO) -> bytes:
    """The EXIF block of a PNG that stands after the pixels, where some programs put it; they are passed over unread."""
    place = _PNG_FIRST_CHUNK
    while True:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            return b""
        length, name = struct.unpack(">I4s", head)
        if name == b"eXIf":
            return file.read(min(length, _EXIF_BYTES))
        if name == b"IEND":
            return b""
        place += 12 + length


def _size_of_levels(content: bytes) -> PictureSize:
    count = len(content.split())
    side = math.isqrt(count)
    if side * side != count:
        raise MediaError(f"damaged grey levels: {count} numbers make no square picture")
    return PictureSize(side, side)

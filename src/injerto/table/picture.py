"""Every picture format but plain JPEG, through Pillow, to eight bits and three channels."""

from __future__ import annotations

import io
from typing import BinaryIO

import numpy as np
from PIL import Image

from injerto.errors import MediaError
from injerto.table.orientation import orientation_of_exif, upright
from injerto.table.quiet import quiet
from injerto.table.sniff import what_is

MOST_PIXELS = 175_000_000
"""Larger pictures are refused: a file of a few kilobytes may unfold to more memory than there is. Pillow's own limit is 179."""

FREE_PIXELS, PIXELS_A_BYTE = 25_000_000, 400
"""A larger picture has at most so many pixels for each byte of its file. A black photo has 64 as JPEG and 342 as PNG, the most
that PNG can pack in three colours; what has more was made to fill the memory, or shows nothing."""
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "PPM", "TIFF", "WEBP", "TGA", "ICO", "JPEG2000", "AVIF")
"""What is decoded, all of it within this process; they are tried in this order, and those that Pillow may lack come last.
Pillow knows more: for EPS it runs Ghostscript on what the file says."""


def refuse_bomb(width: int, height: int, held_bytes: int) -> None:
    """*Raises* MediaError for a picture of more than MOST_PIXELS, or of far more than a file of `held_bytes` can show."""
    if width * height > MOST_PIXELS:
        raise MediaError(f"too large: {width} x {height} pixels; the limit is {MOST_PIXELS // 1_000_000} million")
    if width * height > max(FREE_PIXELS, PIXELS_A_BYTE * held_bytes):
        raise MediaError(
            f"too large: {width} x {height} pixels in a file of {held_bytes:,} bytes; beyond {FREE_PIXELS // 1_000_000} "
            f"million, a byte may stand for {PIXELS_A_BYTE}"
        )


def decode_picture(content: bytes, *, shortest: int | None = None) -> np.ndarray:
    """The bytes of a picture file to (H,W,3) uint8, upright; a JPEG smaller, as `table/reduced.py` has it.

    *Raises* MediaError with a reason but no place.
    """
    with quiet():
        image = open_picture(io.BytesIO(content))
        kind = image.format or "picture"
        try:
            if shortest is not None:
                image.draft(None, (shortest, shortest))
            image.load()
            pixels = _eight_bits(image)
        except MediaError:
            raise
        except MemoryError as slip:
            raise MediaError(f"too large: {image.width} x {image.height} pixels do not fit in memory") from slip
        except Exception as slip:  # damaged content, likewise
            reason = "truncated" if "truncated" in str(slip) else "damaged"
            raise MediaError(f"{reason} {kind}: {slip}") from slip
        return upright(pixels, _orientation(image))


def open_picture(file: BinaryIO) -> Image.Image:
    """A picture of which the header alone was read. *Raises* MediaError with a reason but no place; call it within `quiet`."""
    held_bytes = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as slip:
        raise MediaError(f"too large: the limit is {MOST_PIXELS // 1_000_000} million pixels") from slip
    except Exception as slip:  # damaged headers make Pillow raise almost anything
        file.seek(0)
        raise MediaError(_not_a_picture(file.read())) from slip
    refuse_bomb(*image.size, held_bytes)
    return image


def _not_a_picture(content: bytes) -> str:
    what = what_is(content)
    if what in ("a JPEG photo", "a PNG picture", "a GIF picture"):
        return f"damaged {what.split()[1]}: its header is broken"
    if what.endswith(" video"):
        return f"not a picture: it is {what}; extract its pictures first, e.g. with ffmpeg"
    return "not a picture" + (f": it is {what}" if what else "")


def _orientation(image: Image.Image) -> int:
    """From the TIFF tags of a TIFF, else from the EXIF block. Pillow's own reader would warn of damaged blocks."""
    if image.format == "TIFF":
        return 1  # Pillow turns TIFF pixels while it loads them
    block = image.info.get("exif", b"")
    return orientation_of_exif(block) if isinstance(block, bytes) else 1


def _eight_bits(image: Image.Image) -> np.ndarray:
    """Any mode to (H,W,3) uint8."""
    if image.mode.startswith("I") or image.mode == "F":
        grey = _scaled(np.asarray(image))
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        page = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(page, image)
    return np.array(image.convert("RGB"))


def _scaled(levels: np.ndarray) -> np.ndarray:
    """Deep grey levels to 0-255: whole numbers from 0-65535, fractions from 0-1, 0-255 or 0-65535 by what they reach."""
    if levels.dtype.kind == "f":
        if not np.isfinite(levels).all():
            raise MediaError("damaged grey levels: some are NaN or infinite")
        top = next((top for top in (1.0, 255.0, 65535.0) if levels.max() <= top), 0.0)
    else:
        top = 65535.0 if levels.max() <= 65535 else 0.0
    if levels.min() < 0 or top == 0:
        raise MediaError(f"damaged grey levels: from {levels.min():g} to {levels.max():g}; save the picture with 8 or 16 bits")
    return np.asarray(np.rint(levels.astype(np.float32) * np.float32(255 / top)), dtype=np.uint8)

"""When a photo was taken and with which camera, from the EXIF block in its header; no pixel is read."""

from __future__ import annotations

from datetime import UTC, datetime

from injerto.places.address import Place
from injerto.places.opened import open_bytes
from injerto.table.cell_bytes import file_slips, media_path
from injerto.table.picture import open_picture
from injerto.table.quiet import quiet

_CAMERA = (0x010F, 0x0110)
"""Make and model (TIFF 6.0)."""
_EXIF, _TAKEN = 0x8769, 0x9003
"""The EXIF part, and in it DateTimeOriginal (EXIF 2.3, section 4.6.5)."""


def photo_time(name: str, folder: Place) -> tuple[str, float] | None:
    """The camera, and the time in seconds; None where the file cannot be read, or says no time."""
    try:
        path = media_path(name, folder)
        with quiet(), file_slips(), open_bytes(path) as file:
            tags = open_picture(file).getexif()
            camera = " ".join(str(tags.get(tag, "")).strip("\0 ") for tag in _CAMERA).strip()
            taken = str(tags.get_ifd(_EXIF).get(_TAKEN, "")).strip("\0 ")
        return camera, datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    except Exception:  # a damaged EXIF block makes Pillow raise almost anything; it is no reason to refuse the photo
        return None

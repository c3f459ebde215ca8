"""Sizes from headers: as stored, for every kind of cell, in agreement with the pixels."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from injerto.errors import MediaError
from injerto.table.picture_size import PictureSize, picture_size
from injerto.table.pixels import read_pixels
from made_media import encoded, exif, png, quadrants, textured

HERE = Path()
PHOTO = Image.fromarray(textured())


def reason(cell: object, folder: Path = HERE) -> str:
    with pytest.raises(MediaError) as caught:
        picture_size(cell, folder)
    return caught.value.reason


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "TIFF", "WEBP", "PPM", "GIF"])
def test_every_format_from_bytes_and_from_files(format: str, tmp_path: Path) -> None:
    content = encoded(PHOTO, format)
    (tmp_path / "a.img").write_bytes(content)
    for cell in (content, "a.img", {"bytes": content, "path": None}, {"bytes": None, "path": "a.img"}):
        assert picture_size(cell, tmp_path) == PictureSize(320, 240, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_size_is_as_stored_and_the_turn_is_told(orientation: int, format: str) -> None:
    if format == "TIFF":
        options = Image.Exif()
        options[0x0112] = orientation
        content = encoded(Image.fromarray(quadrants()), format, exif=options)
    else:
        content = encoded(Image.fromarray(quadrants()), format, exif=exif(orientation))
    size = picture_size(content, HERE)
    assert size == PictureSize(64, 48, orientation)
    upright = (48, 64) if orientation < 5 else (64, 48)
    assert read_pixels(content, HERE).shape[:2] == upright


def test_exif_after_the_pixels_of_a_png_is_found_like_the_decoder_finds_it() -> None:
    content = encoded(Image.fromarray(quadrants()), "PNG")
    block = exif(6).removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(block)) + b"eXIf" + block + struct.pack(">I", zlib.crc32(b"eXIf" + block))
    late = content[:-12] + chunk + content[-12:]
    assert picture_size(late, HERE) == PictureSize(64, 48, 6)
    assert read_pixels(late, HERE).shape == (64, 48, 3)


def test_nothing_is_looked_for_behind_the_end_of_a_png() -> None:
    """A tail of empty chunks would be walked through one by one."""
    upright = encoded(Image.fromarray(quadrants()), "PNG")
    late = encoded(Image.fromarray(quadrants()), "PNG", exif=exif(6))
    chunk = late[late.index(b"eXIf") - 4 : late.index(b"IDAT") - 4]
    assert picture_size(upright[:-12] + chunk + upright[-12:], Path()).orientation == 6
    assert picture_size(upright + chunk, Path()).orientation == 1


def test_a_jpeg_with_four_colours() -> None:
    assert picture_size(encoded(PHOTO.convert("CMYK"), "JPEG"), HERE) == PictureSize(320, 240)


def test_a_header_longer_than_what_is_read_of_a_jpeg_at_first() -> None:
    content = encoded(PHOTO, "JPEG")
    comments = b"\xff\xfe\xff\xff" + b"x" * 65_533
    assert picture_size(content[:2] + comments * 9 + content[2:], HERE) == PictureSize(320, 240)


def test_only_the_header_is_read() -> None:
    content = encoded(PHOTO, "JPEG")
    assert picture_size(content[: len(content) // 2], HERE) == PictureSize(320, 240)


def test_grey_levels_are_square() -> None:
    assert picture_size(" ".join(["7"] * 36), HERE) == PictureSize(6, 6)
    assert reason(" ".join(["7"] * 35)) == "damaged grey levels: 35 numbers make no square picture"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (None, "empty cell"),
        ("  ", "empty cell"),
        (b"", "zero bytes"),
        (3.5, "not a path: the cell holds 3.5"),
        ("gone.jpg", "no such file"),
        (b"%PDF-1.4", "not a picture: it is a PDF document: save its pictures as PNG"),
        (b"\xff\xd8\xff\xe0 nothing", "damaged JPEG: its header is broken"),
        (png(60_000, 60_000, 8, 0, b""), "too large: the limit is 175 million pixels"),
        (png(13_300, 13_300, 8, 0, b""), "too large: 13300 x 13300 pixels; the limit is 175 million"),
    ],
)
def test_bad_cells_have_the_reasons_that_reading_their_pixels_has(cell: object, said: str) -> None:
    assert reason(cell) == said
    with pytest.raises(MediaError) as caught:
        read_pixels(cell, HERE)
    assert caught.value.reason == said


def test_an_empty_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "none.jpg").touch()
    assert reason("none.jpg", tmp_path) == "zero bytes"
    assert reason(".", tmp_path) == "a folder, not a file"


def test_the_place_is_named() -> None:
    with pytest.raises(MediaError, match=r"row 7: gone\.jpg: no such file"):
        picture_size("gone.jpg", HERE, row=7)


def test_stored_pixels_agree() -> None:
    stored = np.asarray(Image.open(io.BytesIO(encoded(PHOTO, "JPEG", exif=exif(8)))))
    assert stored.shape == (240, 320, 3)
    assert picture_size(encoded(PHOTO, "JPEG", exif=exif(8)), HERE).width == 320

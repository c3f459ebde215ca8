"""Photos of every kind to upright, three-channel, eight-bit pixels; each bad one with its reason."""

import io
import struct
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from injerto.errors import MediaError
from injerto.table import picture
from injerto.table.media import probe
from injerto.table.picture_size import picture_size
from injerto.table.pixels import read_pixels
from injerto.table.table import Table
from made_media import encoded, exif, png, quadrants, textured

HERE = Path()
PHOTO = Image.fromarray(textured())
JPEG = encoded(PHOTO, "JPEG", quality=90)


def reason(cell: object, folder: Path = HERE) -> str:
    with pytest.raises(MediaError) as caught:
        read_pixels(cell, folder)
    return caught.value.reason


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "WEBP", "PPM"])
def test_lossless_formats_give_the_pixels_back(format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {}
    assert np.array_equal(read_pixels(encoded(PHOTO, format, **options), HERE), textured())


def test_jpeg_is_what_pillow_reads() -> None:
    found = read_pixels(JPEG, HERE)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    assert np.abs(found.astype(int) - np.asarray(Image.open(io.BytesIO(JPEG)))).max() <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_is_turned_upright(orientation: int, order: str, format: str) -> None:
    stored = {
        1: Image.fromarray(quadrants()),
        2: Image.fromarray(quadrants()).transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: Image.fromarray(quadrants()).transpose(Image.Transpose.ROTATE_180),
        4: Image.fromarray(quadrants()).transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: Image.fromarray(quadrants()).transpose(Image.Transpose.TRANSPOSE),
        6: Image.fromarray(quadrants()).transpose(Image.Transpose.ROTATE_90),
        7: Image.fromarray(quadrants()).transpose(Image.Transpose.TRANSVERSE),
        8: Image.fromarray(quadrants()).transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    found = read_pixels(encoded(stored, format, exif=exif(orientation, order), quality=95), HERE)
    assert found.shape == (48, 64, 3)
    assert np.abs(found[[4, 4, -4, -4], [4, -4, 4, -4]].astype(int) - quadrants()[[4, 4, -4, -4], [4, -4, 4, -4]]).max() < 12


def test_a_turned_tiff() -> None:
    options = Image.Exif()
    options[0x0112] = 6
    stored = Image.fromarray(quadrants()).transpose(Image.Transpose.ROTATE_90)
    assert np.array_equal(read_pixels(encoded(stored, "TIFF", exif=options), HERE), quadrants())


def test_a_damaged_exif_block_costs_only_the_turn() -> None:
    assert read_pixels(encoded(PHOTO, "JPEG", exif=exif(6)[:-9]), HERE).shape == (240, 320, 3)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_grey_and_palette_pictures_have_three_channels(mode: str, format: str) -> None:
    found = read_pixels(encoded(PHOTO.convert(mode), format), HERE)
    assert np.array_equal(found, np.asarray(PHOTO.convert(mode).convert("RGB")))


def test_grey_jpeg() -> None:
    found = read_pixels(encoded(PHOTO.convert("L"), "JPEG"), HERE)
    assert found.shape == (240, 320, 3)
    assert (found[..., 0] == found[..., 2]).all()


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(format: str) -> None:
    levels = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    assert read_pixels(encoded(Image.fromarray(levels), format), HERE)[0, :, 0].tolist() == [0, 1, 128, 255]


def test_sixteen_bit_colour_is_scaled_not_clipped() -> None:
    row = b"\0" + struct.pack(">6H", 65535, 32896, 0, 257, 0, 65535)
    assert read_pixels(png(2, 1, 16, 2, row), HERE)[0].tolist() == [[255, 128, 0], [1, 0, 255]]


def test_fractions_as_levels() -> None:
    assert read_pixels(encoded(Image.fromarray(np.array([[0, 0.5, 1.0]], dtype=np.float32)), "TIFF"), HERE)[
        0, :, 1
    ].tolist() == [0, 128, 255]
    assert "from -1 to 1" in reason(encoded(Image.fromarray(np.array([[-1.0, 1.0]], dtype=np.float32)), "TIFF"))
    assert "NaN" in reason(encoded(Image.fromarray(np.array([[np.nan, 1.0]], dtype=np.float32)), "TIFF"))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparent_places_become_white(mode: str) -> None:
    image = PHOTO.convert(mode)
    image.putalpha(Image.fromarray(np.repeat([[255] * 160 + [0] * 160], 240, axis=0).astype(np.uint8)))
    found = read_pixels(encoded(image, "PNG"), HERE)
    assert (found[:, 160:] == 255).all()
    assert np.array_equal(
        found[:, :160], np.asarray(PHOTO.convert(mode[:-1] if mode == "RGBA" else "L").convert("RGB"))[:, :160]
    )


def test_a_transparent_palette_colour_becomes_white() -> None:
    image = Image.fromarray(np.array([[0, 1]], dtype=np.uint8)).convert("P")
    image.putpalette([10, 20, 30, 40, 50, 60])
    assert read_pixels(encoded(image, "PNG", transparency=0), HERE)[0].tolist() == [[255, 255, 255], [40, 50, 60]]


def test_cmyk_photos_keep_their_colours() -> None:
    solid = Image.new("RGB", (32, 32), (200, 40, 40)).convert("CMYK")
    for content in (encoded(solid, "JPEG", quality=95), encoded(solid, "TIFF")):  # Adobe's JPEGs store CMYK inverted
        assert np.abs(read_pixels(content, HERE)[16, 16].astype(int) - (200, 40, 40)).max() < 8


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_an_animation(format: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    found = read_pixels(encoded(frames[0], format, save_all=True, append_images=frames[1:], **options), HERE)
    assert found.shape == (10, 20, 3)
    assert found[5, 5].tolist() == [255, 0, 0]


def test_shortest_decodes_smaller_but_never_too_small() -> None:
    content = encoded(Image.fromarray(textured(2000, 1200)), "JPEG", quality=92, exif=exif(6))
    full = read_pixels(content, HERE)
    assert full.shape == (2000, 1200, 3)
    for shortest in (100, 224, 600, 1199, 1200, 5000):
        found = read_pixels(content, HERE, shortest=shortest)
        assert min(found.shape[:2]) >= min(shortest, 1200)
    small = read_pixels(content, HERE, shortest=150)
    assert small.shape[1] == 150
    mean = full.reshape(250, 8, 150, 8, 3).mean(axis=(1, 3))
    assert np.abs(small - mean).mean() < 1.5


def test_grey_levels_between_spaces() -> None:
    levels = np.arange(16, dtype=np.uint8).reshape(4, 4) * 10
    found = read_pixels(" ".join(map(str, levels.ravel())), HERE)
    assert np.array_equal(found, np.repeat(levels[:, :, None], 3, axis=2))
    assert reason("1 2 3 4 5") == "damaged grey levels: 5 numbers make no square picture"
    assert reason("1 2 3 400") == "damaged grey levels: from 1 to 400, expected 0 to 255"
    assert "not all are whole numbers" in reason("1 2 3 4 5 6 7 8 " * 10 + "x")


def test_a_struct_with_bytes_or_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    expected = read_pixels(JPEG, HERE)
    for cell in (
        {"bytes": JPEG, "path": None},
        {"bytes": None, "path": "a.jpg"},
        {"bytes": JPEG, "path": "elsewhere.jpg"},
        "a.jpg",
    ):
        assert np.array_equal(read_pixels(cell, tmp_path), expected)


def test_photos_that_travel_inside_a_parquet_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"photo": [{"bytes": JPEG, "path": "a.jpg"}], "raw": [JPEG]})
    frame.write_parquet(tmp_path / "photos.parquet")
    table = Table.read(tmp_path / "photos.parquet")
    for name in ("photo", "raw"):
        assert read_pixels(table.column(name).cell(0), table.folder).shape == (240, 320, 3)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_truncated_files_are_refused(format: str, share: float) -> None:
    content = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)), format)
    assert reason(content[: int(len(content) * share)]).split()[0] in ("truncated", "damaged", "not")


def test_a_truncated_jpeg_says_so() -> None:
    assert reason(JPEG[: len(JPEG) // 2]) == "truncated JPEG: Premature end of JPEG file"


def test_padding_that_some_cameras_write_is_no_damage() -> None:
    padded = JPEG[:-2] + b"\x12\x34\x56" + JPEG[-2:]
    assert np.abs(read_pixels(padded, HERE).astype(int) - read_pixels(JPEG, HERE)).max() <= 2
    assert reason(padded[:-2].replace(b"\x12\x34\x56", b"")[:-300] + b"\xff\xd9"[:1]).startswith("truncated JPEG")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "zero bytes"),
        (b"\0" * 1000, "not a picture: it is nothing but zeros: the copy failed"),
        (b"species,mass\nant,3\n", "not a picture: it is text, beginning with 'species,mass ant,3'"),
        (b"<!DOCTYPE html><html>404", "not a picture: it is a web page: the download failed"),
        (b"\0\0\0\x18ftypisom", "not a picture: it is an MP4 video; extract its pictures first, e.g. with ffmpeg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "not a picture: it is a HEIC photo: convert it to JPEG"),
        (b"%PDF-1.7", "not a picture: it is a PDF document"),
        (b"<svg xmlns='x'/>", "not a picture: it is an SVG drawing"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not a picture: it is a WAV sound"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (b"\x89PNG\r\n\x1a\n", "damaged PNG: its header is broken"),
        (b"\xff\xd8\xff\xe0", "damaged JPEG: its header is broken"),
        (bytes(range(128, 228)), "not a picture"),
    ],
)
def test_what_is_no_picture_is_named(content: bytes, expected: str) -> None:
    assert expected in reason(content)


def test_bombs_are_refused_before_they_unfold(monkeypatch: pytest.MonkeyPatch) -> None:
    for width, height in [(20_000, 20_000), (12_000, 14_700)]:
        bomb = png(width, height, 1, 0, bytes(100))
        assert len(bomb) < 200
        assert reason(bomb).startswith("too large")
        assert "limit is 175 million" in reason(bomb)
    monkeypatch.setattr(picture, "MOST_PIXELS", 1000)
    assert reason(JPEG).startswith("too large: 320 x 240 pixels")


@pytest.mark.parametrize(
    "content",
    [
        encoded(Image.new("RGB", (5001, 5000)), "WEBP", lossless=True, quality=0, method=0),
        encoded(Image.new("1", (5001, 5000)), "PNG"),
        JPEG.replace(struct.pack(">HH", 240, 320), struct.pack(">HH", 5001, 5000)),
    ],
    ids=["WEBP", "PNG", "JPEG"],
)
def test_a_small_file_may_not_be_a_large_picture(content: bytes) -> None:
    """42 bytes of WebP are 25 million pixels, and would be any number."""
    said = f"pixels in a file of {len(content):,} bytes; beyond 25 million, a byte may stand for 400"
    assert said in reason(content)
    with pytest.raises(MediaError, match=said):
        picture_size(content, HERE)
    assert said not in str(probe(content + bytes(5001 * 5000 // 400), HERE, "image"))


def test_a_black_photo_is_no_bomb() -> None:
    for format in ("PNG", "JPEG"):
        assert read_pixels(encoded(Image.new("RGB", (6000, 4400)), format), HERE).shape == (4400, 6000, 3)


def test_nothing_is_run_to_read_a_picture() -> None:
    """Of an EPS drawing, Pillow would have Ghostscript execute what it says; of other formats it knows, nobody asks."""
    assert reason(encoded(PHOTO, "EPS")) == "not a picture: it is an EPS drawing: save it as PNG"
    assert reason(encoded(PHOTO, "PCX")) == "not a picture"


@pytest.mark.parametrize("format", picture.FORMATS)
def test_every_format_that_is_named_is_read(format: str) -> None:
    assert read_pixels(encoded(PHOTO.resize((64, 64)), format), HERE).shape == (64, 64, 3)


def test_no_warning_leaks_and_the_filters_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(warnings.filters)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300)
    image = Image.new("P", (4, 4))
    image.putpalette([1, 2, 3] * 4)
    read_pixels(encoded(image, "PNG", transparency=bytes([0, 128, 255])), HERE)
    large = encoded(Image.new("1", (20, 20)), "PNG")
    with pytest.warns(Image.DecompressionBombWarning):
        Image.open(io.BytesIO(large))
    read_pixels(large, HERE)
    assert list(warnings.filters) == before


def test_the_message_names_row_file_and_reason(tmp_path: Path) -> None:
    (tmp_path / "bee.jpg").write_bytes(b"")
    with pytest.raises(MediaError, match=r"^row 7: bee\.jpg: zero bytes$") as caught:
        read_pixels("bee.jpg", tmp_path, row=7)
    assert (caught.value.row, caught.value.file, caught.value.reason) == (7, "bee.jpg", "zero bytes")


SIDE = 96
"""Pixels a side of some network."""


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("times", [1.0, 1.9, 2.0, 2.6, 3.5, 4.0, 5.2, 8.0, 9.1])
def test_a_smaller_jpeg_is_the_draft_that_pillow_makes(times: float, subsampling: int) -> None:
    """Other programs, such as the script of an exported model, read the very same levels."""
    short = int(times * SIDE) + 3
    for width, height in ((short, short + 41), (short + 1, short)):
        picture = Image.fromarray(textured(height, width))
        for image in (picture, picture.convert("L"), picture.convert("CMYK")):
            content = encoded(image, "JPEG", quality=88, progressive=times > 3, **({"subsampling": subsampling}))
            draft = Image.open(io.BytesIO(content))
            draft.draft(None, (SIDE, SIDE))
            found = read_pixels(content, HERE, shortest=SIDE)
            assert np.array_equal(found, np.asarray(draft.convert("RGB")))
            assert min(found.shape[:2]) >= SIDE

"""Files of photos and sounds in the parts that their formats have, each with its known places and the checksum that seals it.

A change to a byte of a PNG or an Ogg file is seen by the checksum of its part, and a decoder goes no further. A liar makes the
checksum right again; so does `Format.seal`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Parts = list[bytes]
Place = tuple[int, int]
"""Offset within a part, and bytes there: a number that a decoder believes."""


def _nothing(part: bytes) -> bytes:
    return part


@dataclass(frozen=True)
class Format:
    """How files of a format come apart, where in a part its numbers stand, and what seals a part."""

    split: Callable[[bytes], Parts]
    places: Callable[[bytes], list[Place]]
    little: bool
    seal: Callable[[bytes], bytes] = _nothing


def _head_places(part: bytes, length: int = 48) -> list[Place]:
    """Every byte, pair and four of the head of a part."""
    length = min(len(part), length)
    return [(at, width) for width in (1, 2, 4) for at in range(0, length - width + 1, width)]


def _cut(content: bytes, starts: list[int]) -> Parts:
    bounds = sorted({0, *starts, len(content)})
    return [content[start:end] for start, end in pairwise(bounds)]


def _jpeg_parts(content: bytes) -> Parts:
    """Segments; a scan with the bytes that follow it."""
    starts, place = [2], 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], struct.unpack_from(">H", content, place + 2)[0]
        place += 2 + length
        if marker == 0xDA:
            while place + 2 <= len(content) and not (
                content[place] == 0xFF and content[place + 1] not in (0, *range(0xD0, 0xD8))
            ):
                place += 1
        starts.append(min(place, len(content)))
    return _cut(content, starts)


def _jpeg_places(part: bytes) -> list[Place]:
    """Of a frame header (SOF): depth, height, width, components and their sampling; of any segment its length and its head."""
    if len(part) > 10 and part[0] == 0xFF and part[1] in (0xC0, 0xC1, 0xC2):
        return [(2, 2), (4, 1), (5, 2), (7, 2), (5, 2), (7, 2), (9, 1), *((at, 1) for at in range(10, len(part)))]
    return [(2, 2), *_head_places(part)]


def _png_parts(content: bytes) -> Parts:
    starts, place = [8], 8
    while place + 8 <= len(content):
        place += 12 + struct.unpack_from(">I", content, place)[0]
        starts.append(min(place, len(content)))
    return _cut(content, starts)


def _png_places(part: bytes) -> list[Place]:
    if part[4:8] == b"IHDR":
        return [(0, 4), (8, 4), (12, 4), (8, 4), (12, 4), *((at, 1) for at in range(16, 21))]
    return [(0, 4), *_head_places(part)]


def _png_seal(part: bytes) -> bytes:
    if len(part) < 12 or part.startswith(b"\x89PNG"):
        return part
    return part[:-4] + struct.pack(">I", zlib.crc32(part[4:-4]))


def _chunks(order: str) -> Callable[[bytes], Parts]:
    """Of RIFF (WAV, WebP) and of FORM (AIFF)."""

    def split(content: bytes) -> Parts:
        starts, place = [12], 12
        while place + 8 <= len(content):
            length = struct.unpack_from(order + "I", content, place + 4)[0]
            place += 8 + length + length % 2
            starts.append(min(place, len(content)))
        return _cut(content, starts)

    return split


def _chunk_places(part: bytes) -> list[Place]:
    """Lengths; of `fmt ` its tag, channels, rates, alignment and depth; of other heads every byte."""
    if part[:4] == b"fmt ":
        return [(4, 4), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2), (22, 2), *((at, 2) for at in range(24, len(part) - 1, 2))]
    if part[:4] in (b"RIFF", b"FORM", b"data", b"SSND", b"fact"):
        return [(4, 4), (4, 4), *_head_places(part, 16)]
    return [(4, 4), *_head_places(part)]


def _crc_table(polynomial: int, bits: int) -> list[int]:
    top, mask, table = 1 << (bits - 1), (1 << bits) - 1, []
    for value in range(256):
        value <<= bits - 8
        for _ in range(8):
            value = ((value << 1) ^ polynomial if value & top else value << 1) & mask
        table.append(value)
    return table


_CRC32, _CRC16, _CRC8 = _crc_table(0x04C11DB7, 32), _crc_table(0x8005, 16), _crc_table(0x07, 8)


def _crc(content: bytes, table: list[int], bits: int) -> int:
    found, mask = 0, (1 << bits) - 1
    for byte in content:
        found = ((found << 8) ^ table[((found >> (bits - 8)) ^ byte) & 0xFF]) & mask
    return found


def _flac_parts(content: bytes) -> Parts:
    """The blocks of facts, then frames: a sync code with a header that its checksum confirms."""
    starts, place, last, first = [4], 4, False, None
    while not last and place + 4 <= len(content):
        last = bool(content[place] & 0x80)
        place += 4 + int.from_bytes(content[place + 1 : place + 4], "big")
        starts.append(min(place, len(content)))
    while (place := content.find(b"\xff\xf8", place)) >= 0:
        head = content[place : place + 20]
        like = first is None or (head[2] ^ first[2] | head[3] ^ first[3]) & 15 == 0  # rate and depth
        if len(head) == 20 and like and head[_flac_head(head)] == _crc(head[: _flac_head(head)], _CRC8, 8):
            starts.append(place)
            first = first or head
        place += 2
    return _cut(content, starts)


def _flac_head(part: bytes) -> int:
    """Bytes of a frame's header before its checksum. *Source*: RFC 9639, section 9.1."""
    ones = 8 - (part[4] ^ 0xFF).bit_length()  # the frame's number is coded as UTF-8 codes a sign
    return 4 + max(1, ones) + {6: 1, 7: 2}.get(part[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(part[2] & 15, 0)


def _flac_places(part: bytes) -> list[Place]:
    if part[:2] == b"\xff\xf8":
        return [(2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (2, 2), *_head_places(part, 24)]
    return [(0, 1), (1, 1), (2, 2), (4, 2), (6, 2), (14, 4), (18, 4), *_head_places(part)]


def _flac_seal(part: bytes) -> bytes:
    """The checksums of a frame's header and of the frame."""
    if part[:2] != b"\xff\xf8" or len(part) < 20:
        return part
    head = _flac_head(part)
    part = part[:head] + bytes([_crc(part[:head], _CRC8, 8)]) + part[head + 1 :]
    return part[:-2] + struct.pack(">H", _crc(part[:-2], _CRC16, 16))


def _ogg_parts(content: bytes) -> Parts:
    starts, place = [], 0
    while (place := content.find(b"OggS", place)) >= 0:
        starts.append(place)
        place += 4
    return _cut(content, starts)


def _ogg_places(part: bytes) -> list[Place]:
    """Granule position, serial number, page number, segments; then what the first packet says: channels, rate, block sizes."""
    packet = 27 + part[26] if len(part) > 27 else 27
    inside = [(packet + at, width) for at, width in _head_places(part[packet:], 40)]
    return [(4, 1), (5, 1), (6, 8), (6, 4), (10, 4), (14, 4), (18, 4), (26, 1), (27, 1), *inside]


def _ogg_seal(part: bytes) -> bytes:
    if len(part) < 27 or part[:4] != b"OggS":
        return part
    blank = part[:22] + bytes(4) + part[26:]
    return part[:22] + struct.pack("<I", _crc(blank, _CRC32, 32)) + part[26:]


def _mp3_parts(content: bytes) -> Parts:
    """Frames, told by the head that they share."""
    sync, starts, place = content[:2], [], 0
    while (place := content.find(sync, place)) >= 0:
        starts.append(place)
        place += 24
    return _cut(content, starts)


def _gif_parts(content: bytes) -> Parts:
    """The screen, then extensions and pictures as far as their first bytes tell them apart."""
    table = 3 << ((content[10] & 7) + 1) if content[10] & 0x80 else 0
    starts, place = [13 + table], 13 + table
    while place < len(content) and content[place] in b"\x21\x2c":
        place += 2 if content[place] == 0x21 else 11 + (3 << ((content[place + 9] & 7) + 1) if content[place + 9] & 0x80 else 0)
        while place < len(content) and content[place]:
            place += 1 + content[place]
        place += 1
        starts.append(min(place, len(content)))
    return _cut(content, starts)


def _tiff_parts(content: bytes) -> Parts:
    """The header with strips, and the directory of tags, wherever it stands."""
    order = "<" if content[:2] == b"II" else ">"
    return _cut(content, [8, min(struct.unpack_from(order + "I", content, 4)[0], len(content))])


def _tiff_places(part: bytes) -> list[Place]:
    """Kind, count and value of every tag, twelve bytes each."""
    tags = [(at + shift, width) for at in range(2, min(len(part), 400) - 12, 12) for shift, width in ((2, 2), (4, 4), (8, 4))]
    return tags or _head_places(part)


def _boxes(content: bytes) -> Parts:
    """Of JPEG 2000 and AVIF."""
    starts, place = [], 0
    while place + 8 <= len(content):
        place += max(8, struct.unpack_from(">I", content, place)[0] or len(content))
        starts.append(min(place, len(content)))
    return _cut(content, starts)


def _blocks(content: bytes) -> Parts:
    """A head of 64 bytes, then pieces of 256, where a format is not taken apart here."""
    return _cut(content, [64, *range(320, len(content), 256)])


_GENERIC_LITTLE = Format(_blocks, _head_places, little=True)
_GENERIC_BIG = Format(_blocks, _head_places, little=False)
FORMATS: dict[str, Format] = {
    "jpg": Format(_jpeg_parts, _jpeg_places, little=False),
    "png": Format(_png_parts, _png_places, little=False, seal=_png_seal),
    "wav": Format(_chunks("<"), _chunk_places, little=True),
    "flac": Format(_flac_parts, _flac_places, little=False, seal=_flac_seal),
    "ogg": Format(_ogg_parts, _ogg_places, little=True, seal=_ogg_seal),
    "opus": Format(_ogg_parts, _ogg_places, little=True, seal=_ogg_seal),
    "mp3": Format(_mp3_parts, _head_places, little=False),
    "aiff": Format(_chunks(">"), _chunk_places, little=False),
    "au": _GENERIC_BIG,
    "caf": _GENERIC_BIG,
    "w64": _GENERIC_LITTLE,
    "rf64": Format(_chunks("<"), _chunk_places, little=True),
    "gif": Format(_gif_parts, _head_places, little=True),
    "bmp": _GENERIC_LITTLE,
    "tiff": Format(_tiff_parts, _tiff_places, little=True),
    "webp": Format(_chunks("<"), _chunk_places, little=True),
    "jp2": Format(_boxes, lambda part: _head_places(part, 120), little=False),
    "avif": Format(_boxes, lambda part: _head_places(part, 300), little=False),
    "ppm": _GENERIC_BIG,
    "tga": _GENERIC_LITTLE,
    "ico": _GENERIC_LITTLE,
}
"""By the ending of their names: what Injerto's readers take."""

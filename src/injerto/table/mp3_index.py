"""An index for MP3 files of varying bit rate that lack one: without it the decoder guesses a length and stops in silence."""

from __future__ import annotations

import struct

from injerto.table.file_bytes import Content

_KBITS_A_SECOND = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_LAYER_3 = 1
_MONO = 3


def mp3_start(content: Content) -> int:
    """Where the first frame begins, after an ID3 block if there is one; -1 if this is no MP3."""
    start = 0
    if content[:3] == b"ID3" and len(content) > 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    return start if _frame_bytes(content, start)[0] else -1


def index_place(content: Content, start: int) -> int:
    """Where the Xing or Info block stands in the frame at `start`; -1 where there is none."""
    head = content[start : start + 256]
    place = max(head.find(b"Xing"), head.find(b"Info"))
    return place if place < 0 else start + place


def with_index(content: bytes) -> bytes:
    """The file itself; or, if it is an MP3 of varying bit rate without an index, a frame with the count of frames before it."""
    frame, start = index_frame(content)
    return frame + content[start:] if frame else content


def index_frame(content: Content) -> tuple[bytes, int]:
    """The frame to put before the byte at which the sound starts, and that byte; no frame where none is lacking.

    *Source*: ISO 11172-3, section 2.4.1.3 for the frames; the Xing block as LAME writes it.
    """
    start = mp3_start(content)
    if start < 0 or index_place(content, start) >= 0 or b"VBRI" in content[start : start + 64]:
        return b"", 0
    place, frames, bit_rates = start, 0, set()
    while True:
        length, bit_rate = _frame_bytes(content, place)
        if length == 0:
            break
        place, frames = place + length, frames + 1
        bit_rates.add(bit_rate)
    if len(bit_rates) < 2:
        return b"", 0
    header = bytearray(content[start : start + 4])
    header[1] |= 1  # no checksum
    first_version, mono = (header[1] >> 3) & 3 == 3, header[3] >> 6 == _MONO
    side_bytes = (17 if mono else 32) if first_version else (9 if mono else 17)
    frame = bytes(header) + bytes(side_bytes) + b"Xing" + struct.pack(">II", 1, frames)
    return frame.ljust(_frame_bytes(content, start)[0], b"\0"), start


def _frame_bytes(content: Content, place: int) -> tuple[int, int]:
    """Length and kbit/s of the layer-III frame at `place`; zeros where none begins."""
    head = content[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0, 0
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    bit_rate, rate, padding = head[2] >> 4, (head[2] >> 2) & 3, (head[2] >> 1) & 1
    if version == 1 or layer != _LAYER_3 or bit_rate in (0, 15) or rate == 3:
        return 0, 0
    kbits = _KBITS_A_SECOND[1 if version == 3 else 2][bit_rate]
    return (144 if version == 3 else 72) * kbits * 1000 // _RATES_HZ[version][rate] + padding, kbits

"""What a sound file promises in its header against what it holds: decoders read a truncated file to its end in silence."""

from __future__ import annotations

import struct

from injerto.table.file_bytes import Content
from injerto.table.mp3_index import index_place, mp3_start

_STREAMED = 0x7FFFF000
"""Lengths from here up are placeholders of programs that wrote to a pipe and could not go back."""

_LONGEST_PAGE = 65_307
_MOST_CHUNKS = 10_000
"""Before the samples: a file of empty ones alone would be walked through for minutes."""


def missing_part(content: Content) -> str:
    """How a truncated WAV, AIFF, Ogg or MP3 file shows it, in a few words; an empty string when nothing is missing."""
    if content[:4] in (b"RIFF", b"RF64") and content[8:12] == b"WAVE":
        return _of_wav(content)
    if content[:4] == b"FORM" and content[8:12] in (b"AIFF", b"AIFC"):
        return _promise(struct.unpack(">I", content[4:8])[0], len(content) - 8)
    if content[:4] == b"OggS":
        return _of_ogg(content)
    return _of_mp3(content)


def _promise(promised: int, held: int) -> str:
    if promised <= held or promised >= _STREAMED:
        return ""
    return f"the header promises {promised} bytes, the file holds {max(held, 0)}"


def _of_wav(content: Content) -> str:
    """Walk the chunks up to `data`; in RF64 its length stands in `ds64`."""
    place, long_length = 12, 0
    for _ in range(_MOST_CHUNKS):
        if place + 8 > len(content):
            break
        name, length = content[place : place + 4], struct.unpack("<I", content[place + 4 : place + 8])[0]
        if name == b"ds64" and place + 24 <= len(content):
            long_length = struct.unpack("<Q", content[place + 16 : place + 24])[0]
        if name == b"data":
            if content[:4] == b"RF64" and length == 0xFFFFFFFF:
                held = len(content) - place - 8
                return f"the header promises {long_length} bytes, the file holds {held}" if long_length > held else ""
            return _promise(length, len(content) - place - 8)
        place += 8 + length + length % 2
    return "the file ends before its samples"


def _of_ogg(content: Content) -> str:
    """The last page must be whole. *Source*: RFC 3533, section 6."""
    tail = content[max(0, len(content) - _LONGEST_PAGE) : len(content)]
    place = tail.rfind(b"OggS")
    if place < 0 or place + 27 > len(tail):
        return "its last page is cut"
    segments = tail[place + 26]
    table = tail[place + 27 : place + 27 + segments]
    return "its last page is cut" if len(table) < segments or place + 27 + segments + sum(table) > len(tail) else ""


def _of_mp3(content: Content) -> str:
    """The Xing or Info block of the first frame counts the bytes of all frames, if the encoder wrote one."""
    start = mp3_start(content)
    place = index_place(content, start) if start >= 0 else -1
    if place < 0 or len(content) < place + 16:
        return ""
    flags = struct.unpack(">I", content[place + 4 : place + 8])[0]
    if not flags & 2:
        return ""
    at = place + 8 + 4 * (flags & 1)
    promised = struct.unpack(">I", content[at : at + 4])[0]
    return _promise(promised, len(content) - start)

"""Why a file cannot be opened as a sound, in words that say what it is instead and what to do."""

from __future__ import annotations

import soundfile

from injerto.table.file_bytes import Content
from injerto.table.sniff import what_is
from injerto.table.sound_lengths import missing_part

_OUR_SOUNDS = ("a WAV sound", "an Ogg sound", "a FLAC sound", "an MP3 sound")
_HEAD_BYTES = 65_536


def refusal(content: Content, slip: Exception) -> str:
    """The reason of a MediaError for what soundfile said of `content`."""
    missing = missing_part(content)
    what = what_is(content[:_HEAD_BYTES])
    if missing:
        return f"truncated sound: {missing}"
    if what in _OUR_SOUNDS:
        why = slip.error_string if isinstance(slip, soundfile.LibsndfileError) else str(slip)
        return f"damaged sound: {what} that cannot be decoded ({why.removeprefix('Error : ').rstrip('.')})"
    if what.endswith(" video"):
        return f"not a sound: it is {what}; extract its sound first, e.g. with ffmpeg"
    return "not a sound" + (f": it is {what}" if what else "")

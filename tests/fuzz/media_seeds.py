"""Small sound files and photos of every format that Injerto reads: what the fuzzer makes its files from."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from made_media import encoded, exif, noise, png, sound, textured, varying_mp3

_SMALLEST_REAL = 2
"""Of each set of real files, so many of the smallest are taken: the format is the point, and small ones are soon read."""
_REAL = {
    "jpg": ("right_whales/crops", "faces/photos", "nyala/photos", "ants_bees"),
    "ogg": ("esc10/clips", "urbansound/fold1"),
    "flac": ("spoken_digits/recordings",),
}


@cache
def made_seeds(ending: str) -> tuple[bytes, ...]:
    """Files of the format `ending`, made here: the same on every machine with the same encoders."""
    made = {"png": _pngs, "jpg": _jpegs, "gif": _gifs, "wav": _wavs, "flac": _flacs, "ogg": _oggs, "mp3": _mp3s}
    if ending in made:
        return tuple(made[ending]())
    return tuple(_pictures(ending) if ending in _PICTURES else _sounds(ending))


def real_seeds(ending: str, data: Path) -> tuple[bytes, ...]:
    """Real files of the format `ending` below `data`; none where the data is not on this machine."""
    found = []
    for folder in _REAL.get(ending, ()):
        files = sorted((data / folder).rglob(f"*.{ending}"), key=lambda file: (file.stat().st_size, file.name))
        found += [file.read_bytes() for file in files[:_SMALLEST_REAL]]
    return tuple(found)


def _photo(mode: str = "RGB", width: int = 61, height: int = 45) -> Image.Image:
    image = Image.fromarray(textured(width, height))
    if mode.endswith("A"):
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image.convert(mode)


def _jpegs() -> list[bytes]:
    return [
        encoded(_photo(), "JPEG", quality=80),
        encoded(_photo(), "JPEG", progressive=True, subsampling=0),
        encoded(_photo("L"), "JPEG", optimize=True),
        encoded(_photo("CMYK"), "JPEG"),
        encoded(_photo(), "JPEG", exif=exif(6), restart_marker_blocks=4),
        encoded(_photo(), "MPO", save_all=True, append_images=[_photo("L")]),
        encoded(_photo(width=400, height=300), "JPEG", quality=30),
    ]


def _pngs() -> list[bytes]:
    palette = _photo().quantize(16)
    return [
        *(encoded(_photo(mode), "PNG") for mode in ("RGB", "RGBA", "LA", "1", "L")),
        encoded(palette, "PNG", transparency=bytes(range(16))),
        encoded(_photo(), "PNG", exif=exif(3), dpi=(300, 300), icc_profile=bytes(200)),
        encoded(_photo(), "PNG", save_all=True, append_images=[_photo().rotate(180)], duration=50),
        png(9, 5, 16, 2, b"".join(b"\0" + bytes(range(54)) for _ in range(5))),
        png(9, 5, 16, 0, b"".join(b"\4" + bytes(range(18)) for _ in range(5))),
    ]


def _gifs() -> list[bytes]:
    frames = [_photo().quantize(32), _photo("L")]
    return [encoded(frames[0], "GIF"), encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], transparency=3)]


_PICTURES = {
    "bmp": ("BMP", ("RGB", "L", "1", "P"), ({},)),
    "tiff": (
        "TIFF",
        ("RGB", "L", "1", "RGBA", "CMYK", "F"),
        ({}, {"compression": "tiff_lzw"}, {"compression": "tiff_deflate"}),
    ),
    "webp": ("WEBP", ("RGB", "RGBA"), ({}, {"lossless": True}, {"save_all": True})),
    "jp2": ("JPEG2000", ("RGB", "L", "RGBA"), ({}, {"irreversible": True, "quality_layers": [20]})),
    "avif": ("AVIF", ("RGB", "RGBA"), ({"speed": 10},)),
    "ppm": ("PPM", ("RGB", "L", "1"), ({},)),
    "tga": ("TGA", ("RGB", "L", "RGBA"), ({}, {"compression": "tga_rle"})),
    "ico": ("ICO", ("RGBA",), ({"sizes": [(16, 16), (32, 32)]}, {"sizes": [(32, 32)], "bitmap_format": "bmp"})),
}
"""Format, modes and options of Pillow."""


def _pictures(ending: str) -> list[bytes]:
    format, modes, options = _PICTURES[ending]
    made = [encoded(_photo(mode), format, **choice) for mode in modes for choice in options]
    if ending == "tiff":
        made += [encoded(_photo("1"), format, compression="group4"), encoded(_photo(), format, compression="jpeg")]
        made += [encoded(Image.fromarray(np.arange(600, dtype=np.uint16).reshape(20, 30)), format, compression="packbits")]
    return made


def _wavs() -> list[bytes]:
    subtypes = (
        "PCM_16",
        "PCM_U8",
        "PCM_24",
        "FLOAT",
        "DOUBLE",
        "ULAW",
        "ALAW",
        "IMA_ADPCM",
        "MS_ADPCM",
        "GSM610",
        "NMS_ADPCM_32",
    )
    made = [sound(noise(0.1, 8000), 8000, "WAV", subtype) for subtype in subtypes]
    return [*made, sound(noise(0.1, 22_050, 2), 22_050), sound(noise(0.05, 48_000, 4), 48_000, "WAVEX")]


def _flacs() -> list[bytes]:
    quiet = np.zeros(9000, dtype=np.float32)
    return [
        sound(noise(0.2, 16_000), 16_000, "FLAC"),
        sound(noise(0.2, 16_000, 2), 16_000, "FLAC", "PCM_24"),
        sound(np.sin(np.arange(12_000) / 9).astype(np.float32) / 2, 44_100, "FLAC", "PCM_S8"),
        sound(quiet, 8000, "FLAC"),
        sound(noise(0.1, 48_000, 6), 48_000, "FLAC"),
    ]


def _oggs() -> list[bytes]:
    return [sound(noise(seconds, rate_hz, channels), rate_hz, "OGG") for seconds, rate_hz, channels in _SHAPES]


_SHAPES = ((0.3, 8000, 1), (0.2, 44_100, 2), (1.0, 22_050, 1))


def _mp3s() -> list[bytes]:
    titled = b"ID3\x04\0\0\0\0\x02\x01" + bytes(257)
    plain = [_mp3(noise(0.4, rate_hz, channels), rate_hz) for rate_hz, channels in ((44_100, 1), (16_000, 2), (8000, 1))]
    varying = varying_mp3()
    return [*plain, titled + plain[0], varying[: varying.rindex(varying[:2], 0, 20_000)]]


def _mp3(samples: np.ndarray, rate_hz: int) -> bytes:
    target = io.BytesIO()
    soundfile.write(target, samples, rate_hz, format="MP3", bitrate_mode="CONSTANT", compression_level=0.7)
    return target.getvalue()


_SOUNDS = {
    "opus": ("OGG", ("OPUS",), ("OPUS",), 48_000),
    "aiff": ("AIFF", ("PCM_16", "PCM_24", "FLOAT", "ULAW", "IMA_ADPCM"), ("PCM_16", "ULAW"), 8000),
    "au": ("AU", ("PCM_16", "ULAW", "G721_32", "G723_24", "FLOAT"), ("PCM_16", "ULAW"), 8000),
    "caf": ("CAF", ("PCM_16", "ALAC_16", "FLOAT"), ("PCM_16", "ALAC_16"), 8000),
    "w64": ("W64", ("PCM_16", "GSM610", "MS_ADPCM"), ("PCM_16", "MS_ADPCM"), 8000),
    "rf64": ("RF64", ("PCM_16", "FLOAT"), ("PCM_16",), 8000),
}
"""Format, subtypes with one channel and with two, and rate of soundfile."""


def _sounds(ending: str) -> list[bytes]:
    format, one, two, rate_hz = _SOUNDS[ending]
    shapes = [(1, subtype) for subtype in one] + [(2, subtype) for subtype in two]
    return [sound(noise(0.1, rate_hz, channels), rate_hz, format, subtype) for channels, subtype in shapes]

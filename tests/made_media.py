"""Pictures and sounds made for tests."""

import io
import struct
import zlib

import numpy as np
import soundfile
from PIL import Image


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def quadrants(width: int = 64, height: int = 48) -> np.ndarray:
    """Red, green over blue, yellow: each turn and mirror shows."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 255)
    pixels[height // 2 :, width // 2 :] = (255, 255, 0)
    return pixels


def textured(width: int = 320, height: int = 240, seed: int = 0) -> np.ndarray:
    """Smooth random shades, as a photo has."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG file built by hand, so that it may lie about its size and have depths that Pillow does not write."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">2I5B", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def exif(orientation: int, order: str = "<") -> bytes:
    """An EXIF block that holds an orientation and nothing else, built by hand."""
    tiff = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, 1)
    return b"Exif\0\0" + tiff + struct.pack(order + "HHIHHI", 0x0112, 3, 1, orientation, 0, 0)


def tone(seconds: float = 0.5, rate_hz: int = 16_000, frequency_hz: float = 440.0) -> np.ndarray:
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * frequency_hz * time)).astype(np.float32)


def sound(samples: np.ndarray, rate_hz: int = 16_000, format: str = "WAV", subtype: str | None = None) -> bytes:
    target = io.BytesIO()
    soundfile.write(target, samples, rate_hz, format=format, subtype=subtype)
    return target.getvalue()


def noise(seconds: float, rate_hz: int, channels: int = 1) -> np.ndarray:
    samples = np.random.default_rng(0).normal(0, 0.1, (round(seconds * rate_hz), channels)).astype(np.float32)
    return samples[:, 0] if channels == 1 else samples


def varying_mp3() -> bytes:
    """12 s of varying bit rate at 16 kHz, without the index that says so."""
    changing = np.concatenate([noise(4, 16_000), np.zeros(64_000, np.float32), noise(4, 16_000)])
    target = io.BytesIO()
    soundfile.write(target, changing, 16_000, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5)
    content = target.getvalue()
    return content[content.index(content[:2], 13) :]

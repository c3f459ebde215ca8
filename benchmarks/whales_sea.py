"""Made-up sea seen from the air: water like that of a crop, swell, glitter of the sun, white water. Textures for whales, too.

Water is Gaussian texture of the same spectrum as a patch (Galerne, Gousseau and Morel 2011, random phase noise), so that it has
the patch's colours and waves and repeats nowhere.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

PATCH = 56
"""Pixels a side of the corner of a crop that shows nothing but water."""
WHITE = np.array([236.0, 240.0, 243.0])


def rough(shape: tuple[int, int], size: float, generator: np.random.Generator, *, ratio: float = 1.0) -> np.ndarray:
    """Noise (H,W) of spread 1 with hills about `size` pixels across, `ratio` times as wide as high."""
    high, wide = (max(2, int(np.ceil(n / s)) + 1) for n, s in zip(shape, (size, size * ratio), strict=True))
    coarse = Image.fromarray(generator.normal(size=(high, wide)).astype(np.float32))
    fine = np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC))
    return np.asarray(fine / max(float(fine.std()), 1e-6))


def broken(shape: tuple[int, int], size: float, generator: np.random.Generator) -> np.ndarray:
    """Noise (H,W) of spread 1 of hills of `size` pixels, half and a quarter of it, and so on down to a pixel."""
    total, weight = np.zeros(shape, dtype=np.float32), 1.0
    while size >= 1:
        total += weight * rough(shape, size, generator)
        size, weight = size / 2.2, weight * 0.75
    return np.asarray(total / max(float(total.std()), 1e-6))


def like(patch: np.ndarray, shape: tuple[int, int], size: tuple[int, int], generator: np.random.Generator) -> np.ndarray:
    """Texture (H,W,3) around 0 of the spectrum of a patch (h,w,3) made `size` (width, height) pixels large."""
    small = np.asarray(Image.fromarray(patch).resize(size, Image.Resampling.LANCZOS), dtype=np.float32)
    small = small[: shape[0], : shape[1]] - small.mean(axis=(0, 1))
    hill = np.outer(np.hanning(small.shape[0] + 2)[1:-1], np.hanning(small.shape[1] + 2)[1:-1])[:, :, None]
    kernel = np.zeros((*shape, 3), dtype=np.float32)
    kernel[: small.shape[0], : small.shape[1]] = small * np.sqrt(hill) / np.sqrt(np.square(hill).sum())
    noise = np.fft.rfft2(generator.normal(size=(*shape, 1)).astype(np.float32), axes=(0, 1))
    return np.fft.irfft2(noise * np.fft.rfft2(kernel, axes=(0, 1)), s=shape, axes=(0, 1)).astype(np.float32)


def plain_corner(crop: np.ndarray) -> np.ndarray:
    """Of the two corners in front of the head the one that varies less."""
    corners = [crop[:PATCH, -PATCH:], crop[-PATCH:, -PATCH:]]
    return min(corners, key=lambda part: float(part.std(axis=(0, 1)).mean()))


def water(crop: np.ndarray, shape: tuple[int, int], scale: float, generator: np.random.Generator) -> np.ndarray:
    """Water (H,W,3) float like that before the head of a crop that is shown at `scale` along and half of it across."""
    patch = plain_corner(crop)
    scale = max(scale, 0.25)
    texture = like(patch, shape, (max(8, round(PATCH * scale)), max(8, round(PATCH * scale / 2))), generator)
    texture *= min(1.0, 18 / max(float(texture.std()), 1e-6))
    # Swell is longer than the corner; slopes that face the sky are lighter. Light falls off from one side to the other.
    length = PATCH * scale * generator.uniform(0.5, 2.0)
    swell = _waves(shape, length, generator) * generator.uniform(0, 9) + rough(shape, 200, generator) * generator.uniform(0, 6)
    slope = generator.normal(0, 6, 2)
    x, y = np.meshgrid(np.linspace(-1, 1, shape[1]), np.linspace(-1, 1, shape[0]))
    sea = patch.mean(axis=(0, 1)) + texture + (swell + slope[0] * x + slope[1] * y)[:, :, None]
    return _glittering(sea.astype(np.float32), length, generator)


def _waves(shape: tuple[int, int], length: float, generator: np.random.Generator) -> np.ndarray:
    """Crests (H,W) that run across any one direction, of spread 1."""
    total, direction = np.zeros(shape, dtype=np.float32), generator.uniform(0, np.pi)
    x, y = np.meshgrid(np.arange(shape[1], dtype=np.float32), np.arange(shape[0], dtype=np.float32))
    for _ in range(6):
        angle, long = direction + generator.normal(0, 0.35), length * np.exp(generator.normal(0, 0.35))
        turn = 2 * np.pi / long * np.exp(1j * angle)
        phase = x * np.float32(turn.real) + y * np.float32(turn.imag) + np.float32(generator.uniform(0, 6.3))
        # Crests are narrower than troughs, and nowhere as long as the photo is wide.
        total += (np.exp(np.cos(phase)) - 1.27) * rough(shape, 2.5 * long, generator)
    return total / max(float(total.std()), 1e-6)


def _glittering(sea: np.ndarray, length: float, generator: np.random.Generator) -> np.ndarray:
    """White specks on the crests: a few on most photos, the sun's mirror on some."""
    strong = generator.random() < 0.15
    if not strong and generator.random() < 0.35:
        return sea
    shape = (sea.shape[0], sea.shape[1])
    field = 0.8 * broken(shape, max(3.0, length / 4), generator) + 0.6 * _waves(shape, length, generator)
    where = rough(shape, max(shape) / 4, generator)
    threshold = generator.uniform(1.5, 2.1) if strong else generator.uniform(2.4, 3.2)
    white = np.clip((field + 0.4 * where - threshold) / 0.35, 0, 1)[:, :, None] * generator.uniform(0.5, 1.0)
    return np.asarray(sea + (WHITE - sea) * white, dtype=np.float32)


def foamed(photo: np.ndarray, envelope: np.ndarray, size: float, generator: np.random.Generator) -> np.ndarray:
    """White water on a photo (H,W,3) where an envelope (H,W), 0 to 1, lets it be, in lumps of `size` pixels and less. Between
    lumps and around them the water is turquoise with bubbles.
    """
    lumps = broken((photo.shape[0], photo.shape[1]), max(size, 2.0), generator)
    height = envelope * 2.6 + 0.75 * lumps - 1.5
    white = np.clip(height / 0.9 + 0.2, 0, 1) ** 1.3 * np.clip(envelope * 8, 0, 1)
    bubbles = np.clip((height + 1.0) / 1.4, 0, 1) * np.clip(envelope * 2, 0, 1) * (0.35 * generator.random())
    photo = photo + (photo.mean(axis=(0, 1)) * 0.6 + np.array([60, 105, 105]) - photo) * bubbles[:, :, None]
    shade = 1 - 0.12 * np.clip(broken(white.shape, max(size / 2, 1.5), generator), -1, 2)[:, :, None]
    return np.asarray(photo + (WHITE * np.clip(shade, 0.65, 1.05) - photo) * white[:, :, None], dtype=np.float32)


def strewn(photo: np.ndarray, length: float, generator: np.random.Generator) -> np.ndarray:
    """White water that is no whale's: up to four patches, lines or rings, sized by a head's `length` in pixels."""
    height, width, _ = photo.shape
    for _ in range(int(generator.choice(5, p=[0.45, 0.25, 0.15, 0.1, 0.05]))):
        size = length * float(np.exp(generator.uniform(np.log(0.15), np.log(1.5))))
        turn, squeeze = generator.uniform(0, np.pi), generator.uniform(1, 4)
        x, y = np.meshgrid(np.arange(width) - generator.uniform(0, width), np.arange(height) - generator.uniform(0, height))
        along, over = x * np.cos(turn) + y * np.sin(turn), (y * np.cos(turn) - x * np.sin(turn)) * squeeze
        far = np.hypot(along, over) / size
        kind = generator.random()
        if kind < 0.5:
            envelope = np.exp(-(far**2) / 2)
        elif kind < 0.75:
            envelope = np.exp(-(((far - 1) / 0.15) ** 2))
        else:  # threads, as the edges of smoother water have them
            envelope = np.exp(-((rough((height, width), max(size, 4), generator) / 0.12) ** 2)) * np.exp(-(far**2) / 8)
        photo = foamed(photo, (envelope * generator.uniform(0.5, 1.0)).astype(np.float32), length * 0.15, generator)
    return photo

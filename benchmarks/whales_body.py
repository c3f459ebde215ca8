"""What of a right whale is behind its head, seen from the air: back, flukes, what is under water, foam around it, spray.

Lengths are those of the head, from blowhead to bonnet. Behind the blowhead the animal is four to five of them long and at most
1.3 wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter
from whales_sea import WHITE, broken, foamed, like, plain_corner, rough

_OUTLINE = np.array(
    [(-1.0, 0.10), (-0.5, 0.26), (0.0, 0.36), (0.6, 0.47), (1.5, 0.60), (2.3, 0.52), (3.1, 0.30), (3.8, 0.10), (4.3, 0.07)]
)
"""How far behind the blowhead, and half as wide as the animal is there."""
_FLUKES = 4.1
BACK = 0.6
"""So far behind the blowhead ends what a crop shows."""


@dataclass(frozen=True)
class Lie:
    """Every pixel of a photo as the animal sees it."""

    behind: np.ndarray
    """Lengths (H,W) behind the blowhead, along the back."""
    beside: np.ndarray
    """Lengths (H,W) beside the back, to the right of the animal positive."""
    length: float
    """Pixels from blowhead to bonnet."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.behind.shape[0], self.behind.shape[1]


def with_body(
    photo: np.ndarray, crop: np.ndarray, lie: Lie, others: Sequence[np.ndarray], generator: np.random.Generator
) -> np.ndarray:
    """The photo (H,W,3) with the animal of a crop in it, all but the head; the crop is pasted over its front. `others` are
    crops whose rears are laid along its back.
    """
    wide, long = generator.uniform(0.8, 1.15), generator.uniform(0.85, 1.15)
    bend = generator.normal(0, 0.035)
    beside = lie.beside - bend * np.clip(lie.behind, 0, None) ** 2
    half = _half_width(lie.behind / np.where(lie.behind > BACK, long, 1.0), rear_half_width(crop), wide)
    flukes = generator.random() < 0.5
    inside = np.clip((half - np.abs(beside)) * lie.length / 1.5 + 0.5, 0, 1)
    if flukes:
        inside = np.maximum(inside, _flukes(lie.behind / long, beside, lie.length))
    shown = _shown(lie, long, generator)
    skin = _skin(crop, lie, beside, half, generator)
    # Under water the animal takes on the water's colour and loses its edges.
    sea = photo.mean(axis=(0, 1))
    under = np.clip(1 - shown, 0, 1)[:, :, None]
    tinted = skin + (sea * 0.75 + np.array([10, 8, 2]) - skin) * under * 0.6
    photo = photo + (tinted - photo) * (inside * shown)[:, :, None]
    photo = _with_rears(photo, crop, lie, beside, half, shown, others, generator)
    return _with_foam(photo, lie, beside, half, long, generator)


def rear_half_width(crop: np.ndarray) -> float:
    """Half the animal's width at the crop's rear, in lengths of the head: pixels there that look more like its middle than like
    the water in front of it.
    """
    rear = crop[:, :24].astype(np.float64)
    skin, sea = np.median(rear[90:134], axis=(0, 1)), plain_corner(crop).mean(axis=(0, 1))
    own = np.linalg.norm(rear - skin, axis=2) < np.linalg.norm(rear - sea, axis=2)
    return float(np.clip(own.mean() / 2, 0.3, 0.5))


def _half_width(behind: np.ndarray, at_rear: float, wide: float) -> np.ndarray:
    """Half the animal's width (H,W): as the crop has it where the crop ends, and as they are farther back; 0 behind the end."""
    places, widths = _OUTLINE.T
    widths = np.where(places <= BACK, widths * at_rear / 0.47, np.maximum(widths * wide, np.where(places < 2, at_rear, 0)))
    return np.asarray(np.interp(behind, places, widths, left=0.0, right=0.0), dtype=np.float32)


def _flukes(behind: np.ndarray, beside: np.ndarray, length: float) -> np.ndarray:
    """Two blades, swept back, 1.4 lengths across."""
    side = np.abs(beside)
    front = _FLUKES + 0.35 * side
    rear = _FLUKES + 0.42 - 0.08 * np.cos(side * 9) + 0.12 * side
    edge = np.minimum(np.minimum(behind - front, rear - behind), 0.7 - side)
    return np.clip(edge * length / 1.5 + 0.5, 0, 1)


def _shown(lie: Lie, long: float, generator: np.random.Generator) -> np.ndarray:
    """How much (H,W) of the animal is to be seen, 0 to 1: most lie at the surface, some fade under water towards the tail."""
    kind = generator.random()
    if kind < 0.5:
        level, ends, soft = generator.uniform(0.85, 1.0), 9.0, 1.0
    elif kind < 0.85:
        level, ends, soft = generator.uniform(0.7, 1.0), generator.uniform(1.0, 4.0), generator.uniform(0.15, 1.2)
    else:  # all of it is under water
        level, ends, soft = generator.uniform(0.1, 0.6), generator.uniform(2.0, 5.0), 1.0
    waves = broken(lie.shape, max(0.3 * lie.length, 3), generator)
    rest = generator.uniform(0.0, 0.45)
    gone = 1 / (1 + np.exp(-np.clip((lie.behind / long - ends + 0.25 * waves) / (0.4 * soft), -30, 30)))
    return np.clip((level * (1 - gone) + level * rest * gone) * (1 + 0.12 * waves * (gone + 0.2)), 0, 1)


def _skin(crop: np.ndarray, lie: Lie, beside: np.ndarray, half: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Skin (H,W,3) like that behind the blowhead, lit from one side, with scars and blotches, here and there white."""
    patch = crop[72:152, :60]
    plain = np.quantile(patch, generator.uniform(0.12, 0.4), axis=(0, 1))
    scale = 2 * lie.length / 224
    texture = _laid(
        like(
            patch,
            (round(2 * lie.length), round(6 * lie.length)),
            (max(8, round(60 * scale)), max(8, round(40 * scale))),
            generator,
        ),
        lie,
    )
    texture *= min(1.0, generator.uniform(4, 12) / max(float(texture.std()), 1e-6))
    across = np.clip(beside / np.maximum(half, 1e-3), -1.2, 1.2)
    light = generator.uniform(-1, 1) * 14 * across - generator.uniform(0, 22) * across**2
    sheen = generator.uniform(0, 1) ** 2 * 110 * np.exp(-(((across - generator.uniform(-0.6, 0.6)) / 0.18) ** 2))
    sheen = sheen * np.clip(rough(lie.shape, max(0.4 * lie.length, 3), generator), 0, 2)
    blotches = np.clip((broken(lie.shape, max(0.35 * lie.length, 3), generator) - generator.uniform(1.4, 3.0)) / 0.4, 0, 1)
    skin = plain + texture + (light + sheen)[:, :, None]
    pale = np.minimum(plain + generator.uniform(40, 130), 235)
    return np.asarray(skin + (pale - skin) * blotches[:, :, None], dtype=np.float32)


def _with_rears(
    photo: np.ndarray,
    crop: np.ndarray,
    lie: Lie,
    beside: np.ndarray,
    half: np.ndarray,
    shown: np.ndarray,
    others: Sequence[np.ndarray],
    generator: np.random.Generator,
) -> np.ndarray:
    """Backs as they are: what is at the rear of other crops, skin, foam and water beside it, one behind the other along the
    animal, as wide as it is there, in the colours of its own photo.

    Without them a head was the only part of a made photo that a camera has seen, and what was learned to be a head was whatever
    looks like one: on real photos, the whole animal.
    """
    for step, other in enumerate(others[: int(generator.integers(0, len(others) + 1))]):
        start = BACK - 0.15 + 0.48 * step
        near = (lie.behind > start) & (lie.behind < start + BACK) & (np.abs(beside) < 1.2)
        here = half[near & (np.abs(beside) < 0.05)]
        wide = float(np.clip(np.median(here) if len(here) else 0.1, 0.12, 0.8)) / rear_half_width(other)
        along, over = lie.behind[near] - start, beside[near] * generator.choice((-1.0, 1.0)) / wide
        columns = (along if generator.random() < 0.3 else BACK - along) * 112
        rows = (over + 0.5) * 224
        # Seen from farther away than it was taken: a mean over what a pixel stands for.
        size = max(0.5, 56 / lie.length), max(0.5, 112 / lie.length / wide)
        image = np.asarray(Image.fromarray(other[:, :72]).filter(ImageFilter.GaussianBlur((0.5 * size[0], 0.5 * size[1]))))
        picked = image[np.clip(rows, 0, 223).astype(int), np.clip(columns, 0, 71).astype(int)]
        picked = _recoloured(picked.astype(np.float32), other, crop)
        ends = np.clip(np.minimum(along, BACK - along) / 0.12, 0, 1)
        sides = np.clip((0.5 - np.abs(over)) / generator.uniform(0.08, 0.3), 0, 1)
        alpha = (ends * sides * np.clip(shown[near] * 1.3, 0, 1) * generator.uniform(0.7, 1.0))[:, None]
        photo[near] += (picked - photo[near]) * alpha
    return photo


def _recoloured(picked: np.ndarray, other: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """Pixels (N,3) of the rear of another crop in this one's colours: between its sea and its skin as they were between theirs,
    lighter or darker by as much.
    """
    (sea, skin), (own_sea, own_skin) = (
        (plain_corner(one).mean(axis=(0, 1)), np.quantile(one[72:152, :60], 0.35, axis=(0, 1))) for one in (other, crop)
    )
    apart = skin - sea
    share = np.clip((picked - sea) @ apart / max(float(apart @ apart), 100.0), 0, 1)[:, None]
    rest = picked - (sea + share * apart)
    return np.asarray(own_sea + share * (own_skin - own_sea) + 0.8 * rest.mean(axis=1, keepdims=True) + 0.2 * rest)


def _laid(texture: np.ndarray, lie: Lie) -> np.ndarray:
    """A texture that runs along the animal, pixel for pixel, where the animal lies."""
    rows = np.mod((lie.beside * lie.length).astype(int) + texture.shape[0] // 2, texture.shape[0])
    columns = np.mod((lie.behind * lie.length).astype(int) + round(lie.length), texture.shape[1])
    return texture[rows, columns]


def _with_foam(
    photo: np.ndarray, lie: Lie, beside: np.ndarray, half: np.ndarray, long: float, generator: np.random.Generator
) -> np.ndarray:
    """White water along the outline, over the back, beside the flanks and behind; each on some photos."""
    envelope = np.zeros(lie.shape, dtype=np.float32)
    for side in (-1, 1):
        if generator.random() < 0.55:
            middle, reach = generator.uniform(-0.6, 3.0), generator.uniform(0.3, 1.6)
            away = (side * beside - half) / generator.uniform(0.05, 0.22)
            envelope = np.maximum(
                envelope, generator.uniform(0.5, 1.0) * np.exp(-(away**2) - ((lie.behind - middle) / reach) ** 4)
            )
    if generator.random() < 0.45:  # a wave that breaks over the back
        middle, reach = generator.uniform(0.3, 3.6), generator.uniform(0.1, 0.7)
        curve = 0.6 * generator.normal() * beside**2
        over = np.exp(-(((lie.behind + curve - middle) / reach) ** 2) - (np.abs(beside) / (half + 0.15)) ** 6)
        envelope = np.maximum(envelope, generator.uniform(0.5, 1.0) * over)
    if generator.random() < 0.3:  # what the tail stirs up
        middle, reach, spread = generator.uniform(1.5, 4.5), generator.uniform(0.5, 1.5), generator.uniform(0.3, 0.9)
        stirred = np.exp(-(((lie.behind - middle) / reach) ** 2) - ((beside - generator.normal(0, 0.4)) / spread) ** 2)
        envelope = np.maximum(envelope, generator.uniform(0.6, 1.0) * stirred)
    if generator.random() < 0.2:  # the wave that the head pushes
        turn = np.arctan2(beside, 0.6 - lie.behind)
        bow = np.exp(-(((np.hypot(lie.behind + 0.2, beside) - generator.uniform(0.9, 1.5)) / 0.1) ** 2))
        bow *= np.exp(-(((turn - generator.uniform(-1.2, 1.2)) / generator.uniform(0.3, 1.2)) ** 4))
        envelope = np.maximum(envelope, generator.uniform(0.5, 1.0) * bow)
    return foamed(photo, envelope.astype(np.float32), 0.2 * lie.length, generator) if envelope.max() > 0.05 else photo


def with_spray(photo: np.ndarray, lie: Lie, generator: np.random.Generator) -> np.ndarray:
    """The breath, now and then: a white veil from the blowhead to anywhere."""
    if generator.random() > 0.2:
        return photo
    turn, reach = generator.uniform(-np.pi, np.pi), generator.uniform(0.4, 1.8)
    along = (lie.behind * np.cos(turn) + lie.beside * np.sin(turn)) / reach
    over = (lie.beside * np.cos(turn) - lie.behind * np.sin(turn)) / (0.08 + 0.25 * np.clip(along, 0, 1.5))
    veil = np.exp(-(over**2)) * np.clip(along * 6 + 0.5, 0, 1) * np.clip((1.3 - along) / 0.6, 0, 1)
    veil = veil * np.clip(0.75 + 0.4 * broken(lie.shape, max(0.3 * lie.length, 3), generator), 0, 1)
    return np.asarray(photo + (WHITE - photo) * (veil * generator.uniform(0.2, 0.8))[:, :, None], dtype=np.float32)

"""How much smaller a JPEG comes that is to be made smaller anyway: whole, or a half, a quarter or an eighth as long and wide.

The format keeps blocks of eight pixels as frequencies, and a decoder that leaves the high ones out is faster. These four are
what all decoders share: Pillow has them as `Image.draft`, so that a script beside an exported model reads the same levels.
NOTE tried and refused: eighths of every number, as libjpeg-turbo has them. Only these four are computed by its fast paths: at
7/8 of photos of 250 pixels, decoding took 0.56 ms for 0.45 ms whole; over all sizes from 150 to 4,000 pixels, decoding and
resizing to 224 took as long either way, within 3 %.
"""

from __future__ import annotations

PARTS = (8, 4, 2, 1)


def part_of(width: int, height: int, shortest: int | None) -> int:
    """Into how many parts the sides are divided, so that the shorter one keeps at least `shortest` pixels; 1 for None.

    Example:
        >>> part_of(1000, 800, 224), part_of(1000, 447, 224), part_of(9000, 9000, 224), part_of(9000, 9000, None)
        (2, 1, 8, 1)
    """
    if shortest is None:
        return 1
    return next((part for part in PARTS if min(width, height) // shortest >= part), 1)

"""Files that lie: real ones, changed at random or where a decoder believes what it reads. The same seed, the same file.

What a change may be: bits flipped; bytes overwritten, put in, or taken out; a number of a header set to an extreme; a part (a
segment, chunk, page or frame) dropped, doubled, moved, or taken from another file; the file cut short. Three files in four
have the checksums of their parts made right again, so that decoders go on into what was changed.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence

from media_parts import FORMATS, Format, Parts

CHANGES = (1, 1, 1, 2, 4)


def mutated(ending: str, seeds: Sequence[bytes], number: int, seed: int = 0) -> bytes:
    """The file of that number among all that `seed` makes from `seeds`, files of the format `ending`."""
    chance = random.Random(f"{seed}/{ending}/{number}")
    format = FORMATS[ending]
    parts = format.split(chance.choice(seeds))
    for _ in range(chance.choice(CHANGES)):
        change = chance.choices(list(_CHANGES), weights=list(_CHANGES.values()))[0]
        parts = change(parts, format, chance, seeds)
    if chance.random() < 0.75:
        parts = [format.seal(part) for part in parts]
    content = b"".join(parts)
    if chance.random() < 0.1:
        content = content[: chance.randrange(1, max(2, len(content)))]
    return content


def _flip(part: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)


def _overwrite(part: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(part)), chance.choice((1, 2, 4, 16, 64))
    fresh = chance.choice((bytes(length), b"\xff" * length, b"\x80" * length, chance.randbytes(length)))
    part[at : at + length] = fresh[: len(part) - at]


def _put_in(part: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(part))
    part[at:at] = chance.randbytes(chance.choice((1, 2, 7, 300)))


def _take_out(part: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(part))
    del part[at : at + chance.choice((1, 2, 7, 300))]


Edit = Callable[[bytearray, random.Random], None]
Change = Callable[[Parts, Format, random.Random, Sequence[bytes]], Parts]


def _within(edit: Edit) -> Change:
    """A change of the bytes of one part."""

    def change(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
        which = _some(parts, chance)
        part = bytearray(parts[which])
        if part:
            edit(part, chance)
        return [*parts[:which], bytes(part), *parts[which + 1 :]]

    return change


def _number(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    """A number that a decoder believes, at an extreme, or off by a little."""
    which = _some(parts, chance)
    part = bytearray(parts[which])
    places = [(at, width) for at, width in format.places(bytes(part)) if at + width <= len(part)]
    if not places:
        return parts
    at, width = chance.choice(places)
    order = "little" if format.little else "big"
    top, found = (1 << (8 * width)) - 1, int.from_bytes(part[at : at + width], order)
    told = chance.choice(
        (0, 1, 2, top >> 1, (top >> 1) + 1, top - 1, top, found + 1, found - 1, found * 2, chance.randint(0, top))
    )
    part[at : at + width] = (told & top).to_bytes(width, order)
    return [*parts[:which], bytes(part), *parts[which + 1 :]]


def _drop(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    which = _some(parts, chance)
    return parts[:which] + parts[which + 1 :] if len(parts) > 1 else parts


def _double(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    which = _some(parts, chance)
    return [*parts[:which], *[parts[which]] * chance.choice((2, 2, 3, 40)), *parts[which + 1 :]]


def _swap(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    one, other = _some(parts, chance), _some(parts, chance)
    parts = list(parts)
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def _graft(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    """A part of another file in the place of one of this."""
    others = format.split(chance.choice(seeds))
    which = _some(parts, chance)
    return [*parts[:which], others[_some(others, chance)], *parts[which + 1 :]]


def _unzipped(parts: Parts, format: Format, chance: random.Random, seeds: Sequence[bytes]) -> Parts:
    """Of a PNG, the rows of pixels changed and packed again: a change to packed bytes hardly ever unpacks."""
    which = next((at for at, part in enumerate(parts) if part[4:8] in (b"IDAT", b"iCCP", b"zTXt")), None)
    if which is None:
        return _within(_flip)(parts, format, chance, seeds)
    try:
        rows = bytearray(zlib.decompress(parts[which][8:-4]))
    except zlib.error:
        return parts
    chance.choice((_flip, _overwrite, _put_in, _take_out))(rows or bytearray(1), chance)
    packed = zlib.compress(bytes(rows), 1)
    return [*parts[:which], len(packed).to_bytes(4, "big") + parts[which][4:8] + packed + bytes(4), *parts[which + 1 :]]


def _some(parts: Parts, chance: random.Random) -> int:
    """Heads come first, and decide the most: half of all changes are among the first four parts."""
    return chance.randrange(min(len(parts), 4) if chance.random() < 0.5 else len(parts))


_CHANGES: dict[Change, int] = {
    _within(_flip): 3,
    _within(_overwrite): 3,
    _within(_put_in): 1,
    _within(_take_out): 1,
    _number: 8,
    _drop: 1,
    _double: 1,
    _swap: 1,
    _graft: 1,
    _unzipped: 1,
}

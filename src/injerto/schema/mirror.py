"""Which points change places when a photo is mirrored: the left eye of the mirrored photo is where the right one was.

Names tell it where they can. Where they cannot for certain, no photo is mirrored: half of the labels would be wrong, unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from injerto.errors import SchemaError, did_you_mean

HOW_TO_DECLARE = (
    'Say which points change places, as in --mirror left_eye:right_eye (in a schema, mirror = [["left_eye", "right_eye"]]), '
    "or --no-mirror (mirror = []) to leave photos as they are."
)

_LEFT_AND_RIGHT = [
    ("left", "right"),
    ("l", "r"),
    *[("izquierdo", "derecho"), ("izquierda", "derecha"), ("izq", "der")],
    *[("esquerdo", "direito"), ("esquerda", "direita")],
    *[("gauche", "droit"), ("gauche", "droite")],
    *[("links", "rechts"), ("linke", "rechte"), ("linker", "rechter"), ("linkes", "rechtes")],
]
_LEFT = {left: [other for one, other in _LEFT_AND_RIGHT if one == left] for left, _ in _LEFT_AND_RIGHT}
_RIGHT = {right: [other for other, one in _LEFT_AND_RIGHT if one == right] for _, right in _LEFT_AND_RIGHT}
# Words are set apart by signs, digits, or a capital inside: eyeLeft, LEye, left_eye, L1.
_WORD = re.compile(r"[A-ZÀ-Þ]+(?![a-zß-ÿ])|[A-ZÀ-Þ]?[a-zß-ÿ]+|[^A-Za-zÀ-ÿ]+|.")
# Two words without a sign between them, as in lefteye; bright and upright show that an end of a word says nothing.
_GLUED = re.compile(r"^(left|right)(?=[a-z]{2})", re.IGNORECASE)


@dataclass(frozen=True)
class MirrorPairs:
    """The pairs that change places under a flip and the points that stay themselves."""

    pairs: tuple[tuple[str, str], ...]
    alone: tuple[str, ...]
    reason: str = ""
    """Why photos are not mirrored, and how to declare it; empty when they are."""

    @property
    def flips(self) -> bool:
        """Whether photos may be mirrored in training."""
        return not self.reason


def mirror_pairs(names: Sequence[str]) -> MirrorPairs:
    """The pairs that names tell, left first; none, with the reason, when they leave a doubt.

    Example:
        >>> mirror_pairs(["nose", "left_eye", "right_eye"])
        MirrorPairs(pairs=(('left_eye', 'right_eye'),), alone=('nose',), reason='')
        >>> mirror_pairs(["nose", "left_eye"]).reason.split(":")[0]
        'Photos are not mirrored in training'
    """
    sides = {name: _sides(name) for name in names}
    doubt = next(_doubts(names, sides), "")
    if doubt:
        return MirrorPairs((), (), f"Photos are not mirrored in training: {doubt}. {HOW_TO_DECLARE}")
    partners = {name: _partners(name, sides)[0] for name in names if sides[name]}
    pairs = tuple((name, partner) for name, partner in partners.items() if sides[name] == {"left"})
    return MirrorPairs(pairs, tuple(name for name in names if name not in partners))


def declared_pairs(names: Sequence[str], declared: Iterable[Sequence[str]]) -> MirrorPairs:
    """The pairs as they are declared.

    *Raises* SchemaError with everything that is wrong with the declaration.
    """
    pairs = list(declared)
    problems = pair_problems(names, pairs)
    if problems:
        raise SchemaError(problems)
    taken = {name for pair in pairs for name in pair}
    return MirrorPairs(tuple((pair[0], pair[1]) for pair in pairs), tuple(name for name in names if name not in taken))


def pair_problems(names: Sequence[str], declared: Iterable[Sequence[str]]) -> list[str]:
    """A sentence for every pair that is no pair of points, and every point that is in two."""
    problems = []
    seen: dict[str, Sequence[str]] = {}
    for pair in declared:
        listed = " and ".join(f"'{name}'" for name in pair)
        if len(pair) != 2:
            problems.append(
                f"Mirror: a pair has two points, found {len(pair)}: {listed or 'none'}. Give each pair a list of two."
            )
            continue
        if pair[0] == pair[1]:
            problems.append(f"Mirror: '{pair[0]}' is paired with itself. Leave it out: a point in no pair stays itself.")
            continue
        for name in pair:
            if name not in names:
                problems.append(
                    f"Mirror: '{name}' in the pair {listed} is no point.{did_you_mean(name, names)} "
                    f"The points: {', '.join(names)}."
                )
            elif name in seen:
                earlier = " and ".join(f"'{one}'" for one in seen[name])
                problems.append(f"Mirror: '{name}' is in two pairs, {earlier}, and {listed}. Keep one of them.")
            seen.setdefault(name, pair)
    return problems


def swap_index(names: Sequence[str], pairs: Iterable[Sequence[str]]) -> list[int]:
    """Place (K,) of the point that takes each one's place in a mirrored photo: `mirrored[k] = points[index[k]]`.

    Example:
        >>> swap_index(["left_eye", "nose", "right_eye"], [("left_eye", "right_eye")])
        [2, 1, 0]
    """
    place = {name: number for number, name in enumerate(names)}
    index = list(range(len(names)))
    for one, other in pairs:
        index[place[one]], index[place[other]] = place[other], place[one]
    return index


def _words(name: str) -> list[str]:
    """The words of a name and what stands between them; together they are the name."""
    words = []
    for word in _WORD.findall(name):
        glued = _GLUED.match(word)
        words += [word[: glued.end()], word[glued.end() :]] if glued else [word]
    return words


def _sides(name: str) -> set[str]:
    """`left`, `right`, both or neither, as the words of a name say."""
    words = {word.casefold() for word in _words(name)}
    return {side for side, known in (("left", _LEFT), ("right", _RIGHT)) if words & known.keys()}


def _mirrored(name: str) -> list[str]:
    """What a name's partner may be called, in small letters."""
    choices = [(_LEFT | _RIGHT).get(word, [word]) for word in (word.casefold() for word in _words(name))]
    return ["".join(words) for words in product(*choices)]


def _partners(name: str, sides: dict[str, set[str]]) -> list[str]:
    wanted = _mirrored(name)
    return [other for other, side in sides.items() if side and side != sides[name] and other.casefold() in wanted]


def _doubts(names: Sequence[str], sides: dict[str, set[str]]) -> Iterator[str]:
    """Everything that speaks against believing the names, the clearest first."""
    for name in names:
        if len(sides[name]) > 1:
            yield f"the point '{name}' is named both left and right"
    for name in names:
        partners = _partners(name, sides)
        if sides[name] and not partners:
            other = "right" if sides[name] == {"left"} else "left"
            near = did_you_mean(_mirrored(name)[0], [one for one in names if one != name and not sides[one] & sides[name]])
            yield f"the point '{name}' has no partner on the {other}, such as '{_mirrored(name)[0]}'" + (
                f" (is it {near.split()[-1].rstrip('?')}?)" if near else ""
            )
        elif len(partners) > 1:
            yield f"the point '{name}' has two partners, '{partners[0]}' and '{partners[1]}'"
    yield from _letters_in_words([name for name in names if not sides[name]])
    if not any(sides.values()):
        yield from _numbered(names)


def _letters_in_words(names: Sequence[str]) -> Iterator[str]:
    """Names that differ in an l or r at an end of a word, as paw_FL and paw_FR: perhaps sides, perhaps not."""
    small = {name.casefold(): name for name in names}
    for name in names:
        words = [word.casefold() for word in _words(name)]
        for place, word in enumerate(words):
            for changed in {re.sub("^l", "r", word), re.sub("l$", "r", word)} - {word}:
                other = small.get("".join([*words[:place], changed, *words[place + 1 :]]))
                if other is not None:
                    yield f"'{name}' and '{other}' may be left and right, which their names do not say for certain"


def _numbered(names: Sequence[str]) -> Iterator[str]:
    """Points that only a number tells apart, none of them named left or right: eye1 and eye2 may be both eyes."""
    seen: dict[str, str] = {}
    for name in names:
        stem = re.sub(r"\d+", "#", name)
        if stem != name and stem in seen:
            yield f"only a number tells '{seen[stem]}' from '{name}', so that one may be the other's mirror image"
        seen.setdefault(stem, name)

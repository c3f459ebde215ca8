"""The page of one row: the answer, where the model looked, what each column did, and rows like it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from PIL import Image

from injerto.evidence.addresses import data_address
from injerto.evidence.shown_sound import drawn, played
from injerto.explain.answered import Answered
from injerto.explain.explanation import Explanation
from injerto.explain.heat import along, over_photo, over_sound
from injerto.explain.individuals import Matches
from injerto.explain.points import KEY as POINTS_KEY
from injerto.explain.seen_file import SeenFile
from injerto.gallery.thumbnail import data_uri
from injerto.report.alike import Alike
from injerto.report.contributions import bars_of
from injerto.report.language import LanguageCode, say, speaking
from injerto.report.notes import note_text, translated
from injerto.report.svg import ticks
from injerto.report.template import filled

MP3_RATES_HZ = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)


@dataclass(frozen=True)
class Said:
    """One answer with its words and chances as the page shows them."""

    one: Answered
    words: str
    chances: list[tuple[str, float]]


@dataclass(frozen=True)
class Drawn:
    """One map over its file."""

    title: str
    words: str
    over: Markup
    signed: bool


@dataclass(frozen=True)
class View:
    """One file with its maps. `times` and `heights` are marks of the axes of a sound, with per cents of width and height."""

    seen: SeenFile
    asked: str
    picture: Markup
    maps: list[Drawn]
    sound: Markup | None = None
    strip: Markup | None = None
    times: tuple[tuple[str, float], ...] = ()
    heights: tuple[tuple[str, float], ...] = ()
    told: str = ""


def explanation_page(found: Explanation, *, model: str, version: str, language: LanguageCode = "en") -> str:
    """The page as HTML, with its style, pictures and sounds inside."""
    cells, targets = dict(found.cells), [one.target for one in found.answers]
    with speaking(language):
        return filled(
            "explanation.html",
            found=found,
            model=model,
            version=version,
            answers=[_said(one) for one in found.answers],
            views=views_of(found),
            bars=[bars_of(one, asked_words(one.asked.words, targets), cells) for one in found.contributions],
            nearest=[Alike.of(one) for one in found.nearest],
            matches=_pairs(found.matches),
            style=("page.css", "explanation.css"),
        )


def views_of(found: Explanation) -> list[View]:
    """The files of the row as they are drawn, one for each of `found.files`."""
    targets = [one.target for one in found.answers]
    return [_of_sound(one, targets) if one.kind == "sound" else _of_photo(one, targets) for one in found.files]


def _said(one: Answered) -> Said:
    """The user's labels stay as they are."""
    if one.kind == "class":
        label, chance = one.chances[0]
        return Said(one, say("{answer} ({share:.1%})", answer=label, share=chance), one.chances)
    if one.kind in ("number", "classes"):
        return Said(one, say("none of the labels") if one.words == "none of the labels" else one.words, one.chances)
    return Said(one, _translated(one.words), [(_translated(name), chance) for name, chance in one.chances])


def _translated(words: str) -> str:
    """Words of the model; names stay as they are."""
    return translated(words) or words


def asked_words(words: str, targets: list[str]) -> str:
    """What maps and contributions are of; see `injerto.explain.asked`."""
    for target in targets:
        if words.startswith(f"{target} is "):
            return say("{target} is {answer}", target=target, answer=words.removeprefix(f"{target} is "))
        if words.startswith(f"{target} has "):
            return say("{target} has {answer}", target=target, answer=words.removeprefix(f"{target} has "))
    if words.startswith("alike to "):
        return say("alike to {name}", name=words.removeprefix("alike to "))
    return words


def _of_photo(seen: SeenFile, targets: list[str]) -> View:
    points = seen.key == POINTS_KEY  # maps of points have the points' names
    maps = [
        Drawn(one.title if points else note_text(one.title), one.told, _png(over_photo(one)), one.signed) for one in seen.layers
    ]
    return View(seen, asked_words(seen.asked, targets), _jpeg(seen), maps, told=_told(seen))


def _jpeg(seen: SeenFile) -> Markup:
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(seen.seen.permute(1, 2, 0).numpy())).save(target, "JPEG", quality=88)
    return Markup(data_address("image/jpeg", target.getvalue()))


def _of_sound(seen: SeenFile, targets: list[str]) -> View:
    assert seen.lattice is not None and seen.timeline is not None
    samples, rate_hz = seen.seen.numpy(), seen.rate_hz
    seconds, top_hz = len(samples) / rate_hz, rate_hz / 2
    maps = [
        Drawn(note_text(one.title), one.told, _png(over_sound(one, seen.lattice, seconds, top_hz)), one.signed)
        for one in seen.layers
    ]
    return View(
        seen,
        asked_words(seen.asked, targets),
        Markup(drawn(samples, rate_hz)),
        maps,
        sound=Markup(played(samples, rate_hz)) if rate_hz in MP3_RATES_HZ else None,
        strip=_png(along(seen.timeline, seen.timeline_s, seconds)),
        times=tuple((f"{at:g} s", 100 * at / seconds) for at in ticks(0, seconds, 5) if at < 0.96 * seconds),
        heights=tuple((f"{at:g}", 100_000 * at / top_hz) for at in ticks(0, top_hz / 1000, 4)[:-1]),
        told=_told(seen),
    )


def _told(seen: SeenFile) -> str:
    """What erasing does to the answer, in a sentence or two."""
    told = seen.faithful
    if told is None:
        return ""
    share = 100 * round((len(told.first) - 1) * 0.2) / (len(told.first) - 1)
    at = round((len(told.first) - 1) * 0.2)
    first, random = told.first[at], told.random[at]
    figures = say(
        "Without the {share:.0f} % of places that speak most for it the answer goes from {before} to {after}, without as many "
        "drawn at random to {random}.",
        share=share,
        before=_value(told.first[0]),
        after=_value(first),
        random=_value(random),
    )
    return f"{figures} {_verdict(told.borne_out)}"


def _verdict(borne_out: bool | None) -> str:
    if borne_out is None:
        return say("Over the whole way the two differ too little to say whether the first map is right.")
    if borne_out:
        return say("Over the whole way from all places to none, what the first map points at counts for more than chance.")
    return say(
        "Over the whole way, what the first map points at counts for less than places drawn at random: do not lean on it."
    )


def _value(value: float) -> str:
    return f"{value:.3g}"


def _png(content: bytes) -> Markup:
    return Markup(data_address("image/png", content))


@dataclass(frozen=True)
class Pair:
    """Two places that match: upper left corners in per cent of the sides, numbered from 1."""

    number: int
    here: tuple[float, float]
    there: tuple[float, float]
    adds: float


def _pairs(matches: Matches | None) -> dict[str, object] | None:
    """What the template draws of the matching places; None where there are none."""
    if matches is None or not matches.pairs or matches.jpeg is None:
        return None
    size = 100 * matches.share
    pairs = [
        Pair(number, _corner(one.here, size), _corner(one.there, size), one.adds)
        for number, one in enumerate(matches.pairs, start=1)
    ]
    return {"name": matches.name, "jpeg": Markup(data_uri(matches.jpeg)), "pairs": pairs, "size": size}


def _corner(middle: tuple[float, float], size: float) -> tuple[float, float]:
    return 100 * middle[0] - size / 2, 100 * middle[1] - size / 2

"""The page of what was heard: spectrograms of the surest events to look at, to play and to sift, that opens anywhere."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.listening.event import Event
from injerto.listening.found import Events
from injerto.listening.heard import Heard
from injerto.listening.tables import shown
from injerto.report.scenes import LONGEST_SECONDS, Scene, surest
from injerto.report.spectrogram import png, spectrogram
from injerto.report.svg import ticks
from injerto.report.template import filled, inside
from injerto.table.recording import blocks

MOST_BYTES = 4_500_000
"""Of pictures and sounds as they stand in the page, so that it goes by mail."""
MOST_MARKS = 1500
"""Events drawn over the whole length of a recording, the surest."""
RATES_HZ = (24_000, 16_000, 12_000, 8_000)
"""The first that is not above a recording's own: pictures reach to half of it. All are rates that MP3 has."""
COLOURS = 5


@dataclass(frozen=True)
class Box:
    """An event in a picture or on a strip: edges in per cent of its width."""

    event: Event
    left: float
    width: float
    colour: int
    scene: int | None = None
    """The scene to go to when it is clicked."""


@dataclass(frozen=True)
class View:
    """One scene as the page shows it."""

    number: int
    scene: Scene
    picture: str
    sound: str
    boxes: list[Box]
    times: list[tuple[float, float]]
    """Marks of the time axis: seconds of the recording, and per cent of the width."""
    heights: list[tuple[float, float]]
    """Marks of the frequency axis: kilohertz, and per cent of the height from below."""


@dataclass(frozen=True)
class Strip:
    """One recording over its whole length, and its scenes in the order of time."""

    heard: Heard
    name: str
    marks: list[Box]
    views: list[View]


def listening_page(artifact: Artifact, found: Events) -> str:
    """The page as HTML, with its style, its pictures, its sounds and its script inside."""
    labels = [label for label, _ in found.tally.labels.most_common()]
    colours = {label: place % COLOURS for place, label in enumerate(labels)}
    views: dict[str, list[View]] = {}
    unread: list[str] = []
    room, full, count = MOST_BYTES, False, 0
    for scene in surest(found):
        try:
            picture, sound, top_hz = _media(scene)
        except MediaError as slip:
            unread.append(f"{shown(scene.heard.recording)}: {slip.reason}")
            continue
        room -= len(picture) + len(sound)
        full = room < 0
        if full:
            break
        own = views.setdefault(scene.heard.recording, [])
        own.append(_view(count, scene, picture, sound, top_hz, colours))
        count += 1
    strips = [_strip(own, colours) for own in views.values()]
    seen = {(strip.name, box.event) for strip in strips for view in strip.views for box in view.boxes}
    return filled(
        "listening.html",
        artifact=artifact,
        found=found,
        strips=strips,
        labels=[(label, found.tally.labels[label], colours[label]) for label in labels],
        seen=len(seen),
        full=full,
        unread=unread,
        least=min((event.score for _, event in seen), default=0.0),
        longest=LONGEST_SECONDS,
        style=inside("page.css", "listening.css"),
        script=inside("listening.js"),
    )


def _media(scene: Scene) -> tuple[str, str, float]:
    """Picture and sound as data addresses, and the highest frequency of the picture. *Raises* MediaError."""
    rate_hz = next((rate for rate in RATES_HZ if rate <= scene.heard.rate_hz), RATES_HZ[-1])
    seconds = scene.end_s - scene.start_s
    part = next(blocks(Path(scene.heard.recording), rate_hz=rate_hz, block_seconds=seconds, start_s=scene.start_s), None)
    if part is None:
        raise MediaError("it has become shorter since it was heard")
    top_hz = min(rate_hz, scene.heard.rate_hz) / 2
    levels = spectrogram(part.samples, rate_hz)
    levels = levels[round(len(levels) * (1 - 2 * top_hz / rate_hz)) :]
    return _address("image/png", png(levels)), _address("audio/mpeg", _mp3(part.samples, rate_hz)), top_hz


def _mp3(samples: np.ndarray, rate_hz: int) -> bytes:
    """Samples as MP3, as loud as they can be: half the size of Vorbis here, and phones that lack Vorbis play it."""
    peak = float(np.abs(samples).max(initial=0.0))
    target = io.BytesIO()
    louder = samples * np.float32(0.9 / peak) if peak > 0 else samples
    soundfile.write(target, louder, rate_hz, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.6)
    return target.getvalue()


def _view(number: int, scene: Scene, picture: str, sound: str, top_hz: float, colours: dict[str, int]) -> View:
    start_s, seconds = scene.start_s, scene.end_s - scene.start_s
    boxes = [_box(one, start_s, seconds, colours) for one in scene.events]
    places = [(at, 100 * (at - start_s) / seconds) for at in ticks(start_s, scene.end_s, 5)]
    times = [(at, place) for at, place in places if 4 <= place <= 95]  # a label at the edge would be cut
    heights = [(at, 100 * at * 1000 / top_hz) for at in ticks(0, top_hz / 1000, 4)]
    return View(number, scene, picture, sound, boxes, times, heights)


def _strip(views: list[View], colours: dict[str, int]) -> Strip:
    heard = views[0].scene.heard
    views = sorted(views, key=lambda view: view.scene.start_s)
    events = sorted(sorted(heard.events, key=lambda one: -one.score)[:MOST_MARKS])
    marks = []
    for one in events:
        scene = next((view.number for view in views if one in view.scene.events), None)
        marks.append(_box(one, 0.0, heard.seconds, colours, scene))
    return Strip(heard, shown(heard.recording), marks, views)


def _box(one: Event, start_s: float, seconds: float, colours: dict[str, int], scene: int | None = None) -> Box:
    first, last = max(one.start_s, start_s), min(one.end_s, start_s + seconds)
    return Box(one, 100 * (first - start_s) / seconds, 100 * (last - first) / seconds, colours[one.label], scene)


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"

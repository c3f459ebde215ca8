"""The page of what was heard: spectrograms of the surest events to look at, to play and to sift, that opens anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from injerto.artifact.artifact import Artifact
from injerto.errors import MediaError
from injerto.events.event import Event
from injerto.listening.found import Events
from injerto.listening.heard import Heard
from injerto.listening.tables import shown
from injerto.report.language import LanguageCode, speaking
from injerto.report.notes import note_text
from injerto.report.scenes import LONGEST_SECONDS, Scene, surest
from injerto.report.snippet import Snippet, snippet
from injerto.report.svg import ticks
from injerto.report.table_name import table_name
from injerto.report.template import filled

MOST_BYTES = 4_000_000
"""Of pictures and sounds as they stand in the page, so that it goes by mail."""
MOST_MARKS = 3000
"""Events drawn over the whole length of their recordings, the surest of each: a quarter of a kilobyte a mark."""
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
    cut: Snippet
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


def listening_page(artifact: Artifact, found: Events, language: LanguageCode = "en") -> str:
    """The page as HTML, with its style, its pictures, its sounds and its script inside."""
    with speaking(language):
        return _page(artifact, found)


def _page(artifact: Artifact, found: Events) -> str:
    labels = [label for label, _ in found.tally.labels.most_common()]
    colours = {label: place % COLOURS for place, label in enumerate(labels)}
    views: dict[str, list[View]] = {}
    unread: list[str] = []
    room, full, count = MOST_BYTES, False, 0
    for scene in surest(found):
        try:
            cut = snippet(scene)
        except MediaError as slip:
            unread.append(f"{shown(scene.heard.recording)}: {note_text(slip.reason)}")
            continue
        room -= len(cut.picture) + len(cut.sound)
        full = room < 0
        if full:
            break
        own = views.setdefault(scene.heard.recording, [])
        own.append(_view(count, scene, cut, colours))
        count += 1
    strips = [_strip(own, colours, MOST_MARKS // len(views)) for own in views.values()]
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
        longest=LONGEST_SECONDS,
        style=("page.css", "listening.css"),
        script=("listening.js",),
        table=table_name(artifact),
    )


def _view(number: int, scene: Scene, cut: Snippet, colours: dict[str, int]) -> View:
    start_s, seconds = scene.start_s, scene.end_s - scene.start_s
    boxes = [_box(one, start_s, seconds, colours) for one in scene.events]
    places = [(at, 100 * (at - start_s) / seconds) for at in ticks(start_s, scene.end_s, 5)]
    times = [(at, place) for at, place in places if 4 <= place <= 95]  # a label at the edge would be cut
    heights = [(at, 100 * at * 1000 / cut.top_hz) for at in ticks(0, cut.top_hz / 1000, 4)]
    return View(number, scene, cut, boxes, times, heights)


def _strip(views: list[View], colours: dict[str, int], most: int) -> Strip:
    heard = views[0].scene.heard
    views = sorted(views, key=lambda view: view.scene.start_s)
    events = sorted(sorted(heard.events, key=lambda one: -one.score)[:most])
    marks = []
    for one in events:
        scene = next((view.number for view in views if one in view.scene.events), None)
        marks.append(_box(one, 0.0, heard.seconds, colours, scene))
    return Strip(heard, "/".join(PurePath(shown(heard.recording)).parts[-2:]), marks, views)


def _box(one: Event, start_s: float, seconds: float, colours: dict[str, int], scene: int | None = None) -> Box:
    first, last = max(one.start_s, start_s), min(one.end_s, start_s + seconds)
    return Box(one, 100 * (first - start_s) / seconds, 100 * (last - first) / seconds, colours[one.label], scene)

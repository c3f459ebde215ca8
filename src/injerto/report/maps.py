"""Maps of what was learned: the rows of the honest score as the network sees them, levels of categories, individuals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from injerto.artifact.artifact import Artifact
from injerto.evidence.single_class import NEW
from injerto.features.vocabulary import FIRST
from injerto.lookup.find import embeddings_of, lookup_of
from injerto.lookup.plane import plane_of
from injerto.report.language import say
from injerto.report.plane import Dot, plane_picture
from injerto.report.svg import short

COLOURS = ("c0", "c1", "c2", "c3", "c4", "c6", "c7", "c8", "c9")
"""Of the most frequent classes; the others share OTHER."""
OTHER = "c5"
MOST_LEVELS = 60
MOST_COLUMNS = 4
MOST_INDIVIDUALS = 60


@dataclass(frozen=True)
class Map:
    """One map: its title, its picture, and how to read it."""

    title: str
    picture: Markup
    caption: str


def maps_of(artifact: Artifact, part: str) -> list[Map]:
    """All that there are to show, of rows, of category columns, and of individuals."""
    targets = [name for name in artifact.schema.targets if artifact.evidence.get(name, {}).get("places")]
    rows = [_rows(name, artifact.evidence[name]["places"], part) for name in targets]
    columns = [name for name in artifact.schema.inputs if lookup_of(artifact.network, name) is not None]
    return [*rows, *(_levels(artifact, name) for name in columns[:MOST_COLUMNS]), *_individuals(artifact)]


def _rows(name: str, rows: Sequence[Mapping[str, Any]], part: str) -> Map:
    classes = "label" in rows[0]
    dots, keys = _by_class(rows) if classes else _by_value(rows)
    seen = (
        say("The test rows as the network sees them, in the two directions that go most with the answer.")
        if part == "test"
        else say("The tune rows as the network sees them, in the two directions that go most with the answer.")
    )
    how = say("Rings are wrong answers.") if classes else say("The darker, the larger the true value.")
    return Map(say("Rows, by {target}", target=name), plane_picture(dots, keys, title=seen), f"{seen} {how}")


def _by_class(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Dot], list[tuple[str, str]]]:
    frequent = [label for label, _ in Counter(row["label"] for row in rows).most_common()]
    own = COLOURS if len(frequent) > len(COLOURS) + 1 else [*COLOURS, OTHER]  # one other needs no gathering
    colours = dict(zip(frequent, own, strict=False))
    dots = []
    for row in rows:
        wrong = row["label"] != row["answer"]
        tip = (
            say("row {row}: {label}, answered {answer}", row=row["row"], label=_named(row["label"]), answer=row["answer"])
            if wrong
            else say("row {row}: {label}", row=row["row"], label=_named(row["label"]))
        )
        dots.append(Dot(row["x"], row["y"], colours.get(row["label"], OTHER), tip, ringed=wrong))
    keys = [(colour, _named(label)) for label, colour in colours.items()]
    return dots, [*keys, *([(OTHER, say("all others"))] if len(frequent) > len(own) else [])]


def _by_value(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Dot], list[tuple[str, str]]]:
    values = np.array([row["value"] for row in rows])
    edges = np.quantile(values, [0.25, 0.5, 0.75])
    steps = np.searchsorted(edges, values)
    dots = [
        Dot(row["x"], row["y"], f"s{step}", say("row {row}: {value}", row=row["row"], value=short(row["value"])))
        for row, step in zip(rows, steps.tolist(), strict=True)
    ]
    ends = [values.min(), *edges, values.max()]
    return dots, [
        (f"s{place}", say("{low} to {high}", low=short(ends[place]), high=short(ends[place + 1]))) for place in range(4)
    ]


def _levels(artifact: Artifact, column: str) -> Map:
    found = embeddings_of(artifact, column)
    shown = min(len(found.levels), MOST_LEVELS)
    points, counts = found.plane(shown).points, found.counts
    dots = [
        Dot(float(x), float(y), "c0", say("{level}: {count:,} rows", level=level, count=int(count)), name=level)
        for (x, y), level, count in zip(points[FIRST:], found.levels[:shown], counts[FIRST:], strict=False)
    ]
    dots.append(
        Dot(float(points[0, 0]), float(points[0, 1]), "c1", say("UNKNOWN: levels never seen, or too rare"), name="UNKNOWN")
    )
    caption = say("Levels that lie near each other are answered alike, all else in the row being equal.")
    if shown < len(found.levels):
        caption += " " + say("The {count} most frequent of {all:,}.", count=shown, all=len(found.levels))
    title = say("Levels of {column}", column=column)
    return Map(
        title, plane_picture(dots, [], title=title), f"{caption} {say('injerto embeddings draws a map to search and to zoom.')}"
    )


def _individuals(artifact: Artifact) -> list[Map]:
    """The middles of the photos of each individual of the gallery."""
    gallery = artifact.gallery
    if gallery is None or len(gallery) == 0:
        return []
    names = gallery.photos["individual"].to_numpy()
    vectors = gallery.vectors.double().numpy()
    counts = Counter(names.tolist()).most_common(MOST_INDIVIDUALS)
    if len(counts) < 3:
        return []
    middles = np.stack([vectors[names == name].mean(axis=0) for name, _ in counts])
    points = plane_of(middles, 0).points
    dots = [
        Dot(float(x), float(y), "c0", say("{level}: {count:,} photos", level=name, count=count), name=str(name))
        for (x, y), (name, count) in zip(points, counts, strict=True)
    ]
    title = say("Individuals of the gallery")
    caption = say(
        "The middle of each one's photos. Those that lie near each other look alike to the network, or are one animal."
    )
    if len(counts) < len(gallery.individuals):
        caption += " " + say("The {count} most frequent of {all:,}.", count=len(counts), all=len(gallery.individuals))
    return [Map(title, plane_picture(dots, [], title=title), caption)]


def _named(label: str) -> str:
    return say(label) if label == NEW else label

"""Identify: who is on each photo or in each sighting, somebody new, or that it cannot be told, beside the look-alikes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from injerto.answering import with_photos
from injerto.artifact.artifact import Artifact
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery
from injerto.gallery.thumbnail import thumbnail
from injerto.heads.decision import Decision, Said
from injerto.heads.individual import IndividualHead
from injerto.heads.individual_column import asked_in
from injerto.identified import LOOKALIKES, Alike, Identified, Identities
from injerto.identify_vectors import network_of
from injerto.learning.seen import seen
from injerto.photos import photos_of
from injerto.progress import Progress, Silent
from injerto.promises import refuse, require_share
from injerto.table.media import media_name
from injerto.table.table import Table

MOST_PICTURES = 8
"""Photos of one sighting that are kept to be shown."""


def identify(
    artifact: Artifact,
    table: Table,
    *,
    new_share: float | None = None,
    max_error: float | None = None,
    called: Sequence[str] | None = None,
    doubts: Sequence[str] | None = None,
    askers: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Identities:
    """Decide on every photo of `table`, photos of one sighting together where the table has the column that says so.

    `new_share` is how many of the individuals asked about are expected to be new, `max_error` what share of what is said may be
    wrong; what training took is kept without them.
    `called` (N,) are names to show in place of those of the files, `doubts` (N,) what is not sure of the photos, if anything.
    `askers` (N,) say who asks: photos of different ones are never decided together, whatever their sighting.

    *Raises* GalleryError when the model tells no individuals apart, ColumnError when the table has no photos, ValueError for a
    share that does not lie between 0 and 1, PromiseError where that `max_error` cannot be promised.
    """
    progress = progress or Silent()
    network = network_of(artifact)
    head, gallery = network.head, network.head.gallery
    decision = _decision(head, new_share, max_error)
    table = with_photos(network, table, progress)
    photos = photos_of(network, table, progress=progress)
    usable = np.flatnonzero(photos.usable)
    vectors = seen(network, photos, torch.from_numpy(usable), progress)[head.name]
    asked = asked_in(head.column(table)).take(usable)
    found = []
    for title, places in _sightings(asked, None if askers is None else [askers[int(row)] for row in usable]):
        rows = usable[places]
        names = [media_name(photos.column.cell(int(row))) if called is None else called[int(row)] for row in rows]
        one = _decided(head, decision, vectors[places], asked.take(places))
        small = [thumbnail(photos.picture(int(row)).permute(1, 2, 0).numpy()) for row in rows[:MOST_PICTURES]]
        found.append(
            Identified(
                title=title or names[0],
                said=one.said,
                new=one.new,
                pictures=small,
                lookalikes=one.lookalikes,
                photos=len(places),
                left_out=one.left_out,
                doubt="; ".join(dict.fromkeys(doubts[int(row)] for row in rows if doubts[int(row)])) if doubts else "",
                names=names,
                rows=[photos.column.row(int(row)) for row in rows],
            )
        )
    notes = _notes(gallery, decision) + ([] if max_error is None else [decision.words])
    return Identities(found, photos.ledger, decision, gallery, notes)


def _decision(head: IndividualHead, new_share: float | None, max_error: float | None) -> Decision:
    """That of the head, with limits for other shares."""
    require_share("max_error", max_error)
    decision = head.decision if new_share is None else head.decision.with_share(new_share)
    if max_error is None:
        return decision
    decision = decision.with_max_error(max_error)
    return decision if decision.limits.checked else refuse(head, max_error, f"{max_error:.3g} errors")


def _notes(gallery: Gallery, decision: Decision) -> list[str]:
    notes = [] if len(gallery) else ["The gallery is empty: nobody can be known. Fill it with `injerto gallery add`."]
    if not decision.can_tell_new:
        notes.append("This model was not shown how newcomers look, and says of nobody that it is new.")
    elif decision.limits.new_from == math.inf:
        notes.append(
            f"This model says of nobody that it is new: on the newcomers it was judged by, more than {decision.max_error:.0%} "
            "of that would have been wrong. See how likely it is for each."
        )
    return notes


def _sightings(asked: Asked, askers: Sequence[int] | None) -> Iterator[tuple[str, np.ndarray]]:
    """The places (n,) of photos that are decided together, with the sighting's name; photos without one stand alone."""
    groups: dict[tuple[int, str | int], list[int]] = {}
    for place, sighting in enumerate(asked.sightings):
        asker = 0 if askers is None else askers[place]
        groups.setdefault((asker, sighting if sighting is not None else place), []).append(place)
    for (_, key), places in groups.items():
        yield (key if isinstance(key, str) else ""), np.array(places)


@dataclass(frozen=True)
class _Decided:
    said: Said
    new: float
    lookalikes: list[Alike]
    left_out: str


def _decided(head: IndividualHead, decision: Decision, vectors: Tensor, asked: Asked) -> _Decided:
    """What is said of the photos (P,D) of one sighting."""
    gallery = head.gallery
    scores, codes = head.together(vectors, asked)
    chances = decision.probabilities(scores[None])[0]
    said = decision.decide(chances[None])[0]
    best = chances[:-1].topk(min(LOOKALIKES, len(chances) - 1))
    alike = []
    for chance, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        name = gallery.individuals[int(codes[place])]
        photo = gallery.nearest(vectors, asked, name) if chance > 0 else None
        if photo is not None:
            shown = gallery.photos.row(photo, named=True)
            alike.append(Alike(name, chance, float(scores[place]), shown["thumbnail"], str(shown["photo"])))
    return _Decided(said, float(chances[-1]), alike, _left_out(gallery, asked))


def _left_out(gallery: Gallery, asked: Asked) -> str:
    """How many photos of the gallery none of the photos was compared with, and why."""
    index, count = gallery.index, len(asked)
    rows, _ = index.left_out(asked.sightings, asked.digests)
    same = np.unique(rows)
    sides = [index.other_flank(flank) for flank in index.flank_codes(asked.flanks).tolist()]
    other = np.setdiff1d(np.flatnonzero(np.all(sides, axis=0)) if count else same[:0], same)
    said = [(len(same), "the same photo, or of the same sighting"), (len(other), "another side of the animal")]
    return " ".join(
        f"{'1 photo of the gallery was' if number == 1 else f'{number:,} photos of the gallery were'} not compared: {why}."
        for number, why in said
        if number
    )

"""From a trained network to its graph: which columns enter how, and which answers come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch

from injerto.errors import ExportError
from injerto.export.answer import Answer
from injerto.export.class_answer import ClassAnswer
from injerto.export.classes_answer import ClassesAnswer
from injerto.export.date_entry import DateEntry
from injerto.export.entry import ROWS, Entry
from injerto.export.graph import Graph, assembled
from injerto.export.individual_answer import IndividualAnswer
from injerto.export.individual_core import IndividualCore
from injerto.export.keypoints_answer import KeypointsAnswer
from injerto.export.levels_entry import CategoriesEntry, CategoryEntry
from injerto.export.nodes import Nodes
from injerto.export.number_answer import NumberAnswer
from injerto.export.number_entry import NumberEntry
from injerto.export.photo_entry import PhotoEntry
from injerto.export.point_core import PointCore
from injerto.export.promised import NOTHING
from injerto.export.row_core import RowCore
from injerto.export.sound_entry import SoundEntry
from injerto.export.turned_entry import flank_nodes, flank_port
from injerto.export.whole_photo_entry import WholePhotoEntry
from injerto.features.feature import MediaFeature
from injerto.features.sound import SoundFeature
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner, heads_of
from injerto.network import Network
from injerto.point_network import PointNetwork
from injerto.promises import Promises

ENTRIES: dict[str, Callable[..., Entry[Any]]] = {
    "number": NumberEntry,
    "category": CategoryEntry,
    "categories": CategoriesEntry,
    "date": DateEntry,
    "image": PhotoEntry,
    "sound": SoundEntry,
}
"""Kind of a column to its way in."""
ANSWERS: dict[str, Callable[..., Answer[Any]]] = {
    "class": ClassAnswer,
    "classes": ClassesAnswer,
    "number": NumberAnswer,
    "keypoints": KeypointsAnswer,
    "individual": IndividualAnswer,
}
"""Kind of a target to its way out."""
_NOBODY = "\x01"
"""A level that no table has."""


def graph_of(network: Learner, promises: Promises = NOTHING) -> Graph:
    """*Raises* ExportError when a kind of column or target has no way into a graph, or packages lack."""
    if isinstance(network, PointNetwork):
        return _of_points(network, promises)
    if isinstance(network, IndividualNetwork):
        return _of_individuals(network, promises)
    return _of_rows(network, promises)


def _of_rows(network: Network, promises: Promises) -> Graph:
    features = network.features  # block by block, as the network reads them
    alone = any(not feature.together for feature in features)
    rows: int | str = 1 if alone else ROWS
    columns = {feature.name for feature in features}
    several = Counter(name for name, _ in {(one.name, one.resolution_) for one in features if isinstance(one, MediaFeature)})
    entries = []
    for place, feature in enumerate(features):
        kind, key = feature.options.kind, f"column {place}"
        if kind not in ENTRIES:
            raise ExportError(_no_way("columns", kind, feature.name, list(ENTRIES)))
        if isinstance(feature, MediaFeature):
            unit = "hz" if isinstance(feature, SoundFeature) else "px"
            port = f"{feature.name}_{feature.resolution_}_{unit}" if several[feature.name] > 1 else feature.name
            entries.append(ENTRIES[kind](feature, key, optional=len(columns) > 1, port=port))
        else:
            entries.append(ENTRIES[kind](feature, key, rows=rows))
    answers = _answers(network, rows, promises)
    before = Nodes("before")
    fed = [name for entry in entries for name in entry.nodes(before)]
    examples = [one for entry in entries for one in entry.examples(1 if alone else 2)]
    ports = {port.name: port for entry in entries for port in entry.ports()}  # a column that is looked at twice is fed once
    axes = [one for entry in entries for one in entry.axes()]
    return assembled(RowCore(network, entries, answers), examples, list(ports.values()), before, fed, answers, axes=axes)


def _of_points(network: PointNetwork, promises: Promises) -> Graph:
    answers, before = _answers(network, 1, promises), Nodes("before")
    entries: list[Entry[Any]] = [WholePhotoEntry(network.photo, "photo", rows=1, placing=True)]
    if network.source is not None:
        entries.append(CategoryEntry(network.source, "source", rows=1))
    ports = [port for entry in entries for port in entry.ports()]
    for port in ports[1:]:  # a table without the column does not say; one with an empty cell says nothing
        port.read.setdefault("absent", _NOBODY)
    fed = [name for entry in entries for name in entry.nodes(before)]
    examples = [one for entry in entries for one in entry.examples(1)]
    axes = [one for entry in entries for one in entry.axes()]
    core = PointCore(network, entries, answers[0])
    return assembled(core, examples, ports, before, fed, answers, axes=axes)


def _of_individuals(network: IndividualNetwork, promises: Promises) -> Graph:
    answers, before = _answers(network, 1, promises), Nodes("before")
    entry = WholePhotoEntry(network.photo, "photo", rows=1)
    ports, flank = entry.ports(), flank_port(network.head)
    # Where the square lies is of no use here.
    fed, examples, axes = entry.nodes(before)[:1], entry.examples(1)[:1], [*entry.axes()][:1]
    if flank is not None:
        ports.append(flank)
        fed.append(flank_nodes(network.head, before))
        examples.append(torch.zeros(1, dtype=torch.bool))
        axes.append(None)
    return assembled(IndividualCore(network, entry, answers), examples, ports, before, fed, answers, axes=axes)


def _answers(network: Learner, rows: int | str, promises: Promises) -> list[Answer[Any]]:
    found = []
    for name, head in heads_of(network).items():
        if head.kind not in ANSWERS:
            raise ExportError(_no_way("targets", head.kind, name, list(ANSWERS)))
        found.append(ANSWERS[head.kind](head, rows=rows, promises=promises))
    return found


def _no_way(what: str, kind: str, name: str, known: Sequence[str]) -> str:
    return (
        f"'{name}' is of kind {kind}, and {what} of that kind cannot be exported to ONNX. Those that can: {', '.join(known)}. "
        "With --hf the whole model is exported, for Injerto."
    )

"""Rows to answers: through vectors and table columns, or through whole photos."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

import numpy as np
import torch
from torch import Tensor

from injerto.backbones.cache import VectorCache
from injerto.backbones.engines import EngineName
from injerto.backbones.settled import once
from injerto.backbones.streams import streamed
from injerto.examples import Examples, served_examples
from injerto.features.feature import Feature, MediaFeature
from injerto.heads.individual import IndividualHead
from injerto.heads.keypoints import LOCATED
from injerto.heads.vector_head import VectorHead
from injerto.individual_network import IndividualNetwork
from injerto.learner import Learner, heads_of
from injerto.learning.seen import seen
from injerto.network import Network
from injerto.photos import Photos, photos_of
from injerto.point_network import PointNetwork
from injerto.progress import Progress
from injerto.schema.photo_columns import Kind, called
from injerto.table.table import Table

BATCH_ROWS = 4096
BATCH_PHOTOS = 32
FEWEST_ROWS = 64
"""A smaller batch is filled up to this: a product of few rows is summed in another order, and a row's answer would depend on
how many rows stand beside it. From about twenty rows on it does not, to the last bit."""


def with_photos(network: Learner, table: Table, progress: Progress) -> Table:
    """The table with its one column of photos, or of sounds, under the name that the model knows it by.

    Of a model that reads several columns of files nobody knows which one is meant: they go by their names.
    """
    files = {network.photo.name: network.photo} if not isinstance(network, Network) else _files(network)
    for name, feature in files.items() if len(files) == 1 else ():
        kind: Kind = "sound" if feature.options.kind == "sound" else "image"
        table, before = called(table, name, kind)
        if before:
            what = "sounds" if kind == "sound" else "photos"
            progress.say(f"The table has no column '{name}'; the {what} are those of '{before}', its one column of {what}.")
    return table


def _files(network: Network) -> dict[str, Feature]:
    """The columns of files, each once, however many backbones look at it."""
    return {feature.name: feature for feature in network.features if isinstance(feature, MediaFeature)}


def served(
    network: Learner, table: Table, *, cache: VectorCache | None, progress: Progress, engine: EngineName = "exact"
) -> tuple[Examples | Photos, Table]:
    """The rows of a table as `network` takes them, and the table without cells that cannot be used.

    `engine` looks at files: that of answers, or that of training where rows are held against the vectors it left.
    """
    if not isinstance(network, Network):
        return photos_of(network, table, progress=progress), table
    return served_examples(network, table, cache=cache, progress=progress, engine=engine)


def answers_of(network: Learner, examples: Examples | Photos, rows: np.ndarray, progress: Progress) -> dict[str, Tensor]:
    """Each target's answers for the rows at `rows`, before `placed`: lengths are shares of squares, individuals are vectors."""
    if isinstance(network, PointNetwork):
        assert isinstance(examples, Photos)
        return _points(network, examples, rows, progress)
    outputs, trust = _outputs(network, examples, rows, progress)
    return {name: head.trusted(outputs[name], trust) for name, head in heads_of(network).items()}


def answers_twice(
    network: Learner, examples: Examples | Photos, rows: np.ndarray, progress: Progress
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What `answers_of` gives, and the same as if probabilities had never been calibrated, of targets that have them."""
    if isinstance(network, PointNetwork):
        return answers_of(network, examples, rows, progress), {}
    outputs, trust = _outputs(network, examples, rows, progress)
    heads = heads_of(network)
    answers = {name: head.trusted(outputs[name], trust) for name, head in heads.items()}
    changed = {name: head for name, head in heads.items() if isinstance(head, VectorHead) and head.uncalibrated}
    with ExitStack() as stack:
        for head in changed.values():
            stack.enter_context(head.plain())
        return answers, {name: head.trusted(outputs[name], trust) for name, head in changed.items()}


def _outputs(
    network: Network | IndividualNetwork, examples: Examples | Photos, rows: np.ndarray, progress: Progress
) -> tuple[dict[str, Tensor], Tensor | None]:
    """Each target's outputs before calibration, and how far a row can be trusted, if that is known."""
    if isinstance(network, IndividualNetwork):
        assert isinstance(examples, Photos)
        return seen(network, examples, torch.from_numpy(rows), progress), None
    assert isinstance(examples, Examples)
    return _of_rows(network, examples, rows, progress)


def placed(network: Learner, table: Table, answers: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The answers to the rows of `table` in the user's units."""
    heads = heads_of(network)
    return {name: head.placed(answers[name], table) for name, head in heads.items()}


def placed_uncalibrated(
    network: Learner, table: Table, answers: Mapping[str, Tensor], plain: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """`plain`, and the answers of individuals, in the user's units as if nothing had ever been calibrated."""
    heads = heads_of(network)
    told = {name: head.placed(plain[name], table) for name, head in heads.items() if name in plain}
    return told | {
        name: head.placed_plain(answers[name], table) for name, head in heads.items() if isinstance(head, IndividualHead)
    }


def _points(network: PointNetwork, photos: Photos, rows: np.ndarray, progress: Progress) -> dict[str, Tensor]:
    """Points by batches of photos."""
    quick = once(network, "quick", network.quick)
    found = [torch.empty(0, len(network.head.points), LOCATED)]
    with progress.step("finding points", len(rows)) as bar:
        parts = torch.from_numpy(rows).split(BATCH_PHOTOS) if len(rows) else ()
        for part, (located, look) in zip(
            parts, streamed(lambda part: quick.located_and_look(photos.batch(part)), parts), strict=True
        ):
            photos.remember(network, part, look)
            found.append(located)
            bar.advance(len(located))
    return {network.head.name: network.head.answer(torch.cat(found))}


@torch.inference_mode()
def _of_rows(
    network: Network, examples: Examples, rows: np.ndarray, progress: Progress
) -> tuple[dict[str, Tensor], Tensor | None]:
    """Outputs from vectors and table columns, and how far a row's sounds can be trusted."""
    network.eval()
    heads = network.targets
    parts: dict[str, list[Tensor]] = {name: [] for name in heads}
    trusts: list[Tensor] = []
    with progress.step("predicting", len(rows)) as bar:
        for part in torch.from_numpy(rows).split(BATCH_ROWS) if len(rows) else ():
            batch = examples.batch(torch.cat([part, part[-1:].expand(max(0, FEWEST_ROWS - len(part)))]))
            for name, output in network(batch).items():
                parts[name].append(output[: len(part)])
            trust = network.trust(batch)
            if trust is not None:
                trusts.append(trust[: len(part)])
            bar.advance(len(part))
    empty = {name: torch.empty(0, head.members, head.outputs) for name, head in heads.items()}
    outputs = {name: torch.cat(found) if found else empty[name] for name, found in parts.items()}
    return outputs, torch.cat(trusts) if trusts else None

"""Embedders, body and heads as one module: all of it is trained, saved and served."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from injerto.backbones.backbone import Backbone
from injerto.body import TabMBody
from injerto.embedders import EMBEDDERS
from injerto.embedders.embedder import Embedder
from injerto.embedders.familiarity import Familiarity
from injerto.embedders.media import GraftedEmbedder
from injerto.embedders.named import Named
from injerto.embedders.side_by_side import equal_say
from injerto.features.category import CategoryFeature
from injerto.features.feature import Feature, MediaFeature
from injerto.features.sound import SoundFeature
from injerto.heads.hearing import Hearing
from injerto.heads.vector_head import VectorHead
from injerto.precision import of_files
from injerto.slopes import Slopes
from injerto.table.table import Table

PHOTO = "photo"
"""Key of a batch for networks that read one photo a row: levels (B,3,S,S) 0-255."""


@dataclass(frozen=True)
class Block:
    """Columns embedded as one: all of a scalar kind, or one column of files. `key` names it in batches and weights."""

    key: str
    features: tuple[Feature, ...]

    def encode(self, table: Table) -> Tensor:
        """Scalar columns side by side (N, F), each through its feature's one path; a date takes several places."""
        encoded = [feature.encode(feature.column(table)) for feature in self.features]
        return torch.cat([values if values.ndim > 1 else values[:, None] for values in encoded], dim=1)


def blocks_of(features: Sequence[Feature]) -> list[Block]:
    """Features in the order of their columns, gathered into blocks: scalar kinds first, then each column of files."""
    together: dict[str, list[Feature]] = {}
    for feature in features:
        if feature.together:
            together.setdefault(feature.options.kind, []).append(feature)
    blocks = [Block(kind, tuple(group)) for kind, group in together.items()]
    alone = [feature for feature in features if not feature.together]
    return blocks + [Block(f"file{position}", (feature,)) for position, feature in enumerate(alone)]


@dataclass(frozen=True)
class Batch:
    """Rows on their way through the network.

    `scalars` holds encoded blocks (B, F). A block of files comes either as `vectors` of its backbone (B,C), a row of
    NaN where the cell is empty, or as `raw` pixels or samples, with `empty` (B,) saying which cells hold nothing.
    `probed` (B,K) by target stands in for the answer of the network's own probe, for rows that the probe was fitted on.
    """

    scalars: Mapping[str, Tensor]
    vectors: Mapping[str, Tensor] = field(default_factory=dict)
    raw: Mapping[str, Tensor] = field(default_factory=dict)
    empty: Mapping[str, Tensor] = field(default_factory=dict)
    probed: Mapping[str, Tensor] = field(default_factory=dict)

    def part(self, rows: slice) -> Batch:
        """Neighbouring rows, without a copy."""
        return self.each(lambda values: values[rows])

    def each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        """The same rows with every tensor changed."""
        return Batch(*({key: change(values) for key, values in of_kind.items()} for of_kind in vars(self).values()))


class Network(nn.Module):
    """What is learned.

    Files alone: standardised vector -> 1x1 convolution. Table columns alone: embeddings -> TabM body -> 1x1 convolution.
    Both in one row: a probe answers from the files, and the body, which sees everything, corrects it. A body that had to
    find the probe's answer among thousands of channels by itself did worse than the photo alone on solar cells.
    """

    def __init__(self, features: Sequence[Feature], heads: Sequence[VectorHead], backbones: Mapping[str, Backbone]) -> None:
        """`backbones` by their names in the catalogue; columns of files that name the same one share it."""
        super().__init__()
        self.blocks = blocks_of(features)
        self.embedders = nn.ModuleDict({block.key: _embedder(block, backbones) for block in self.blocks})
        for embedder, say in zip(self.media.values(), equal_say([one.width for one in self.media.values()]), strict=True):
            embedder.say = say
        width = sum(embedder.width for embedder in self._embedders().values())
        files = sum(embedder.width for embedder in self.media.values())
        sounds = [embedder.width for key, embedder in self.media.items() if self.sound_features.get(key)]
        self.familiarity = Familiarity(sum(sounds)) if sounds else None
        self.hearing: Hearing | None = None
        self.named = self._named(heads) if files == width else None
        self.probes = nn.ModuleList()
        if files == width:
            self.body: nn.Module = nn.Identity()
            self.heads = nn.ModuleList([head.graft(width) for head in heads])
        else:
            if files:
                self.slopes = Slopes([feature for feature in self.features if isinstance(feature, CategoryFeature)])
                self.probes.extend([deepcopy(head).graft(files * (1 + self.slopes.copies)) for head in heads])
            self.body = TabMBody(width)
            self.heads = nn.ModuleList([head.graft(self.body.width, self.body.members, corrects=files > 0) for head in heads])

    def _named(self, heads: Sequence[VectorHead]) -> Named | None:
        """Room for what the backbone itself calls a sound: for one class, from one column of sounds."""
        labels = [len(embedder.backbone.labels) for embedder in self.media.values()]
        if len(labels) != 1 or not labels[0] or len(heads) != 1 or heads[0].kind != "class":
            return None
        return Named(heads[0].outputs, labels[0])

    def called(self, batch: Batch) -> Tensor:
        """What the backbone itself calls the sounds of the rows (B,L); NaN where there is none."""
        ((key, embedder),) = self.media.items()
        return embedder.backbone.called(_vector(embedder, key, batch))

    def beforehand(self, batch: Batch) -> Tensor | None:
        """What is added (B,K) to the outputs of the only head because the backbone calls sounds so; None where nothing is."""
        if self.named is None or not self.named.say:
            return None
        told: Tensor = self.named(self.called(batch))
        return told

    def _embedders(self) -> dict[str, Embedder]:
        return {key: module for key, module in self.embedders.items() if isinstance(module, Embedder)}

    @property
    def targets(self) -> dict[str, VectorHead]:
        """The heads by the name of their column."""
        return {head.name: head for head in self.heads if isinstance(head, VectorHead)}

    @property
    def media(self) -> dict[str, GraftedEmbedder]:
        """The embedders of columns of files, by block key."""
        return {key: module for key, module in self.embedders.items() if isinstance(module, GraftedEmbedder)}

    @property
    def sound_features(self) -> dict[str, SoundFeature]:
        """The columns of sounds, by block key."""
        first = {block.key: block.features[0] for block in self.blocks}
        return {key: feature for key, feature in first.items() if isinstance(feature, SoundFeature)}

    def embed_sounds(self, batch: Batch) -> Tensor:
        """The standardised vectors of all columns of sounds, side by side."""
        sounds = [(key, embedder) for key, embedder in self.media.items() if key in self.sound_features]
        return torch.cat([embedder.from_vector(_vector(embedder, key, batch)) for key, embedder in sounds], dim=1)

    def trust(self, batch: Batch) -> Tensor | None:
        """How far (B,) the sounds of the rows are like those of training, from 0.01 to 1; None for a model without sounds.

        A row without a sound has none that could be strange: it is trusted.
        """
        if self.familiarity is None:
            return None
        trust: Tensor = self.familiarity(self.embed_sounds(batch))
        return torch.where(self.hears(batch), trust, 1.0)

    def hears(self, batch: Batch) -> Tensor:
        """Whether (B,) a row has a sound in every column of sounds."""
        there = [
            ~batch.empty[key] if key in batch.raw else ~batch.vectors[key].isnan().any(dim=1) for key in self.sound_features
        ]
        return torch.stack(there).all(dim=0)

    @property
    def features(self) -> list[Feature]:
        """The features of all inputs, block by block."""
        return [feature for block in self.blocks for feature in block.features]

    @property
    def backbones(self) -> list[Backbone]:
        """Each pretrained network once."""
        return list({id(embedder.backbone): embedder.backbone for embedder in self.media.values()}.values())

    @property
    def parts(self) -> dict[str, list[nn.Module]]:
        """What learns at one rate each, by the names of the multipliers."""
        return {"embedders": [self.embedders], "body": [self.body], "head": [self.heads, self.probes]}

    @property
    def only_media(self) -> bool:
        """True when no table column stands beside the files, so that each head is convex in its weights."""
        return isinstance(self.body, nn.Identity)

    @property
    def probe_heads(self) -> dict[str, VectorHead]:
        """The heads that answer from files beside a body, by the name of their column."""
        return {head.name: head for head in self.probes if isinstance(head, VectorHead)}

    def embed_files(self, batch: Batch) -> Tensor:
        """The standardised vectors of all columns of files, side by side."""
        return torch.cat([embedder.from_vector(_vector(embedder, key, batch)) for key, embedder in self.media.items()], dim=1)

    def probe_inputs(self, files: Tensor, batch: Batch) -> Tensor:
        """What probes read: `files` (B,C) alone or, beside a body, with the slopes of small category columns."""
        if self.only_media or not self.slopes.copies:
            return files
        sloped: Tensor = self.slopes(files, batch.scalars["category"])
        return sloped

    def _read_by_heads(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What the heads read, (B, width) or (B, members, width), and the files within it (nothing where there are none)."""
        parts = [
            embedder(batch.scalars[key])
            for key, embedder in self._embedders().items()
            if not isinstance(embedder, GraftedEmbedder)
        ]
        files = self.embed_files(batch) if self.media else torch.empty(0)
        if self.media:
            parts.append(files)
        embedded: Tensor = self.body(torch.cat(parts, dim=1) if len(parts) > 1 else parts[0])
        return embedded, files

    def embedded(self, batch: Batch) -> Tensor:
        """What the heads read of the rows, (B, members x width): rows that lie together are answered alike."""
        return self._read_by_heads(batch)[0].flatten(1)

    def from_files(self, batch: Batch) -> dict[str, Tensor]:
        """The part of each target's outputs (B, members, K) that is linear in the files' vectors: the head's where files stand
        alone, the probe's beside table columns.
        """
        files = self.embed_files(batch)
        if self.only_media:
            return {name: head(files) for name, head in self.targets.items()}
        return {name: probe(self.probe_inputs(files, batch)) for name, probe in self.probe_heads.items()}

    def mean_embedded(self, batch: Batch) -> Tensor:
        """What the heads read of the rows, (B, width); of a body with several members their mean."""
        embedded, _ = self._read_by_heads(batch)
        return embedded if embedded.ndim == 2 else embedded.mean(dim=1)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Each target's outputs (B, members, K)."""
        vectors = {key: _vector(embedder, key, batch) for key, embedder in self.media.items()}
        batch = Batch(batch.scalars, vectors=vectors, probed=batch.probed)  # files go through their backbone once
        embedded, files = self._read_by_heads(batch)
        outputs = {name: head(embedded) for name, head in self.targets.items()}
        for name, probe in self.probe_heads.items():
            known = batch.probed.get(name)
            answer = probe(self.probe_inputs(files, batch)) if known is None else known[:, None]
            outputs[name] = outputs[name] + answer
        told = self.beforehand(batch)
        if told is not None:
            outputs = {name: output + told[:, None] for name, output in outputs.items()}
        return outputs


def _vector(embedder: GraftedEmbedder, key: str, batch: Batch) -> Tensor:
    if key in batch.vectors:
        return batch.vectors[key]
    with of_files():
        vector = embedder.backbone.vector(batch.raw[key])
    return vector.masked_fill(batch.empty[key][:, None], torch.nan)


def _embedder(block: Block, backbones: Mapping[str, Backbone]) -> Embedder:
    first = block.features[0]
    if isinstance(first, MediaFeature):
        return GraftedEmbedder(backbones[first.backbone_])
    return EMBEDDERS[first.options.kind](list(block.features))

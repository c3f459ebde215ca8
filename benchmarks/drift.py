"""Drift: false alarms on tables that are no others, power on planted changes, and how strange photos and sounds are told.

    python benchmarks/drift.py --sounds mn04

False alarms: a table is cut in two at random, 60 % "training" and 40 % "new", and held against itself; at level 0.05 no more
than 5 of 100 cuts should be called a drift, all columns together. Power: the same, with a change planted in the new part.
Strange: how many clips or photos of another kind have a familiarity of 0.05 or less, and of held-out ones of the same kind.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import torch
from machine import machine
from none_of_these import music, noise, silence, soundscape, table_of
from PIL import Image
from sklearn.metrics import roc_auc_score

from injerto.artifact.artifact import Artifact
from injerto.backbones.cache import VectorCache
from injerto.backbones.frozen import extract
from injerto.backbones.suited import suited
from injerto.backbones.weights import load
from injerto.drift.change import Sides
from injerto.drift.drift import drift
from injerto.drift.files import files_change
from injerto.drift.shuffles import Shuffles
from injerto.embedders.media import GraftedEmbedder
from injerto.examples import examples_of
from injerto.features import FEATURES
from injerto.features.declared import features_of
from injerto.features.feature import MediaFeature
from injerto.features.fitted import fit_features
from injerto.features.sound import SoundFeature
from injerto.heads import HEADS
from injerto.learning.noises import noises
from injerto.network import Network
from injerto.progress import Silent
from injerto.reference import REFERENCES
from injerto.reference.fit import fit_reference
from injerto.schema.schema import Input, InputKind, Schema, Target
from injerto.table.groups import codes_of
from injerto.table.pixels import read_pixels
from injerto.table.split import Rows
from injerto.table.table import Table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
KINDS: dict[str, InputKind] = {
    "Assortment": "category",
    "CompetitionDistance": "number",
    "CompetitionOpenSinceMonth": "number",
    "CompetitionOpenSinceYear": "number",
    "Promo2SinceWeek": "number",
    "PromoInterval": "category",
}
RARE = "Mar,Jun,Sept,Dec"
LEVEL, TRAINING = 0.05, 0.6


def same(rows: pl.DataFrame) -> pl.DataFrame:
    """Nothing is planted."""
    return rows


def moved(rows: pl.DataFrame) -> pl.DataFrame:
    """A number half a standard deviation larger."""
    return rows.with_columns(pl.col("CompetitionDistance") + 0.5 * pl.col("CompetitionDistance").std())


def doubled(rows: pl.DataFrame) -> pl.DataFrame:
    """A level twice as frequent: of rows of other levels, some are dropped."""
    rare = (rows["PromoInterval"] == RARE).fill_null(False)
    count = int(rare.sum())
    others = rows.filter(~rare).head(max(0, round(count / (2 * count / len(rows)) - count)))
    return pl.concat([rows.filter(rare), others])


def of_table(data: Path, resplits: int) -> None:
    """1,115 shops by six columns."""
    stores = Table.read(data / "rossmann" / "store.csv")
    print("\n| new part of 1,115 shops | called a drift | the planted column is named |\n|---|---|---|")
    for words, plant, column in (
        ("as it is", same, ""),
        ("CompetitionDistance + 0.5 sd", moved, "CompetitionDistance"),
        ("PromoInterval 'Mar,...' twice as often", doubled, "PromoInterval"),
    ):
        found = [_cut(stores, seed, plant) for seed in range(resplits)]
        named = f"{np.mean([column in one for one in found]):.0%}" if column else ""
        print(f"| {words} | {np.mean([bool(one) for one in found]):.0%} | {named} |", flush=True)


def _cut(table: Table, seed: int, plant: Callable[[pl.DataFrame], pl.DataFrame]) -> list[str]:
    """The columns called a drift when a table is cut in two and a change is planted in the second part."""
    order = np.random.default_rng(seed).permutation(len(table))
    old = table.take(np.sort(order[: round(TRAINING * len(table))]))
    new = Table.of(plant(table.take(order[len(old) :]).frame))
    schema = Schema(
        targets={"StoreType": Target(kind="class")}, inputs={name: Input(kind=kind) for name, kind in KINDS.items()}
    )
    features = fit_features(features_of(schema.inputs), old)
    head = HEADS["class"]("StoreType", schema.targets["StoreType"]).fit(old.column("StoreType"))
    network = Network(features, [head], {})
    taught = np.arange(len(old))
    artifact = Artifact(schema, network, Rows(taught, taught[:0], taught[:0], ""))
    examples = examples_of(network, old, cache=None, progress=Silent())
    artifact.reference = fit_reference(network, examples, old, taught, taught, seed=seed)
    return [one.name for one in drift(artifact, new, level=LEVEL, seed=seed).changed]


class Eyes:
    """A backbone and the column of files it looks at."""

    def __init__(self, kind: InputKind, name: str, backbone: str, table: Table, cache: VectorCache) -> None:
        feature = fit_features([suited(FEATURES[kind](name, Input(kind=kind, backbone=backbone)))], table)[0]
        assert isinstance(feature, MediaFeature)
        self.kind, self.feature, self.cache, self.backbone = kind, feature, cache, load(feature.backbone_)

    def see(self, table: Table) -> torch.Tensor:
        """Vectors (N,C) of all files that can be read."""
        found = extract(self.feature, self.feature.column(table), self.backbone, cache=self.cache)
        return found.values[torch.from_numpy(found.readable)]

    def noise(self) -> torch.Tensor | None:
        """Vectors (S,C) of noise and chords, to ears."""
        if not isinstance(self.feature, SoundFeature):
            return None
        return self.backbone.vector(torch.from_numpy(noises(self.feature.samples, self.feature.resolution_)))


@torch.no_grad()
def of_files(eyes: Eyes, own: torch.Tensor, units: np.ndarray, folds: np.ndarray, others: dict[str, torch.Tensor]) -> None:
    """Each fold is held out in turn: how strange its files are called, and those of `others`."""
    plain, kept = eyes.noise(), REFERENCES[eyes.kind]
    held: list[torch.Tensor] = []
    strange: dict[str, list[torch.Tensor]] = {name: [] for name in others}
    aurocs: dict[str, list[float]] = {name: [] for name in others}
    for fold in np.unique(folds):
        inside, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        graft = GraftedEmbedder(eyes.backbone)
        graft.standardise(own[inside])
        one = kept().fit(
            graft.from_vector(own[inside]),
            torch.from_numpy(units[inside]),
            torch.arange(len(inside)),
            None if plain is None else graft.from_vector(plain),
        )
        usual = graft.from_vector(own[out])
        held.append(one.share(usual))
        for name, vectors in others.items():
            asked = graft.from_vector(vectors)
            strange[name].append(one.share(asked))
            scores = torch.cat([one.strangeness(usual), one.strangeness(asked)])
            truth = np.repeat([0, 1], [len(usual), len(asked)])
            aurocs[name].append(float(roc_auc_score(truth, scores)))
    print(f"\n| files | how many | familiarity of {LEVEL} or less | AUROC against held-out ones |\n|---|---|---|---|")
    print(f"| held out of the same | {len(own)} | {_flagged(held):.1%} | |")
    for name, vectors in others.items():
        ends = f"{np.mean(aurocs[name]):.4f} ({min(aurocs[name]):.4f} to {max(aurocs[name]):.4f})"
        print(f"| {name} | {len(vectors)} | {_flagged(strange[name]):.1%} | {ends} |", flush=True)


def _flagged(shares: list[torch.Tensor]) -> float:
    return float((torch.cat(shares) <= LEVEL).double().mean())


@torch.no_grad()
def of_cuts(
    eyes: Eyes, own: torch.Tensor, units: np.ndarray, resplits: int, changed: dict[str, torch.Tensor], sizes: tuple[int, ...]
) -> None:
    """Cuts of the same files, then with the new part taken from `changed`, in all or in so many units."""
    print("\n| new part | units | called a drift | mean AUC of the classifier |\n|---|---|---|---|")
    graft = GraftedEmbedder(eyes.backbone)
    graft.standardise(own)
    cells = {"as it is": own} | changed
    seen = {name: REFERENCES[eyes.kind]().small(graft.from_vector(one)) for name, one in cells.items()}
    whole = len(np.unique(units))
    for name, new in seen.items():
        for size in (whole - round(TRAINING * whole), *sizes):
            found = [_cut_files(seen["as it is"], new, units, size, seed) for seed in range(resplits)]
            called = np.mean([p <= LEVEL for p, _ in found])
            print(f"| {name} | {size} | {called:.0%} | {np.mean([area for _, area in found]):.3f} |", flush=True)


def _cut_files(own: torch.Tensor, new: torch.Tensor, units: np.ndarray, size: int, seed: int) -> tuple[float, float]:
    random = np.random.default_rng([seed, 3])
    names = random.permutation(np.unique(units))
    old = np.isin(units, names[: round(TRAINING * len(names))])
    if len(new) == len(own):
        drawn = np.isin(units, names[round(TRAINING * len(names)) :][:size])
        own_units = units[drawn]
    else:  # of another source: its files stand alone
        drawn = random.permutation(len(new))[:size]
        own_units = np.arange(len(drawn))
    shuffles = Shuffles.of(units[old], own_units, most=999, seed=seed)
    found = files_change(Sides(own[torch.from_numpy(old)], new[torch.from_numpy(drawn)], shuffles))
    assert found.p is not None
    return found.p, found.figures["auc"]


def of_photos(data: Path, scratch: Path, resplits: int, cache: VectorCache) -> None:
    """Ants and bees against whales and faces, and against themselves, darkened."""
    insects = Table.read(data / "ants_bees")
    name = insects.columns[0]
    eyes = Eyes("image", name, "auto", insects, cache)
    own = eyes.see(insects)
    random = np.random.default_rng(0)
    others = {}
    for words, place in (("right whales", "right_whales/photos.csv"), ("faces", "faces/faces.csv")):
        table = Table.read(data / place)
        table = table.take(np.sort(random.choice(len(table), 150, replace=False)))
        others[words] = eyes.see(Table.of(table.frame.select(pl.col("photo").alias(name)), folder=table.folder))
    print(f"\n### {len(own)} photos of ants and bees, {eyes.feature.backbone_}, five folds")
    units = np.arange(len(own))
    of_files(eyes, own, units, random.permutation(len(own)) % 5, others)
    column, paths = insects.column(name), []
    for row in range(len(insects)):
        pixels = read_pixels(column.cell(row), column.folder, shortest=256)
        Image.fromarray((pixels * 0.6).astype(np.uint8)).save(scratch / f"dark{row}.jpg", quality=95)
        paths.append(f"dark{row}.jpg")
    dark = eyes.see(Table.of({name: paths}, folder=scratch))
    of_cuts(eyes, own, units, resplits, {"darkened to 60 %": dark, **others}, (10,))


def of_sounds(data: Path, scratch: Path, resplits: int, cache: VectorCache, backbone: str) -> None:
    """Ten sounds against what is none of them."""
    clips = Table.read(data / "esc10" / "clips.csv")
    eyes = Eyes("sound", "clip", backbone, clips, cache)
    own = eyes.see(clips)
    generator = np.random.default_rng(0)
    made = {
        "soundscape": soundscape(data / "soundscape")[::4],
        "noise": noise(generator),
        "silence": silence(generator),
        "music": music(generator, 16),
    }
    others = {name: eyes.see(table_of(sounds, scratch, name)) for name, sounds in made.items()}
    print(f"\n### {len(own)} clips of ten sounds, {eyes.feature.backbone_}, four folds")
    units = codes_of(clips.column("source").values)
    of_files(eyes, own, units, clips.frame["fold"].to_numpy(), others)
    of_cuts(eyes, own, units, resplits, {"soundscape": others["soundscape"]}, (10,))


def main() -> None:
    """All parts, or some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--resplits", type=int, default=100)
    parser.add_argument("--sounds", nargs="*", default=["auto"], metavar="BACKBONE")
    parser.add_argument("--only", nargs="+", choices=["table", "photos", "sounds"], default=["table", "photos", "sounds"])
    chosen = parser.parse_args()
    print(machine(), flush=True)
    cache = VectorCache()
    with tempfile.TemporaryDirectory() as scratch:
        if "table" in chosen.only:
            of_table(chosen.data, chosen.resplits)
        if "photos" in chosen.only:
            of_photos(chosen.data, Path(scratch), chosen.resplits, cache)
        if "sounds" in chosen.only:
            for backbone in chosen.sounds:
                of_sounds(chosen.data, Path(scratch), chosen.resplits, cache, backbone)


if __name__ == "__main__":
    main()

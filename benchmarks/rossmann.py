"""Sales of 1,115 shops: the table of the entity-embedding paper, with the columns it lacked.

Guo & Berkhahn 2016 (arXiv 1604.06737): nearest neighbours, a forest, boosted trees and a network, each on raw categories
and on learned embeddings; the figure is the mean absolute share by which test sales are missed. Added: trees that get the
categories as categories or target-encoded, embeddings of `EntityEmbedding`, and Injerto.

    python benchmarks/rossmann.py --seeds 3
    python benchmarks/rossmann.py --only injerto-known --splits time --rows 0

Answers are kept in --work; what is there already is not made again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl
from machine import machine, spread
from rossmann_data import AUTHORS, DATA, Sample, SplitName, mape, sales, sample_of
from rossmann_net import NETS, PaperNets
from rossmann_ours import (
    AUTHORS_COLUMNS,
    CROSSED,
    KNOWN_COLUMNS,
    LEARNED_COLUMNS,
    answers_with_past,
    entity_embedding,
    injerto_answers,
)
from rossmann_past import with_past
from rossmann_rivals import Matrices, boosting, forest, integer_codes, neighbours, side_by_side, target_encoded

PAPER_ROWS = 200_000
SPLITS: list[SplitName] = ["time", "random"]


@dataclass
class Bench:
    """One sample of rows, and the folder in which what was made of it is kept."""

    sample: Sample
    folder: Path

    def kept(self, name: str, make: Callable[[Sample], tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
        """What `make` gives of the sample, made once."""
        place, facts = self.folder / f"{name}.npz", self.folder / f"{name}.json"
        if not facts.exists():
            started = time.perf_counter()
            made = make(self.sample)
            seconds = time.perf_counter() - started
            self.folder.mkdir(parents=True, exist_ok=True)
            np.savez(place, *made)
            facts.write_text(json.dumps({"seconds": seconds}), encoding="utf-8")
        with np.load(place) as stored:
            return tuple(stored[key] for key in stored.files)

    def seconds(self, name: str) -> float:
        """What it took to make."""
        return float(json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))["seconds"])

    def inputs(self, name: str) -> Matrices:
        """The matrices called `name` in `INPUTS`. Learned ones are kept, for several models read them."""
        if name == "paper":
            _, train, test = self.kept("net-embeddings", embedded_nets)
            return train, test
        if name == "ours":
            train, test = self.kept("entity-embedding", entity_embedding)
            return train, test
        return INPUTS[name](self.sample)

    def answers(self, method: str) -> np.ndarray:
        """What the method answers for the test rows, in euros (n,)."""
        if method in ALONE:
            return self.kept(method, ALONE[method])[0]
        model, inputs = method.split("-")
        if method == "knn-target":
            inputs = "target-alone"  # a distance cannot weigh codes beside logs
        return self.kept(method, lambda sample: (MODELS[model][1](sample, self.inputs(inputs)),))[0]


def embedded_nets(sample: Sample) -> tuple[np.ndarray, ...]:
    """Answers of the authors' nets, and the first one's embeddings of the training and the test rows."""
    nets = PaperNets(sample, embedded=True, nets=NETS)
    return nets.answers(sample.test), nets.vectors(sample.train), nets.vectors(sample.test)


def one_hot_nets(sample: Sample) -> tuple[np.ndarray, ...]:
    """Answers of the authors' nets without embeddings."""
    return (PaperNets(sample, embedded=False, nets=NETS).answers(sample.test),)


def with_targets(sample: Sample) -> Matrices:
    """Target encodings, and the codes beside them for what is a scale: years, months, days."""
    return side_by_side(target_encoded(sample), integer_codes(sample))


def boosting_with_past(sample: Sample) -> tuple[np.ndarray, ...]:
    """LightGBM on the columns of `injerto-past`."""
    told = with_past(sample)
    names = [name for name in LEARNED_COLUMNS if name not in CROSSED]
    categories = [name for name in names if LEARNED_COLUMNS[name] == "category"]
    rows = pl.concat([told.train, told.test], how="diagonal").with_columns(
        pl.col(categories).cast(pl.String).rank("dense").cast(pl.Float64) - 1
    )
    matrix = rows.select(pl.col(names).cast(pl.Float64)).to_numpy()
    matrices = matrix[: len(told.train)], matrix[len(told.train) :]
    return (boosting(told, matrices, native=[names.index(name) for name in categories]),)


INPUTS: dict[str, Callable[[Sample], Matrices]] = {
    "codes": integer_codes,
    "target-alone": target_encoded,
    "target": with_targets,
}
MODELS: dict[str, tuple[str, Callable[[Sample, Matrices], np.ndarray]]] = {
    "knn": ("nearest neighbours", neighbours),
    "forest": ("random forest", forest),
    "boosting": ("boosted trees", boosting),
}
ALONE: dict[str, Callable[[Sample], tuple[np.ndarray, ...]]] = {
    "boosting-native": lambda sample: (boosting(sample, integer_codes(sample), native=range(len(AUTHORS))),),
    "net-onehot": one_hot_nets,
    "net-embeddings": embedded_nets,
    "injerto-authors": lambda sample: (injerto_answers(sample, AUTHORS_COLUMNS),),
    "injerto-known": lambda sample: (injerto_answers(sample, KNOWN_COLUMNS),),
    "injerto-past": lambda sample: (answers_with_past(sample),),
    "boosting-past": boosting_with_past,
}
TITLES = {
    "codes": "integer codes, as in the paper",
    "target": "target encodings and codes",
    "paper": "embeddings of the authors' net",
    "ours": "`EntityEmbedding`",
    "boosting-native": "boosted trees | native categories",
    "net-onehot": "authors' net | one-hot, as in the paper",
    "net-embeddings": "authors' net | embeddings",
    "injerto-authors": "Injerto | the authors' columns",
    "injerto-known": "Injerto | all that is known in advance",
    "injerto-past": "Injerto, mean of 3 | the same, and what earlier sales tell",
    "boosting-past": "boosted trees | the same, and what earlier sales tell",
}
METHODS = [*(f"{model}-{inputs}" for model in MODELS for inputs in ("codes", "target", "paper", "ours")), *ALONE]
PUBLISHED: dict[str, dict[SplitName, float]] = {
    "knn-codes": {"time": 0.290},
    "knn-paper": {"time": 0.116},
    "forest-codes": {"time": 0.158},
    "forest-paper": {"time": 0.108},
    "boosting-codes": {"time": 0.152},
    "boosting-paper": {"time": 0.115},
    "net-onehot": {"time": 0.101, "random": 0.070},
    "net-embeddings": {"time": 0.093, "random": 0.070},
}
"""What the paper reports."""


def title(method: str) -> str:
    """Model and inputs, as two cells of the table."""
    if method in ALONE:
        return TITLES[method]
    model, inputs = method.split("-")
    return f"{MODELS[model][0]} | {TITLES[inputs]}"


def line(method: str, benches: Sequence[Bench]) -> str:
    """One row of the table; answers that are missing are made."""
    found = [mape(bench.sample, bench.answers(method)) for bench in benches]
    seconds = median(bench.seconds(method) for bench in benches)
    split = benches[0].sample.split
    paper = PUBLISHED.get(method, {}).get(split)
    return f"| {title(method)} | {split} | {f'{paper:.3f}' if paper else ''} | {spread(found)} | {seconds:.0f} |"


def main() -> None:
    """Make what is missing and print the table, a line as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=METHODS, default=METHODS, metavar="METHOD", help=", ".join(METHODS))
    parser.add_argument("--splits", nargs="+", choices=SPLITS, default=SPLITS)
    parser.add_argument("--rows", type=int, default=PAPER_ROWS, help="drawn from the training rows; 0 for all")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "injerto_rossmann", help="keeps answers")
    chosen = parser.parse_args()
    table = sales(chosen.data)
    drawn = f"{chosen.rows:,}" if chosen.rows else "all"
    print(f"{machine()}\n\n{len(table):,} rows with sales, {drawn} training rows, {chosen.seeds} seed(s).\n")
    print("| model | inputs | split | paper | MAPE, median (least to greatest) | seconds |\n|---|---|---|---|---|---|")
    for split in chosen.splits:
        samples = [sample_of(table, split, chosen.rows, seed) for seed in range(chosen.seeds)]
        benches = [Bench(one, chosen.work / f"{split}-{chosen.rows}-{one.seed}") for one in samples]
        for method in chosen.only:
            print(line(method, benches), flush=True)


if __name__ == "__main__":
    main()

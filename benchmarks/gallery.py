"""Galleries of made-up individuals: how long a query takes, with cells and looking at every photo, and how often they agree.

    python benchmarks/gallery.py [--photos 10000 100000 1000000] [--widths 256 512] [--usearch]

An individual is a random direction; a photo is that direction and noise, so that two photos of one individual have a cosine of
0.5 to 0.8 (drawn for each individual); ten photos each. Queries are further photos. `--usearch` stands that library's
index beside (pip install usearch), on single photos, as it knows no individuals; its recall is of the nearest photo.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl
import torch
from machine import machine
from torch import Tensor
from torch.nn.functional import normalize

from injerto.gallery import store
from injerto.gallery.asked import Asked
from injerto.gallery.gallery import Gallery

EACH = 10
QUERIES = 500
EXACT_QUERIES = 64
PLACES = 10


def photos_of(centres: Tensor, cosines: Tensor, codes: Tensor, generator: torch.Generator) -> Tensor:
    """Unit rows around the centres of `codes`, so that two photos of one individual have its cosine between them."""
    width = centres.shape[1]
    found = torch.empty(len(codes), width)
    for part in torch.arange(len(codes)).split(65_536):
        noise = (1 / cosines[codes[part]] - 1).sqrt() / width**0.5
        found[part] = normalize(
            centres[codes[part]] + torch.randn(len(part), width, generator=generator) * noise[:, None], dim=1
        )
    return found


def made(count: int, width: int) -> tuple[pl.DataFrame, Tensor, Tensor, Tensor]:
    """Photos with their vectors; queries with the individual of each."""
    generator = torch.Generator().manual_seed(0)
    individuals = count // EACH
    centres = normalize(torch.randn(individuals, width, generator=generator), dim=1)
    cosines = 0.5 + 0.3 * torch.rand(individuals, generator=generator)
    codes = torch.randperm(individuals * EACH, generator=generator) % individuals
    vectors = photos_of(centres, cosines, codes, generator)
    asked = torch.randint(individuals, (QUERIES,), generator=generator)
    names = pl.Series("individual", codes.numpy()).cast(pl.String).str.zfill(7)
    rows = pl.Series("photo", np.arange(len(codes))).cast(pl.String)
    sightings = (pl.Series(codes.numpy()).cast(pl.String) + "/" + pl.Series(np.arange(len(codes)) % 3).cast(pl.String)).alias(
        "sighting"
    )
    frame = pl.DataFrame([names, rows, rows.str.zfill(64).alias("digest"), sightings])
    return frame, vectors, photos_of(centres, cosines, asked, generator), asked


def timed(work: Callable[[], object]) -> float:
    """Seconds of one piece of work."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spread(seconds: list[float]) -> str:
    """Milliseconds: median (least to greatest)."""
    values = [1e3 * value for value in seconds]
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def stored(frame: pl.DataFrame, vectors: Tensor, folder: Path) -> tuple[float, float]:
    """Seconds to build a gallery and to write it."""
    started = time.perf_counter()
    gallery = Gallery.empty(vectors.shape[1]).added(frame, vectors).gallery
    return time.perf_counter() - started, timed(lambda: store.write(gallery, folder))


def measured(count: int, width: int, folder: Path) -> str:
    """A line of the table."""
    frame, vectors, queries, truth = made(count, width)
    built, written = stored(frame, vectors, folder)
    megabytes = sum((folder / name).stat().st_size for name in store.FILES) / 1e6
    del frame, vectors
    started = time.perf_counter()
    again = store.read(folder)
    assert again is not None
    read = time.perf_counter() - started
    one = Asked(["0/0"], [None], [None])
    first = timed(lambda: again.search(queries[:1], one, PLACES))
    exact_taken = [timed(lambda at=at: again.search(queries[at : at + 1], one, PLACES, exact=True)) for at in range(15)]
    nothing = Asked.nothing(EXACT_QUERIES)
    together = timed(lambda: again.search(queries[:EXACT_QUERIES], nothing, PLACES, exact=True)) / EXACT_QUERIES
    taken, agreed, right = list[float](), list[bool](), list[bool]()
    exact = torch.cat(
        [again.search(part, Asked.nothing(len(part)), PLACES, exact=True).codes[:, 0] for part in queries.split(EXACT_QUERIES)]
    )
    busy = time.process_time()
    for at in range(QUERIES):
        begun = time.perf_counter()
        found = again.search(queries[at : at + 1], one, PLACES).codes[0, 0]
        taken.append(time.perf_counter() - begun)
        agreed.append(bool(found == exact[at]))
        right.append(again.individuals[int(found)] == f"{int(truth[at]):07d}")
    busy = (time.process_time() - busy) / QUERIES
    cells = "-" if again.cells is None else f"{len(again.cells.centres):,}"
    line = [
        f"{count:,}",
        str(width),
        cells,
        f"{built:.1f}",
        f"{megabytes:,.0f}",
        f"{written:.1f}",
        f"{read:.1f}",
        f"{first:.1f}",
    ]
    line += [spread(taken), f"{1e3 * busy:.1f}", spread(exact_taken), f"{1e3 * together:.1f}"]
    return f"| {' | '.join([*line, f'{np.mean(agreed):.4f}', f'{np.mean(right):.4f}'])} |"


def usearch_measured(count: int, width: int) -> str:
    """The same vectors in usearch's graph, half precision, its own defaults."""
    _, vectors, queries, _ = made(count, width)
    index = import_module("usearch.index").Index(ndim=width, metric="ip", dtype="f16")
    rows, asked = vectors.numpy(), queries.numpy()
    threads = torch.get_num_threads()
    built = timed(lambda: index.add(np.arange(len(rows)), rows, threads=threads))
    taken, found = list[float](), list[int]()
    for query in asked:
        begun = time.perf_counter()
        found.append(int(index.search(query, PLACES).keys[0]))
        taken.append(time.perf_counter() - begun)
    exact = torch.cat([(part @ vectors.T).argmax(dim=1) for part in queries.split(EXACT_QUERIES)]).numpy()
    return f"| {count:,} | {width} | {built:.1f} | {spread(taken)} | {np.mean(exact == np.array(found)):.4f} |"


def main() -> None:
    """Read the arguments, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--widths", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--usearch", action="store_true", help="also measure usearch, where it is installed")
    given = parser.parse_args()
    print(f"{machine()}, {torch.get_num_threads()} threads\n")
    print(
        "Seconds to build, write, read and for the first query; ms of a query: one by one with cells, the processor's share of"
    )
    print(f"that, one by one looking at every photo, and {EXACT_QUERIES} at once looking at every photo; how often the best")
    print("individual is exact search's, and how often it is right.\n")
    print(
        "| photos | width | cells | build | MB | write | read | first | query | busy | exact | exact, many | recall@1 | right |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    sizes = [(count, width) for count in given.photos for width in given.widths]
    for count, width in sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measured(count, width, Path(folder)), flush=True)
    print(f"\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.1f} GB at most.")
    if given.usearch:
        print("\n| photos | width | usearch: build | query | recall@1 of the photo |\n|---|---|---|---|---|")
        for count, width in sizes:
            print(usearch_measured(count, width), flush=True)


if __name__ == "__main__":
    main()

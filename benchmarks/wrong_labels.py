"""Tables with columns, 5 % of whose labels are made wrong on purpose: where do these rows stand in the list of suspects?

Rows are ranked by the plain models that judge them when a model with table columns is trained (`injerto/rivals/unseen.py`),
which learn from labels that are as wrong. The column "taught right" is what bounds it: the same judges, taught by right
labels, look at the wrong ones. Classes are made wrong at random or to the class most like it; numbers become another row's,
or ten times or a tenth as large; of several labels one is taken off or put on.

    python benchmarks/wrong_labels.py --sets wine diabetes
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np
import polars as pl
from flights_data import flights
from machine import machine
from rossmann_data import AUTHORS, sales
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from solar_cells import cells
from wrong_classes import FIRST, SHARE, flipped, taken_for

from injerto.backbones.cache import VectorCache
from injerto.backbones.suited import backbone_names, suited
from injerto.backbones.weights import load
from injerto.evidence.wrong_labels import DOUBTS
from injerto.examples import examples_of
from injerto.features.declared import features_of
from injerto.features.fitted import fit_features
from injerto.heads import HEADS
from injerto.heads.vector_head import VectorHead
from injerto.learning.division import divide
from injerto.learning.wrong_among import margins_among
from injerto.learning.wrong_classes import margins
from injerto.learning.wrong_numbers import times_off
from injerto.network import Network
from injerto.progress import Silent
from injerto.rivals.unseen import Unseen, unseen
from injerto.schema.wishes import Wishes, declare
from injerto.table.table import Table

FLIGHTS, SHOPS = 20_000, 25
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Set:
    """A table and what is told of its rows."""

    table: Table
    target: str
    kind: str


@dataclass(frozen=True)
class Judged:
    """What was told of rows, the head that was asked and its labels (n,...), and how long it took."""

    unseen: Unseen
    head: VectorHead
    labels: np.ndarray
    seconds: float


def bundled(of: Callable[..., tuple[np.ndarray, np.ndarray]], kind: str) -> Callable[[Path], Set]:
    """A table that comes with scikit-learn."""

    def made(data: Path) -> Set:
        values, labels = of(return_X_y=True)
        frame = pl.DataFrame({f"x{column}": values[:, column] for column in range(values.shape[1])})
        told = [f"c{label}" for label in labels] if kind == "class" else labels
        return Set(Table.of(frame.with_columns(label=pl.Series(told))), "label", kind)

    return made


def digits_labels(data: Path) -> Set:
    """The digits with three labels that follow from which they are, made for this: even, small, round."""
    values, digits = load_digits(return_X_y=True)
    kinds = {"even": {0, 2, 4, 6, 8}, "small": {0, 1, 2, 3, 4}, "round": {0, 6, 8, 9}}
    labels = [";".join(name for name, of in kinds.items() if digit in of) or ";" for digit in digits]
    frame = pl.DataFrame({f"x{column}": values[:, column] for column in range(values.shape[1])})
    return Set(Table.of(frame.with_columns(label=pl.Series(labels))), "label", "classes")


def some_flights(data: Path) -> Set:
    """A draw of flights: late or on time."""
    return Set(Table.of(flights().sample(FLIGHTS, seed=0)), "late", "class")


def shops(data: Path) -> Set:
    """All days of some shops, and what they sold."""
    days = sales(data / "rossmann")
    chosen = days["Store"].unique().sort().sample(SHOPS, seed=0)
    days = days.filter(pl.col("Store").is_in(chosen.implode()))
    return Set(
        Table.of(days.select("Sales", *AUTHORS).with_columns(pl.col("Store", "State").cast(pl.String))), "Sales", "number"
    )


SETS: dict[str, Callable[[Path], Set]] = {
    "wine": bundled(load_wine, "class"),
    "breast_cancer": bundled(load_breast_cancer, "class"),
    "digits": bundled(load_digits, "class"),
    "digits_labels": digits_labels,
    "solar_cells": lambda data: Set(cells(), "defect", "class"),
    "flights": some_flights,
    "diabetes": bundled(lambda return_X_y: load_diabetes(return_X_y=True, scaled=False), "number"),
    "shops": shops,
}


def judged(of: Set) -> Judged:
    """Rows of the table as `injerto train` has them judged."""
    wishes = Wishes((f"{of.target}:{of.kind}",), no_group=True, inputs=("cell:image", "module:category", "brightness:number"))
    schema = declare(of.table, wishes if "cell" in of.table.columns else replace(wishes, inputs=()))
    division = divide(of.table, schema, Silent())
    train = of.table.take(division.rows.train)
    features = fit_features([suited(feature) for feature in features_of(schema.inputs)], train)
    head = HEADS[of.kind](of.target, schema.targets[of.target]).fit(train.column(of.target))
    network = Network(features, [head], {name: load(name) for name in backbone_names(features)})
    with VectorCache() as cache:
        examples = examples_of(network, of.table, cache=cache, progress=Silent())
    examples.labels = {of.target: head.encode(head.column(of.table))}
    started = time.perf_counter()
    found = unseen(network, examples, of.target, np.arange(len(of.table)), division.unit, 0)
    assert isinstance(found, Unseen)
    return Judged(found, head, labels_of(head, of.table)[found.rows], time.perf_counter() - started)


def labels_of(head: VectorHead, table: Table) -> np.ndarray:
    """As doubts take them."""
    column = head.column(table)
    return (head.truth(column) if head.kind == "number" else head.encode(column)).value.numpy()


def suspicion(kind: str, labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """How suspicious each row (n,) is, the least first."""
    if kind == "number":
        return times_off(labels, answers)[0]
    return -(margins(answers, labels) if kind == "class" else margins_among(answers, labels > 0).min(axis=1))


def another(labels: list[float], right: Judged, random: np.random.Generator) -> tuple[list[float], np.ndarray]:
    """Some numbers become another row's."""
    rows = random.choice(len(labels), round(SHARE * len(labels)), replace=False)
    made = np.array(labels, dtype=np.float64)
    made[rows] = np.array(labels)[random.integers(len(labels), size=len(rows))]
    return made.tolist(), np.isin(np.arange(len(labels)), rows)


def point_moved(labels: list[float], right: Judged, random: np.random.Generator) -> tuple[list[float], np.ndarray]:
    """Some numbers become ten times or a tenth as large."""
    rows = random.choice(len(labels), round(SHARE * len(labels)), replace=False)
    made = np.array(labels, dtype=np.float64)
    made[rows] *= np.where(random.random(len(rows)) < 0.5, 10.0, 0.1)
    return made.tolist(), np.isin(np.arange(len(labels)), rows)


def one_changed(labels: list[str], right: Judged, random: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Some rows lose or get one label."""
    rows = random.choice(len(labels), round(SHARE * len(labels)), replace=False)
    made = list(labels)
    for row in rows.tolist():
        given = {one for one in labels[row].split(";") if one} ^ {right.head.choices[random.integers(len(right.head.choices))]}
        made[row] = ";".join(sorted(given)) or ";"
    return made, np.isin(np.arange(len(labels)), rows)


def at_random(labels: list[str], right: Judged, random: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Some rows get any other class."""
    return flipped(labels, None, random)


def confusable(labels: list[str], right: Judged, random: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Some rows get the class that is most like theirs to the judges."""
    return flipped(labels, taken_for(right.unseen.answers, right.labels, right.head.choices), random)


def ways(of: Set, right: Judged) -> dict[str, Callable[..., tuple[list[object], np.ndarray]]]:
    """How labels of this kind go wrong."""
    if of.kind == "number":
        return {"another row's": another, "point moved": point_moved}
    if of.kind == "classes":
        return {"one label on or off": one_changed}
    return {"at random": at_random} | ({"confusable": confusable} if len(right.head.choices) > 2 else {})


def goodness(of: Set, right: Judged) -> str:
    """What the judges make of right labels."""
    if of.kind == "number":
        error, plain = (np.abs(right.labels - told) for told in (right.unseen.answers, np.median(right.labels)))
        return f"median error {np.median(error):.3g} (of the median: {np.median(plain):.3g})"
    if of.kind == "class":
        return f"accuracy {(right.unseen.answers.argmax(axis=1) == right.labels).mean():.3f}"
    return f"accuracy a label {((right.unseen.answers > 0.5) == (right.labels > 0)).mean():.3f}"


def main() -> None:
    """Make labels wrong, rank, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    columns = (
        "rows",
        "made wrong",
        "judges, right labels",
        "found in the first tenth",
        "taught right",
        "precision",
        "recall",
        "s",
    )
    print(f"{machine()}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    for name in options.sets:
        of = SETS[name](options.data)
        right, column = judged(of), of.table.frame[of.target]
        for way, make in ways(of, right).items():
            found = []
            for seed in range(options.seeds):
                values = column.to_list() if of.kind == "number" else column.cast(pl.String).to_list()
                made, wrong = make(values, right, np.random.default_rng(seed))
                changed = replace(of.table, frame=of.table.frame.with_columns(pl.Series(of.target, made)))
                found.append(measured(replace(of, table=changed), wrong, right))
            first, bound, precision, recall, seconds = zip(*found, strict=True)
            print(
                f"| {name}, {len(of.table):,} | {way} | {goodness(of, right)} | {_span(first)} | {_span(bound)} | "
                f"{mean(precision):.2f} | {mean(recall):.2f} | {mean(seconds):.1f} |",
                flush=True,
            )


def measured(of: Set, wrong: np.ndarray, right: Judged) -> tuple[float, float, float, float, float]:
    """Share of the wrong labels in the first tenth; the same by judges taught by right labels; precision and recall of what
    is listed; seconds of judging."""
    told = judged(of)
    bad = wrong[told.unseen.rows]

    def found(answers: np.ndarray) -> float:
        order = np.argsort(-suspicion(of.kind, told.labels, answers), kind="stable")
        return float(bad[order[: round(FIRST * len(order))]].sum() / bad.sum())

    listed = [one.place for one in DOUBTS[of.kind](told.head, told.labels, told.unseen.answers)]
    precision = float(bad[listed].mean()) if listed else 0.0
    assert np.array_equal(told.unseen.rows, right.unseen.rows)
    return found(told.unseen.answers), found(right.unseen.answers), precision, bad[listed].sum() / bad.sum(), told.seconds


def _span(values: tuple[float, ...]) -> str:
    return f"{mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()

"""Injerto on the sales table: its embeddings for other models, and the model itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from rossmann_data import AUTHORS, Sample
from rossmann_past import PAST_COLUMNS, with_past
from rossmann_rivals import Matrices, euros, logs

import injerto
from injerto.schema.schema import Input, InputKind, Schema, Split, Target, Training
from injerto.sklearn import EntityEmbedding

TARGET = "log_sales"
BATCH_ROWS = 512
RATE = 5e-3
TUNE_SHARE = 0.02
ROWS_SEEN = 1_600_000
"""Rows a run sees, at least four times each and at most eight times."""
CROSSED = {
    "StoreYear": ("Store", "Year"),
    "StoreMonth": ("Store", "Month"),
    "StoreWeekday": ("Store", "DayOfWeek"),
    "StorePromo": ("Store", "Promo"),
}
"""Categories made of two: a shop's own level each year, its own seasons, week and answer to promotions."""
NUMBERS = ["CompetitionDistance", "CompetitionMonths"]
AROUND = [
    f"{event}{side}" for event in ("Holiday", "School", "NoSchool", "Shut", "Promo", "NoPromo") for side in ("Behind", "Ahead")
]
CATEGORIES = ["SchoolHoliday", "StateHoliday", "StoreType", "Assortment", "Promo2Runs", "Promo2Starts"]
AUTHORS_COLUMNS: dict[str, InputKind] = dict.fromkeys([*AUTHORS, *CROSSED], "category")
"""The paper's columns, and pairs of them."""
KNOWN_COLUMNS: dict[str, InputKind] = (
    AUTHORS_COLUMNS | dict.fromkeys(CATEGORIES, "category") | dict.fromkeys([*NUMBERS, *AROUND], "number")
)
"""All that is known in advance."""
LEARNED_COLUMNS: dict[str, InputKind] = KNOWN_COLUMNS | dict.fromkeys(PAST_COLUMNS, "number")
"""The same, and what earlier sales tell."""
NETS = 3
"""Models whose answers in logs are averaged where the shop's past is used."""


def entity_embedding(sample: Sample) -> Matrices:
    """The authors' columns as the rows that `EntityEmbedding` learns from the training rows (N,56)."""
    embedding = EntityEmbedding(target="number", random_state=sample.seed).fit(sample.train.select(AUTHORS), logs(sample))
    return embedding.transform(sample.train.select(AUTHORS)), embedding.transform(sample.test.select(AUTHORS))


def injerto_answers(sample: Sample, columns: Mapping[str, InputKind], seed: int | None = None) -> np.ndarray:
    """Sales in euros (n,) of the test rows.

    NOTE differs from the defaults: the absolute error is learned, as the authors do; and a fiftieth of the training rows,
    drawn from all dates, says when to stop, before all teach. The latest weeks would judge epochs by the season.
    """
    epochs = max(4, min(8, ROWS_SEEN // len(sample.train)))
    schema = Schema(
        inputs={name: Input(kind=kind) for name, kind in columns.items()},
        targets={TARGET: Target(kind="number", loss="absolute")},
        split=Split(test_share=0.0, tune_share=TUNE_SHARE),
        training=Training(seed=sample.seed if seed is None else seed, batch_rows=BATCH_ROWS, epochs=epochs, learning_rate=RATE),
    )
    train = crossed(sample.train).with_columns(pl.Series(TARGET, logs(sample))).select(TARGET, *columns)
    model = injerto.train(train, schema=schema)
    return euros(model.predict(crossed(sample.test).select(*columns)).answers[TARGET].to_numpy())


def answers_with_past(sample: Sample) -> np.ndarray:
    """Geometric mean (n,) of what several models answer that also see what earlier sales tell."""
    told = with_past(sample)
    each = [injerto_answers(told, LEARNED_COLUMNS, sample.seed + 100 * net) for net in range(NETS)]
    mean: np.ndarray = np.exp(np.mean(np.log(each), axis=0))
    return mean


def crossed(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with the pairs."""
    return table.with_columns(
        **{name: pl.concat_str([pl.col(one).cast(pl.String) for one in pair], separator=" ") for name, pair in CROSSED.items()}
    )

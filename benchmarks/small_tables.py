"""Tables of 120 and 300 rows: does the network learn what a logistic regression learns?

Made-up tables with one category of five levels and three numbers; the class follows from the category, from the numbers,
or from both, and one label in twenty is flipped. Both are judged on 2,000 fresh rows.

    python benchmarks/small_tables.py
"""

from __future__ import annotations

import numpy as np
import polars as pl
from machine import machine, spread
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss

import injerto

FRESH = 2_000
SEEDS = 3
KINDS = ("category", "numbers", "both")


def made(rows: int, kind: str, seed: int) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """The table, the same as a matrix with the category one-hot, and the true classes (N,) bool."""
    generator = np.random.default_rng(seed)
    site, numbers = generator.integers(0, 5, rows), generator.normal(size=(rows, 3))
    score = {
        "category": np.where(site % 2 == 0, 1.0, -1.0),
        "numbers": numbers[:, 0] + 0.7 * numbers[:, 1],
        "both": numbers[:, 0] + np.where(site % 2 == 0, -0.75, 0.75),
    }[kind]
    true = (score > 0) ^ (generator.random(rows) < 0.05)
    table = pl.DataFrame(
        {"site": [f"s{number}" for number in site], "a": numbers[:, 0], "b": numbers[:, 1], "c": numbers[:, 2]}
    )
    return table.with_columns(y=pl.Series(np.where(true, "yes", "no"))), np.hstack([np.eye(5)[site], numbers]), true


def main() -> None:
    """Print accuracy and log loss of both, over kinds and seeds."""
    print(f"{machine()}\n\n| rows | model | accuracy | log loss |\n|---|---|---|---|")
    for rows in (120, 300):
        found: dict[str, list[tuple[float, float]]] = {"Injerto": [], "logistic regression": []}
        for kind in KINDS:
            fresh, fresh_matrix, true = made(FRESH, kind, 1000)
            for seed in range(SEEDS):
                table, matrix, known = made(rows, kind, seed)
                ours = injerto.train(table, "y", seed=seed).predict(fresh.drop("y")).answers["y_probability_yes"].to_numpy()
                rival = LogisticRegression(max_iter=1000).fit(matrix, known).predict_proba(fresh_matrix)[:, 1]
                for name, answer in (("Injerto", ours), ("logistic regression", rival)):
                    found[name].append((accuracy_score(true, answer > 0.5), log_loss(true, answer)))
        for name, figures in found.items():
            accuracy, loss = (spread(list(one)) for one in zip(*figures, strict=True))
            print(f"| {rows} | {name} | {accuracy} | {loss} |", flush=True)


if __name__ == "__main__":
    main()

"""Inputs that tell the answer: one column alone that predicts the target nearly without fault on rows held out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from injerto.schema.copies import says_the_same
from injerto.schema.facts import Facts, known
from injerto.schema.schema import TargetKind
from injerto.table.table import Table

SUSPICIOUS = 0.99
"""Share of what a constant guess gets wrong that one column may put right before it is called a leak."""
SUSPICIOUS_CORRELATION = 0.999
_MOST_ROWS = 40_000
_FEWEST_ROWS = 40
_FEWEST_RARER_ROWS = 10
_SEED = 0

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def leaks(table: Table, inputs: Iterable[str], target: str, kind: TargetKind, facts: Mapping[str, Facts]) -> dict[str, str]:
    """Column -> how it tells the target, in words that go on from its name. A sample of the rows is looked at."""
    found = {}
    labelled = table.take(_sampled(known(table.frame[target])))
    for name in inputs:
        if facts[name].family in ("media", "other") or name == target:
            continue
        words = says_the_same(table, facts[name], facts[target]) or _predicts(labelled, name, target, kind, facts)
        if words:
            found[name] = words
    return found


def one_answer_each(table: Table, inputs: Iterable[str], target: str, facts: Mapping[str, Facts]) -> list[str]:
    """Inputs with many levels whose rows always share one class: they may name a recording or an animal, hence a group."""
    candidates = []
    for name in inputs:
        fact = facts[name]
        levels = fact.family == "text" or (fact.family == "number" and fact.whole)
        if levels and 2 * facts[target].distinct < fact.distinct < fact.known:
            candidates.append(name)
    sample = table.take(_sampled(known(table.frame[target]))) if candidates else table
    # What a sample of the rows contradicts need not be counted in all of them.
    return [name for name in candidates if all(_one_answer(rows, name, target) for rows in (sample, table))]


def _one_answer(table: Table, name: str, target: str) -> bool:
    pair = pl.DataFrame({"level": known(table.frame[name]), "answer": known(table.frame[target])}).drop_nulls()
    repeated = pair.filter(pl.col("level").is_duplicated())
    return len(repeated) >= _FEWEST_ROWS and pair.n_unique() == pair["level"].n_unique()


def _sampled(target: pl.Series) -> Codes:
    rows = target.is_not_null().arg_true().to_numpy().astype(np.int64)
    random = np.random.default_rng(_SEED)
    return rows if len(rows) <= _MOST_ROWS else random.choice(rows, _MOST_ROWS, replace=False)


def _predicts(table: Table, name: str, target: str, kind: TargetKind, facts: Mapping[str, Facts]) -> str:
    """Words when a lookup of the column's values, made on half of the rows, tells the target of the other half."""
    cells, labels = known(table.frame[name]), known(table.frame[target])
    filled = cells.is_not_null()
    cells, labels = cells.filter(filled), labels.filter(filled)
    if len(cells) < _FEWEST_ROWS:
        return ""
    ordered = facts[name].family in ("number", "date")
    values = (cells.to_physical() if ordered else cells.cast(pl.String).rank("dense")).cast(pl.Float64).to_numpy()
    if kind == "number":
        if facts[target].family != "number":
            return ""
        return _follows(values, labels.cast(pl.Float64).to_numpy(), ordered)
    return _tells(values, labels.rank("dense").cast(pl.Int64).to_numpy() - 1, ordered)


def _tells(values: Floats, codes: Codes, ordered: bool) -> str:
    """Words when the commonest class of the same (or nearest) value is nearly always right."""
    learn, judge = _halves(len(values))
    classes = int(codes.max()) + 1
    commonest = int(np.bincount(codes[learn]).argmax())
    levels, place = np.unique(values[learn], return_inverse=True)
    pairs, counts = np.unique(place * classes + codes[learn], return_counts=True)
    majority = np.full(len(levels), commonest)
    order = np.argsort(counts, kind="stable")  # of several writes to a level, the last and largest stays
    majority[pairs[order] // classes] = pairs[order] % classes
    at = _found(levels, values[judge], ordered)
    guess = np.where(at >= 0, majority[at], commonest)
    wrong, wrong_without = int((guess != codes[judge]).sum()), int((codes[judge] != commonest).sum())
    if wrong_without < _FEWEST_RARER_ROWS or wrong > (1 - SUSPICIOUS) * wrong_without:
        return ""
    return f"alone tells it in {1 - wrong / len(judge):.2%} of {len(judge):,} rows held out"


def _follows(values: Floats, truth: Floats, ordered: bool) -> str:
    """Words when the mean of the same (or nearest) value nearly equals the number."""
    finite = np.isfinite(truth)
    values, truth = values[finite], truth[finite]
    if len(values) < _FEWEST_ROWS:
        return ""
    learn, judge = _halves(len(values))
    levels, place = np.unique(values[learn], return_inverse=True)
    means = np.bincount(place, weights=truth[learn]) / np.bincount(place)
    at = _found(levels, values[judge], ordered)
    guess, right = means[at][at >= 0], truth[judge][at >= 0]
    if len(right) < _FEWEST_RARER_ROWS or np.ptp(right) == 0 or np.ptp(guess) == 0:
        return ""
    with np.errstate(all="ignore"):  # numbers too large to multiply give NaN
        correlation = float(np.corrcoef(guess, right)[0, 1])
    if not correlation > SUSPICIOUS_CORRELATION:
        return ""
    return f"alone tells it with a correlation of {correlation:.4f} on {len(right):,} rows held out"


def _halves(rows: int) -> tuple[Codes, Codes]:
    order = np.random.default_rng(_SEED).permutation(rows)
    return order[: rows // 2], order[rows // 2 :]


def _found(levels: Floats, values: Floats, ordered: bool) -> Codes:
    """Where each value stands among the sorted levels: the nearest if they have an order, else -1 for one never seen."""
    right = np.searchsorted(levels, values).clip(max=len(levels) - 1)
    if not ordered:
        return np.where(levels[right] == values, right, -1)
    left = (right - 1).clip(min=0)
    nearer = np.abs(values - levels[left]) <= np.abs(levels[right] - values)
    return np.where((levels[right] != values) & nearer, left, right)

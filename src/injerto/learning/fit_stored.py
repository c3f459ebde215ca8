"""Fit a network on rows that lie on disk: they teach, and rows in memory judge, calibrate and are kept."""

from __future__ import annotations

from injerto.learning.fit import Fit, Fitted
from injerto.learning.loop import learn
from injerto.learning.plan import stored_plan
from injerto.learning.source import MemorySource
from injerto.learning.stored_rows import StoredRows
from injerto.learning.stored_source import StoredSource
from injerto.table.table import Table

ROUNDS = 10
"""Into how many epochs a pass over the rows is cut at most: each is judged and kept, and no part is cut."""


def fit_stored(fit: Fit, stored: StoredRows, sample: Table) -> Fitted:
    """Train on `stored`, with the tune rows of the `sample` that `fit` holds as judges.

    Unlike in memory nothing is trained anew on the tune rows: they are one row in a thousand.
    """
    judges = MemorySource(fit.examples)
    rounds = min(ROUNDS, stored.parts)
    plan = stored_plan(fit.training, stored.rows, rounds, fit.seconds_left())
    source = StoredSource(stored, judges, rounds)
    history = learn(fit.network, source, fit.train, fit.tune, plan, fit.checkpoint(plan.name), fit.progress)
    history.notes["stored"] = {
        "rows": stored.rows,
        "unlabelled": stored.facts.get("unlabelled", 0),
        "epochs a pass": rounds,
    }
    fitted = Fitted([history], history.name)
    fit.calibrate(judges, fit.tune)
    fit.hold(fitted.chosen, "tune", sample)
    return fitted

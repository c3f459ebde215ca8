"""CatBoost with its defaults."""

from __future__ import annotations

import catboost
import numpy as np
from peers_door import Job, serve, with_date_parts

MOST_TREES, PATIENCE = 5000, 100


class StopInTime:
    """Ends the boosting when the job's time is used up."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def after_iteration(self, info: object) -> bool:
        """True to go on."""
        return not self.job.over()


def answer(job: Job) -> np.ndarray:
    """Boost until the tune rows stop gaining."""
    job = with_date_parts(job)
    for frame in (job.train, job.tune, job.test):
        frame[job.categories] = frame[job.categories].astype("object").fillna("missing")
    kind = catboost.CatBoostClassifier if job.kind == "class" else catboost.CatBoostRegressor
    model = kind(
        iterations=MOST_TREES,
        cat_features=job.categories,
        verbose=0,
        random_seed=job.seed,
        thread_count=job.threads,
        allow_writing_files=False,
    )
    model.fit(
        job.train[job.inputs],
        job.train[job.target],
        eval_set=(job.tune[job.inputs], job.tune[job.target]),
        early_stopping_rounds=PATIENCE,
        callbacks=[StopInTime(job)],
    )
    return model.predict_proba(job.test[job.inputs])[:, 1] if job.kind == "class" else model.predict(job.test[job.inputs])


if __name__ == "__main__":
    serve(answer, ["catboost"])
